"""The web application: `create_app()`."""

from datetime import timedelta
from hashlib import sha256

from flask import Flask, Response, g, render_template, request, send_from_directory

from ihome import features, probes, setup
from ihome.accounts import signin
from ihome.config import Config, config, load
from ihome.kit import bodies, browser, compress, http, openapi, pages
from ihome.kit.errors import AppError, PathNotFound
from ihome.storage import media
from ihome.storage.pictures import PICTURE
from ihome.storage.s3 import LED_FOR, Bucket


def create_app(settings: Config | None = None) -> Flask:
    """The site for this configuration, or for the environment's."""
    setup.start(settings or load())
    if config().broker_url:
        from ihome.worker import use_broker  # Celery takes 250 ms to import: only where there is a broker.

        use_broker(config().broker_url)
    app = Flask("ihome", static_folder="static", template_folder="templates")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.autoescape = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    browser.install(app, signin.language, media_origin=_media_origin())
    compress.install(app)
    apis = list(features.attributes(features.APIS, "api"))
    http.install(app, apis, error_page)
    pages.install(app)
    openapi.install(app, apis)
    shown = features.PAGES
    if config().uses_sandbox:
        shown += features.SANDBOX_PAGES
    if config().demo:
        shown += features.DEMO_PAGES
    for blueprint in features.attributes(shown, "pages"):
        app.register_blueprint(blueprint)
    _serve_offline(app)
    _serve_media(app)
    probes.install(app)
    bodies.install(app)
    return app


def error_page(error: AppError) -> Response:
    """An error off the API: a page with a way on."""
    status = error.status if error.status != 200 else {"4002": 404, "4101": 401, "4105": 403}.get(error.errno, 400)
    page = render_template(
        "error.html",
        error=error,
        status=status,
        again=request.full_path.rstrip("?") if request.method == "GET" else "/",
        request_id=g.get("request_id", ""),
    )
    return Response(page, status)


def _serve_offline(app: Flask) -> None:
    """A page that the browser keeps for when there is no connection, and the service worker that keeps it."""

    @app.get("/offline")
    def offline() -> str:
        return render_template("offline.html")

    @app.get("/sw.js")
    def service_worker() -> Response:
        version = sha256(offline().encode()).hexdigest()[:10]  # Another look or language is another page to keep.
        script = render_template("offline.js", version=version)
        return Response(script, mimetype="text/javascript", headers={"Cache-Control": "private, no-cache"})


def _media_origin() -> str:
    """From where else than the site browsers load pictures."""
    storage = media.storage()
    address = config().media_base_url or (storage.endpoint if isinstance(storage, Bucket) else "")
    return "/".join(address.split("/")[:3])


def _serve_media(app: Flask) -> None:
    """Pictures of the local folder, or the way to a private bucket, unless the public finds them elsewhere."""
    if config().media_base_url:
        return

    @app.get("/media/<path:key>")
    def serve_media(key: str) -> Response:
        storage = media.storage()
        if isinstance(storage, media.LocalFolder):
            answer = send_from_directory(storage.folder, key, max_age=365 * 24 * 3600)
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            return answer
        if not PICTURE.fullmatch(key):  # The bucket may hold more than pictures.
            raise PathNotFound
        answer = Response(status=302, headers={"Location": storage.url(key)})
        answer.headers["Cache-Control"] = f"public, max-age={LED_FOR // timedelta(seconds=1)}"
        return answer
