"""The schema's revisions: moving between them with Alembic, and saying which one the database has.

Alembic is imported where it moves something: it takes half a second and 10 MB, and web processes only ask.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from ihome.kit import db

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

FOLDER = Path(__file__).parents[2] / "migrations"


def alembic_config() -> "AlembicConfig":
    from alembic.config import Config as AlembicConfig

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return settings


def upgrade(revision: str = "head") -> None:
    from alembic import command

    command.upgrade(alembic_config(), revision)


def downgrade(revision: str) -> None:
    from alembic import command

    command.downgrade(alembic_config(), revision)


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
