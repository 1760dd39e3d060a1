"""A browser for tests: keeps cookies, sends the CSRF token, reads envelopes."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

API = "/api/v1.0"


class Browser:
    """One person's browser at the API."""

    def __init__(self, app: Flask, user: Any = None, *, ip: str = "127.0.0.1") -> None:
        self.client = app.test_client()
        self.user = user
        self.ip = ip
        self.client.get(f"{API}/sessions", environ_base={"REMOTE_ADDR": ip})

    @property
    def csrf_token(self) -> str:
        cookie = self.client.get_cookie("csrf_token")
        return cookie.value if cookie else ""

    def request(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"X-CSRFToken": self.csrf_token} | options.pop("headers", {})
        address = path if path.startswith(("/api/", "/sandbox", "/media")) else API + path
        return self.client.open(
            address, method=method, headers=headers, environ_base={"REMOTE_ADDR": self.ip}, **options
        )

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.request("GET", path, query_string=query).get_json()

    def post(self, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
        return self._send("POST", path, body, options)

    def put(self, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
        return self._send("PUT", path, body, options)

    def delete(self, path: str) -> dict[str, Any]:
        return self.request("DELETE", path).get_json()

    def _send(self, method: str, path: str, body: Any, options: dict[str, Any]) -> dict[str, Any]:
        if body is not None:
            options["json"] = body
        return self.request(method, path, **options).get_json()
