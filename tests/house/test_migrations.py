"""Every migration runs up, down and up again on the three databases, and the models are what it leaves behind."""

import ast
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from ihome import migrations
from ihome.config import activate, config
from ihome.kit import db
from ihome.kit.engines import code
from tests.conftest import configure, make_database
from tests.site_process import Site


@pytest.fixture(params=["sqlite", "mariadb", "postgresql"])
def connected(request, tmp_path, worker_id):
    """This process connected to an empty database."""
    url = "" if request.param == "sqlite" else make_database(request.param, f"migrations_{worker_id}")
    settings = configure(tmp_path, **({"database_url": url} if url else {}))
    activate(settings)
    db.connect(settings.database)
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


def test_two_upgrades_at_the_same_moment_do_no_harm(connected, tmp_path):
    site = Site(tmp_path, 1, database_url=config().database)
    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(lambda _: site.command("db", "upgrade"), range(3)))

    assert said == ["The database is up to date.\n"] * 3
    assert migrations.is_current()


def test_an_upgrade_does_not_queue_the_site_behind_a_table_that_somebody_holds(connected, monkeypatch):
    """An ALTER that waits for one reader lets nobody else read: it gives up, says so, and can be run again."""
    if connected == "sqlite":
        pytest.skip("SQLite has one writer at a time, and readers never wait")
    migrations.upgrade("0010_refund_failures")
    with db.engine("write").connect() as reader:
        reader.execute(text("SELECT COUNT(*) FROM ih_outbox"))
        with pytest.raises(migrations.TableInUse):
            migrations.upgrade()
    migrations.upgrade()
    assert migrations.is_current()


@pytest.mark.parametrize("connected", ["mariadb"], indirect=True)
def test_mariadb_refuses_a_step_for_which_it_would_copy_a_table(connected, tmp_path, monkeypatch):
    folder = shutil.copytree(migrations.FOLDER, tmp_path / "migrations")
    (folder / "versions" / "9999_pets.py").write_text(
        "from alembic import op\n"
        f"revision, down_revision = '9999_pets', '{migrations.known()[-1]}'\n"
        "def upgrade(): op.execute('ALTER TABLE ih_order_info MODIFY guests VARCHAR(9)')\n"
    )
    monkeypatch.setattr(migrations, "FOLDER", folder)

    with pytest.raises(OperationalError) as refused:
        migrations.upgrade()
    assert code(refused.value.orig) == 1846


@pytest.mark.parametrize("path", sorted(migrations.FOLDER.glob("versions/*.py")), ids=lambda path: path.stem)
def test_the_program_of_before_works_with_the_schema_of_after(path):
    if path.stem > LAST_BEFORE_RULES:
        assert risks(path.read_text()) == []


@pytest.mark.parametrize(
    ("step", "risk"),
    [
        ("op.add_column('ih_order_info', sa.Column('pets', sa.Integer(), nullable=False))", "has no server_default"),
        ("op.add_column('ih_order_info', sa.Column('pets', sa.Integer(), nullable=False, server_default='0'))", ""),
        ("op.add_column('ih_order_info', sa.Column('pets', sa.Integer()))", ""),
        ("op.drop_column('ih_order_info', 'guests')", "the program of before still uses"),
        ("op.create_index('ix', 'ih_order_info', ['guests'])", "postgresql_concurrently"),
        ("op.create_index('ix', 'ih_order_info', ['guests'], postgresql_concurrently=True)", ""),
        ("op.create_table('new')\n    op.create_index('ix', 'new', ['a'])", ""),
    ],
)
def test_the_rules_for_migrations_find_what_they_are_for(step, risk):
    found = risks(f"def upgrade():\n    {step}\n")
    assert (risk in found[0]) if risk else found == []


LAST_BEFORE_RULES = "0011_outbox_request"
TAKES_AWAY = ("drop_column", "drop_table", "rename_table", "alter_column", "execute")


def risks(source: str) -> list[str]:
    """What in upgrade() breaks a site that still runs the program of before, or keeps it waiting."""
    (upgrade,) = [step for step in ast.parse(source).body if getattr(step, "name", "") == "upgrade"]
    calls = [call for call in ast.walk(upgrade) if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)]
    new = {call.args[0].value for call in calls if call.func.attr == "create_table"}
    found = []
    for call in calls:
        named = {word.arg for word in call.keywords}
        told = {word.arg: getattr(word.value, "value", None) for word in call.keywords}
        match call.func.attr:
            case "create_index" if call.args[1].value not in new and "postgresql_concurrently" not in named:
                found.append(
                    "create_index on a table with rows: postgresql_concurrently=True, in an autocommit_block()"
                )
            case "Column" if told.get("nullable") is False and "server_default" not in named and not new:
                found.append("a column that may not be null has no server_default")
            case name if name in TAKES_AWAY:
                found.append(f"{name}: the program of before still uses it; two releases later, with a line here")
    return found


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
