"""A bare Flask application: what the server and the framework cost by themselves."""

from flask import Flask


def create_app() -> Flask:
    app = Flask("hello")

    @app.get("/")
    def hello() -> str:
        return "hello"

    return app
