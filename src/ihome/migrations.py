"""The schema's revisions: moving between them with Alembic, and saying which one the database has.

Alembic is imported where it moves something: it takes half a second and 10 MB, and web processes only ask.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from ihome.kit import db
from ihome.kit.engines import code, shares_sessions

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

FOLDER = Path(__file__).parents[2] / "migrations"


def alembic_config() -> "AlembicConfig":
    from alembic.config import Config as AlembicConfig

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return settings


class TableInUse(Exception):
    """Somebody holds a table for longer than the site may wait; what came before in the upgrade is done."""

    def __str__(self) -> str:
        return "a table of the site was in use for more than 5 seconds; run it again, or end what holds it"


class SessionNeeded(Exception):
    """A migration holds a lock and sets limits for its session, and there is none of its own."""

    def __str__(self) -> str:
        return "IHOME_DATABASE_URL: behind pool_mode=transaction this needs the address of PostgreSQL itself"


def upgrade(revision: str = "head") -> None:
    """Raises TableInUse and SessionNeeded. Two at once wait for each other."""
    from alembic import command

    with _in_a_session():
        command.upgrade(alembic_config(), revision)


def downgrade(revision: str) -> None:
    """Raises TableInUse and SessionNeeded."""
    from alembic import command

    with _in_a_session():
        command.downgrade(alembic_config(), revision)


@contextmanager
def _in_a_session() -> Iterator[None]:
    if shares_sessions(db.engine().url):
        raise SessionNeeded
    try:
        yield
    except OperationalError as error:
        if code(error.orig) in (1205, "55P03"):
            raise TableInUse from error
        raise


@cache
def known() -> tuple[str, ...]:
    """The revisions of this program, oldest first: numbered files, one after the other."""
    return tuple(sorted(path.stem for path in (FOLDER / "versions").glob("[0-9]*.py")))


def revision() -> str | None:
    """What the database has; None where it has nothing of ours."""
    with db.engine("read").connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def is_current() -> bool:
    """Whether the database has this program's newest schema, or a newer program's.

    An upgrade changes the schema first, and the programs of before serve on until they are renewed.
    """
    return revision() not in (None, *known()[:-1])
