"""Loading is safe to repeat: nothing changes, what is missing is added, what people did stays."""

import hashlib
from datetime import timedelta

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, select, text

from ihome import config as settings_of
from ihome.accounts.models import User
from ihome.accounts.passwords import is_password
from ihome.config import ConfigError
from ihome.demo import cli, gallery, pictures, rows
from ihome.demo.city import PASSWORD, read_city
from ihome.demo.gallery import Shot
from ihome.demo.load import load_city
from ihome.houses.models import House
from ihome.kit.db import engine, in_transaction, reading, session
from ihome.orders.models import Order
from ihome.storage.media import storage
from ihome.storage.pictures import SIZES
from tests import invariants, make


def scribble(wanted):
    """Stands in for drawing: files, but no pictures."""
    for shot in wanted:
        for size in SIZES:
            storage().put(shot.key.replace("-l.webp", f"-{size}.webp"), b"picture")
        yield shot


def checksums():
    """Of every table's rows."""
    found = {}
    with engine("read").connect() as connection:
        for table in inspect(engine()).get_table_names():
            content = sorted(map(repr, connection.execute(text(f"SELECT * FROM {table}"))))
            found[table] = (len(content), hashlib.sha256("".join(content).encode()).hexdigest())
    return found


def files(app_config):
    folder = app_config.instance / "media"
    return {path.relative_to(folder): path.stat().st_mtime_ns for path in folder.rglob("*.webp")}


def test_a_second_load_changes_nothing(app, config):
    assert load_city(draw=scribble).houses == len(read_city().houses)
    before, kept = checksums(), files(config)

    make.advance(timedelta(days=5))
    before["ih_clock"] = checksums()["ih_clock"]

    again = load_city(draw=scribble)
    assert (again.houses, again.pictures) == (0, 0)
    assert checksums() == before
    assert files(config) == kept


def test_a_load_that_was_killed_while_drawing_goes_on_where_it_was(app):
    class Killed(Exception):
        pass

    def draw_some(wanted):
        for number, shot in enumerate(scribble(wanted)):
            if number == 99:
                raise Killed
            yield shot

    with pytest.raises(Killed):
        load_city(draw=draw_some)
    with reading():
        assert not rows.is_loaded()
    assert load_city(draw=scribble).pictures == len(gallery.all_shots(read_city())) - 100


@pytest.mark.parametrize("step", ["_add_houses", "_add_orders", "_trade"])
def test_a_load_that_was_killed_while_writing_is_completed(app, monkeypatch, step):
    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rows, step, die)
        with pytest.raises(KeyboardInterrupt):
            load_city(draw=scribble)
    with reading():
        assert session.scalar(select(House.id).limit(1)) is None

    assert load_city(draw=scribble).houses == len(read_city().houses)
    with reading():
        invariants.check(session)
        assert len(session.scalars(select(User)).all()) == len(read_city().people)


def test_who_registered_before_keeps_account_and_name(app):
    early = make.user("小满在合肥", email="landlord@example.com")
    taken = make.user(email="somebody@example.com")
    in_transaction(lambda: session.get(User, taken.id).__setattr__("name", "Cici"))

    load_city(draw=scribble)
    with reading():
        kept = session.get(User, early.id)
        assert is_password(make.PASSWORD, kept.password_hash)
        assert session.scalar(select(House.id).where(House.user_id == early.id).limit(1))
        named = session.scalars(select(User).where(User.email == "g08@example.com")).one()
        assert named.name == "Cici-g08"
        invariants.check(session)


def test_a_picture_that_was_lost_is_drawn_again(app, config):
    load_city(draw=scribble)
    (config.instance / "media/demo/h007-2-s.webp").unlink()
    drawn = []
    load_city(draw=lambda wanted: drawn.extend(shot.name for shot in wanted) or [])
    assert drawn == ["h007-2"]


def test_drawing_processes_keep_pictures_in_three_sizes(app, config):
    city = read_city()
    wanted = [*gallery.shots(city.houses[0])[:2], gallery.portrait(city.landlords[0])]
    done = list(gallery.keep_in_processes(wanted, config.storage, 2))
    assert sorted(done) == sorted(shot.name for shot in wanted)
    assert gallery.missing(wanted) == []
    assert len(files(config)) == 2 * 3 + 1


def test_a_drawing_process_that_fails_is_noticed(app, config, capfd):
    with pytest.raises(gallery.DrawingFailed):
        list(gallery.keep_in_processes([Shot("x", "no such room", 1, "city")], config.storage, 1))
    assert "no such room" in capfd.readouterr().err


def test_the_same_picture_twice_is_the_same_file(app, config):
    shot = gallery.shots(read_city().houses[4])[0]
    contents = []
    for _ in range(2):
        list(gallery.keep_here([shot], (160, 120)))
        contents.append((config.instance / "media" / shot.key).read_bytes())
    assert contents[0] == contents[1]


def test_pictures_of_a_house_show_different_rooms():
    for house in read_city().houses:
        shots = gallery.shots(house)
        assert 3 <= len(shots) <= 6
        assert shots[0].kind in ("facade", "living")
        assert "bedroom" in [shot.kind for shot in shots]
        assert len({shot.kind for shot in shots}) == len(shots)
        assert {shot.kind for shot in shots} <= set(pictures.KINDS)
        assert shots[0].theme in pictures.THEMES


def test_everybody_has_a_face_of_their_own():
    seeds = [gallery.portrait(person).seed for person in read_city().pictured]
    assert len(seeds) == len(set(seeds))


# --- the commands ---------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    """Drawing takes no time."""
    monkeypatch.setattr(cli, "load_city", lambda show: load_city(scribble, show))


def run(*words):
    return CliRunner().invoke(cli.demo, words, standalone_mode=False)


def test_the_command_says_who_can_sign_in(app, quick):
    said = run("load").output
    assert "88 houses" in said
    assert "landlord@example.com" in said
    assert PASSWORD in said
    assert "Drawing pictures: 50 %" in said
    assert "there already" in run("load").output


def test_production_refuses_and_names_the_variable(app, config, monkeypatch):
    monkeypatch.setattr(settings_of, "_active", config.model_copy(update={"env": "production"}))
    for words in (["load"], ["serve"]):
        refused = run(*words).exception
        assert isinstance(refused, ConfigError)
        assert "IHOME_ENV" in str(refused)
    refused = CliRunner().invoke(cli.data, ["generate", "--houses", "1", "--nights", "1"]).exception
    assert isinstance(refused, ConfigError)


def test_a_port_that_is_taken_is_said_before_the_long_work(app, monkeypatch):
    def refuse(*_):
        raise click.ClickException("port 5000 is taken")

    monkeypatch.setattr(cli, "check_port", refuse)
    monkeypatch.setattr(cli, "load_city", lambda show: pytest.fail("the work has begun"))
    assert "taken" in str(run("serve").exception)


def test_serving_loads_first_and_says_the_address(app, quick, monkeypatch):
    served = []
    monkeypatch.setattr(cli, "check_port", lambda *_: None)
    monkeypatch.setattr(cli, "serve_site", lambda *words, **options: served.append(words) or 0)
    monkeypatch.setenv("IHOME_DEMO", "")
    said = run("serve", "--port", "5099").output
    assert "http://127.0.0.1:5099" in said
    assert served == [("127.0.0.1", 5099, 2)]
    with reading():
        assert session.scalar(select(Order.id).limit(1))
