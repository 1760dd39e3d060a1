"""The OpenAPI 3.1 document, made from the endpoints and their forms, and a page that reads without script."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import Flask, Response, render_template
from pydantic.json_schema import models_json_schema

from ihome import __version__
from ihome.config import config
from ihome.kit import errors
from ihome.kit.errors import AppError
from ihome.kit.http import API_PREFIX, Api, Endpoint, json_response, public

REF = "#/components/schemas/{model}"
VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")
EVERYWHERE = (errors.InternalError, errors.DatabaseDown)
UNSAFE = (errors.BadCsrfToken,)
BODY = (errors.UnreadableBody, errors.WrongContentType, errors.BodyTooLarge)
FORM = (errors.WrongFormType, errors.BodyTooLarge)

ENVELOPE = {
    "type": "object",
    "required": ["errno", "errmsg"],
    "properties": {
        "errno": {"type": "string", "description": "0 is success; the numbers are listed with each endpoint."},
        "errmsg": {"type": "string", "description": "A sentence for people, in their language."},
        "data": {"description": "Left out when there is none."},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}, "description": "Per field."},
    },
}


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The whole document as a dict."""
    forms = [form for endpoint in endpoints for form in (endpoint.takes, endpoint.query) if form]
    _, schemas = models_json_schema([(form, "validation") for form in dict.fromkeys(forms)], ref_template=REF)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        path = API_PREFIX + VARIABLE.sub(r"{\2}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, schemas.get("$defs", {}))
    return {
        "openapi": "3.1.0",
        "info": {"title": "爱家租房 ihome", "version": "1.0", "x-software-version": __version__},
        "servers": [{"url": config().base_url}],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}) | {"Envelope": ENVELOPE},
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "session"}},
        },
    }


def _operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": f"{endpoint.method.lower()}_{re.sub(r'[^A-Za-z]+', '_', endpoint.path).strip('_')}",
        "summary": (endpoint.view.__doc__ or "").strip(),
        "tags": [endpoint.tag],
        "parameters": _parameters(endpoint, schemas),
        "responses": _responses(endpoint),
        "x-since": "beyond v1.0" if endpoint.extension else "v1.0",
    }
    if endpoint.auth:
        found["security"] = [{"session": []}]
    if body := _body(endpoint):
        found["requestBody"] = {"required": True, "content": body}
    return found


def _parameters(endpoint: Endpoint, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    found = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 1} if kind == "id" else {"type": "string", "minLength": 1},
        }
        for kind, name in VARIABLE.findall(endpoint.path)
    ]
    if endpoint.query:
        schema = schemas[endpoint.query.__name__]
        found += [
            {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": field}
            for name, field in schema["properties"].items()
        ]
    headers = list(endpoint.headers) + ([] if endpoint.method == "GET" or _is_exempt(endpoint) else ["X-CSRFToken"])
    found += [
        {"name": name, "in": "header", "required": name == "X-CSRFToken", "schema": {"type": "string"}}
        for name in headers
    ]
    return found


def _is_exempt(endpoint: Endpoint) -> bool:
    return getattr(endpoint.view, "csrf_exempt", False)


def _body(endpoint: Endpoint) -> dict[str, Any]:
    schema: dict[str, Any] = {"$ref": REF.format(model=endpoint.takes.__name__)} if endpoint.takes else {}
    if endpoint.files:
        files = {name: {"type": "string", "format": "binary"} for name in endpoint.files}
        whole: dict[str, Any] = {"type": "object", "required": list(files), "properties": files}
        return {"multipart/form-data": {"schema": {"allOf": [schema, whole]} if schema else whole}}
    if endpoint.form_encoded:
        params = {"type": "object", "additionalProperties": {"type": "string"}}
        return {"application/x-www-form-urlencoded": {"schema": params}}
    return {"application/json": {"schema": schema}} if schema else {}


def possible_errors(endpoint: Endpoint) -> list[type[AppError]]:
    """Every error this endpoint can answer, in the order in which it checks."""
    listed = list(EVERYWHERE)
    first: list[type[AppError]] = [] if endpoint.method == "GET" or _is_exempt(endpoint) else list(UNSAFE)
    if endpoint.files or (endpoint.form_encoded and not _is_exempt(endpoint)):
        first += FORM
    elif endpoint.takes:
        first += BODY
    if endpoint.auth:
        first.append(errors.NotSignedIn)
    return list(dict.fromkeys([*first, *endpoint.raises, *listed]))


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    by_status: dict[int, list[type[AppError]]] = {200: []}
    for error in possible_errors(endpoint):
        by_status.setdefault(error.status, []).append(error)
    if any(kind == "id" for kind, _ in VARIABLE.findall(endpoint.path)):
        by_status.setdefault(404, []).append(errors.PathNotFound)
    found = {}
    envelope = {"application/json": {"schema": {"$ref": REF.format(model="Envelope")}}}
    for status, raised in sorted(by_status.items()):
        lines = ["Success (errno 0)."] if status == 200 else []
        lines += [f"errno {error.errno}: {error.errmsg.message}" for error in raised]
        content = dict(envelope)
        if status == 200 and endpoint.media_type != "application/json":
            content[endpoint.media_type] = {"schema": {"type": "string"}}
        found[str(status)] = {"description": "\n".join(lines), "content": content}
    return found


def install(app: Flask, apis: Sequence[Api]) -> None:
    endpoints = [endpoint for api in apis for endpoint in api.endpoints]

    @cache
    def made() -> dict[str, Any]:
        return document(endpoints)

    @app.get(f"{API_PREFIX}/openapi.json")
    def openapi_json() -> Response:
        return public(json_response(made()), 300)

    @app.get("/docs")
    def api_docs() -> str:
        return render_template("docs.html", endpoints=endpoints, spec=made(), possible_errors=possible_errors)
