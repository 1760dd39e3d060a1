"""What databases say of an error without what was in the row: their words end up in logs.

PostgreSQL adds `DETAIL: Key (email)=(anna@example.com) already exists.`, MariaDB says `Duplicate entry
'anna@example.com' for key 'uq_email'`. SQLite names columns only.
"""

import re

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

NAMED = re.compile(r"for (?:key|column) [`'][\w.`]+[`'](?: at row \d+)?$")  # MariaDB's last words: ours, not people's.


def install() -> None:
    """From now on, for every engine of this process."""
    if not event.contains(Engine, "handle_error", _forget_values):
        event.listen(Engine, "handle_error", _forget_values)


def _forget_values(context: ExceptionContext) -> None:
    error = context.original_exception
    said = str(error)
    match error.args:
        case (int(code), str(words)) if "'" in words and not _is_about_connecting(code):  # PyMySQL.
            error.args = (error.args[0], _names_only(words))
        case (str(words), *_) if sqlstate := getattr(error, "sqlstate", None):  # psycopg.
            first_line = words.partition("\n")[0]
            error.args = (first_line.partition(': "')[0] if sqlstate.startswith("22") else first_line,)
    if context.sqlalchemy_exception is not None:
        told, *more = context.sqlalchemy_exception.args
        context.sqlalchemy_exception.args = (told.replace(said, str(error)), *more)


def _is_about_connecting(code: int) -> bool:
    """What is quoted then is a host, a user or a database, which the operator has to read."""
    return 1040 <= code <= 1049 or 2000 <= code <= 2999


def _names_only(words: str) -> str:
    """The words but for what stands in quotes, unless it is the name of a key or a column."""
    quoted_at, named = words.index("'"), NAMED.search(words)
    if named and named.start() < quoted_at:
        return words
    return words[:quoted_at] + "..." + (f" {named[0]}" if named else "")
