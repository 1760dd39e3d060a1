"""Every migration runs up, down and up again on the three databases, and the models are what it leaves behind."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from ihome import migrations
from ihome.config import activate
from ihome.kit import db
from tests.conftest import configure, make_database


@pytest.fixture(params=["sqlite", "mariadb", "postgresql"])
def connected(request, tmp_path, worker_id):
    """This process connected to an empty database."""
    url = "" if request.param == "sqlite" else make_database(request.param, f"migrations_{worker_id}")
    config = configure(tmp_path, **({"database_url": url} if url else {}))
    activate(config)
    db.connect(config.database)
    yield request.param
    db.disconnect()


def test_the_newest_revision_is_the_last_file():
    """The site asks for it without Alembic."""
    scripts = ScriptDirectory.from_config(migrations.alembic_config())
    assert [script.revision for script in scripts.walk_revisions()] == list(reversed(migrations.known()))


def test_up_down_and_up_again(connected):
    migrations.upgrade()
    assert migrations.is_current()

    migrations.downgrade("base")
    assert inspect(db.engine()).get_table_names() == ["alembic_version"]

    migrations.upgrade()
    assert migrations.is_current()


def test_the_models_are_what_migrations_make(connected):
    migrations.upgrade()
    command.check(migrations.alembic_config())


def test_each_step_can_be_taken_back(connected):
    migrations.upgrade()
    while _revision():
        migrations.downgrade("-1")
    assert inspect(db.engine()).get_table_names() == ["alembic_version"]


def _revision() -> str | None:
    with db.engine().connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def test_upgrading_twice_does_nothing(connected):
    migrations.upgrade()
    migrations.upgrade()
    assert migrations.is_current()


def test_a_new_site_starts_with_the_areas_and_facilities_of_the_contract(connected):
    migrations.upgrade()
    with db.engine().connect() as connection:
        areas = connection.execute(text("SELECT id, name FROM ih_area_info ORDER BY id")).all()
        facilities = connection.execute(text("SELECT id, name FROM ih_facility_info ORDER BY id")).all()
    assert [tuple(row) for row in areas][::8] == [(1, "瑶海区"), (9, "巢湖市")]
    assert len(facilities) == 23
    assert tuple(facilities[11]) == (12, "沐浴露、洗发露")


def test_a_program_goes_on_with_the_schema_of_a_newer_one(connected, monkeypatch):
    """During an upgrade: the schema first, then one node after the other."""
    migrations.upgrade()
    known = migrations.known()
    monkeypatch.setattr(migrations, "known", lambda: known[:-1])
    assert migrations.is_current()
    monkeypatch.setattr(migrations, "known", lambda: (*known, "9999_next"))
    assert not migrations.is_current()
