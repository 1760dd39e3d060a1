"""Structured logs: one JSON object a line in production, readable lines in development. Never personal data."""

import logging
import sys
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog

request_id: ContextVar[str] = ContextVar("request_id", default="")
_level, _as_json = logging.INFO, False


def set_up(level: str, *, as_json: bool) -> None:
    """Send structlog and the standard library's loggers to stderr in one form."""
    global _level, _as_json
    _level, _as_json = getattr(logging, level.upper()), as_json
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=0,
            exception_formatter=structlog.dev.plain_traceback,  # The rich one prints locals: personal data.
        )
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_request_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if as_json else structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(_level),
        logger_factory=structlog.PrintLoggerFactory(_STDERR),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=max(logging.INFO, _level), force=True)
    for chatty in ("httpx", "alembic"):  # httpx logs addresses with their query at INFO.
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _Stderr:
    """What sys.stderr is at the moment, for loggers that are made once: Celery and tests put others in its place.

    A line that cannot be written, as on a full disk, is lost, and nothing else.
    """

    def write(self, text: str) -> int:
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


_STDERR = _Stderr()


def _add_request_id(_logger: Any, _method: str, event: Any) -> Any:
    if found := request_id.get():
        event["request_id"] = found
    return event


def access(method: str, rule: str, status: int, seconds: float) -> None:
    """One line for a request, in the form of the others, written directly: structlog takes ten times as long."""
    if _level > logging.INFO:
        return
    now, took = datetime.now(UTC).isoformat(), round(seconds * 1000, 1)
    if _as_json:
        fields = {"timestamp": now, "level": "info", "event": "request", "request_id": request_id.get()}
        line = orjson.dumps(fields | {"method": method, "rule": rule, "status": status, "ms": took}).decode()
    else:
        line = f"{now} [info     ] request {method} {rule} {status} {took} ms request_id={request_id.get()}"
    _STDERR.write(line + "\n")
