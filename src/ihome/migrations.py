"""Alembic from Python: upgrade to the newest schema, and say whether the database has it."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ihome.kit import db

FOLDER = Path(__file__).parents[2] / "migrations"


def alembic_config() -> AlembicConfig:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return settings


def upgrade(revision: str = "head") -> None:
    command.upgrade(alembic_config(), revision)


def downgrade(revision: str) -> None:
    command.downgrade(alembic_config(), revision)


def is_current() -> bool:
    """Whether the database has the newest schema."""
    with db.engine().connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    return at == ScriptDirectory.from_config(alembic_config()).get_current_head()
