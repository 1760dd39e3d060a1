"""The JSON edge: endpoints that describe themselves, the envelope, parsing, errors as answers."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
import structlog
from flask import Blueprint, Flask, Response, request
from pydantic import BaseModel
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoSuchPath
from werkzeug.routing import IntegerConverter

from ihome.kit import errors, metrics
from ihome.kit.db import MAX_ID
from ihome.kit.errors import AppError
from ihome.kit.forms import JsonNumber, check, read_integer
from ihome.kit.i18n import _l

log = structlog.get_logger()
F = TypeVar("F", bound=BaseModel)
View = Callable[..., Any]

API_PREFIX = "/api/v1.0"
MAX_BODY = 12 * 1024 * 1024  # Bytes of an upload with its envelope (contract: POST /houses/images).
MAX_JSON = 256 * 1024
OK_TEXT = _l("OK")


class IdConverter(IntegerConverter):
    """`<id:house_id>` in a path. A number that no row can have becomes 0, so the answer is the one for no such row."""

    regex = "[0-9]+"  # The library's own takes the digits of every script.

    def to_python(self, value: str) -> int:
        return int(value) if len(value) < 20 and int(value) <= MAX_ID else 0


@dataclass(frozen=True)
class Endpoint:
    """What an endpoint takes, gives and can answer: the source of the OpenAPI document."""

    method: str
    path: str
    view: View
    name: str
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    files: tuple[str, ...] = ()
    gives: Any = None
    raises: tuple[type[AppError], ...] = ()
    auth: bool = False
    form_encoded: bool = False
    media_type: str = "application/json"
    headers: tuple[str, ...] = ()
    tag: str = ""
    extension: bool = False


@dataclass
class Api:
    """A blueprint under /api/v1.0 whose endpoints are listed in `endpoints`."""

    name: str
    endpoints: list[Endpoint] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blueprint = Blueprint(f"api_{self.name}", f"ihome.{self.name}", url_prefix=API_PREFIX)

    def get(self, path: str, **about: Any) -> Callable[[View], View]:
        return self._route("GET", path, about)

    def post(self, path: str, **about: Any) -> Callable[[View], View]:
        return self._route("POST", path, about)

    def put(self, path: str, **about: Any) -> Callable[[View], View]:
        return self._route("PUT", path, about)

    def delete(self, path: str, **about: Any) -> Callable[[View], View]:
        return self._route("DELETE", path, about)

    def _route(self, method: str, path: str, about: dict[str, Any]) -> Callable[[View], View]:
        def register(view: View) -> View:
            self.endpoints.append(Endpoint(method, path, view, view.__name__, tag=self.name, **about))
            self.blueprint.add_url_rule(path, view.__name__, view, methods=[method])
            return view

        return register


# --- what comes in --------------------------------------------------------------------------------------------------


def json_body() -> dict[str, Any]:
    """The JSON object of the request.

    Raises UnreadableBody (400), WrongContentType (415), BodyTooLarge (413) or BadInput.
    """
    if not request.is_json:
        raise errors.WrongContentType
    # Also of a body that comes in chunks and does not say how long it is: what is longer is cut off there.
    request.max_content_length = MAX_JSON + 1
    body = request.get_data()
    if len(body) > MAX_JSON:
        raise errors.BodyTooLarge
    try:
        values = json.loads(body, parse_int=read_integer, parse_float=JsonNumber, parse_constant=JsonNumber)
    except (ValueError, RecursionError):
        raise errors.UnreadableBody from None
    if not isinstance(values, dict):
        raise errors.BadInput
    return values


def check_is_form() -> None:
    """Raises WrongFormType for anything but a form; one without a body has no type."""
    if request.mimetype not in ("multipart/form-data", "application/x-www-form-urlencoded", ""):
        raise errors.WrongFormType


def parse(form: type[F]) -> F:
    """The request's JSON body as this form. Raises BadInput and what json_body() raises."""
    return check(form, json_body())


def parse_form(form: type[F]) -> F:
    """The fields of a multipart or urlencoded request as this form. Raises BadInput or WrongFormType."""
    check_is_form()
    return check(form, _lists(request.form))


def parse_query(form: type[F]) -> F:
    """The query string as this form; a repeated name is a list. Raises BadInput."""
    return check(form, _lists(request.args))


def _lists(values: MultiDict[str, str]) -> dict[str, Any]:
    return {name: found[0] if len(found) == 1 else found for name, found in values.lists()}


def uploaded(name: str) -> FileStorage | None:
    """The file sent under this name, or None where it is missing, or nameless and empty. Raises WrongFormType."""
    check_is_form()
    sent = request.files.get(name)
    return sent if sent and (sent.filename or sent.content_length) else None


def idempotency_key() -> str | None:
    return request.headers.get("Idempotency-Key")


# --- what goes out --------------------------------------------------------------------------------------------------


def ok(data: Any = None) -> Response:
    """The envelope of a success. `data` may hold orjson.Fragment for parts that are JSON already."""
    envelope: dict[str, Any] = {"errno": "0", "errmsg": str(OK_TEXT)}
    if data is not None:
        envelope["data"] = data
    return json_response(envelope)


def json_response(value: Any, status: int = 200) -> Response:
    answer = Response(orjson.dumps(value), status=status, mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def public(answer: Response, seconds: int) -> Response:
    """Let browsers and proxies keep this answer: it is the same for everybody."""
    answer.headers["Cache-Control"] = f"public, max-age={seconds}"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def error_answer(error: AppError) -> Response:
    envelope: dict[str, Any] = {"errno": error.errno, "errmsg": str(error)}
    if error.errors:
        envelope["errors"] = {name: str(text) for name, text in error.errors.items()}
    answer = json_response(envelope, error.status)
    answer.headers["Cache-Control"] = "no-store"
    if error.status in (429, 503):
        answer.headers["Retry-After"] = "5"
    return answer


def as_app_error(error: Exception) -> AppError:
    """Whatever was raised, as one of ours; what nobody foresaw is logged and becomes InternalError."""
    match error:
        case AppError():
            return error
        case NoSuchPath():
            return errors.PathNotFound()
        case MethodNotAllowed():
            return errors.WrongMethod()
        case RequestEntityTooLarge():
            return errors.BodyTooLarge()
        case HTTPException():
            known = {400: errors.UnreadableBody, 415: errors.WrongContentType, 429: errors.TooManyRequests}
            return known.get(error.code or 500, errors.InternalError)()
    log.exception("request.crashed", error=type(error).__name__)
    return errors.InternalError()


def is_api_request() -> bool:
    return request.path.startswith("/api/")


def install(app: Flask, apis: Iterable[Api], page_for: Callable[[AppError], Response]) -> None:
    """Serve these endpoints, and turn every error into the envelope or, off the API, into a page."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_JSON
    app.url_map.converters["id"] = IdConverter
    for api in apis:
        app.register_blueprint(api.blueprint)

    @app.errorhandler(Exception)
    def answer_error(raised: Exception) -> Response | HTTPException:
        if isinstance(raised, HTTPException) and raised.code in (301, 302, 303, 307, 308):
            return raised
        error = as_app_error(raised)
        metrics.count_error(error)
        answer = error_answer(error) if is_api_request() else page_for(error)
        if isinstance(raised, MethodNotAllowed) and raised.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(raised.valid_methods))
        return answer
