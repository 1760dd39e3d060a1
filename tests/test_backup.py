"""A site in a file: copied while it serves, brought back into another one, on whichever database that is."""

import base64
import os
import resource
import shutil
import subprocess
import sys
import threading
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import inspect, select, update

from ihome import migrations, setup
from ihome.accounts import actions as accounts
from ihome.accounts.models import LoginSession, User
from ihome.backup import archive, dump
from ihome.backup import restore as restoring
from ihome.backup.archive import BadArchive
from ihome.backup.dump import back_up
from ihome.backup.restore import NotEmpty, restore, verify
from ihome.houses import actions as houses
from ihome.kit import clock, db
from ihome.kit.db import in_transaction, reading, session
from ihome.kit.outbox import OutboxMessage
from ihome.orders import actions as orders
from ihome.orders.models import Order
from ihome.payments.models import Refund
from ihome.storage.media import storage
from ihome.storage.pictures import SIZES, all_sizes, keep_picture, read_picture, sized
from tests import invariants, make
from tests.conftest import configure, make_database
from tests.site_process import inside, running_site
from tests.storage.fake_fastdfs import Cluster

KINDS = ["sqlite", "mariadb", "postgresql"]
PICTURE = "houses/1/0123456789abcdef-l.webp"


def quietly(_label, steps, _length):
    yield from steps


@pytest.fixture(params=KINDS)
def database(request):
    return request.param


on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # Nothing in it asks for a server.


@pytest.fixture
def lived(app):
    """A site in which things have happened."""
    landlord, guest = make.landlord(), make.user("anna", verified=True)
    home = make.house(landlord)
    for size in SIZES:
        storage().put(sized(PICTURE, size), f"picture in {size}".encode())
    storage().put("avatars/1.webp", b"\x00face")
    storage().put("houses/1/named-by-no-row-l.webp", b"left behind")
    in_transaction(lambda: houses.add_photo(make.get_house(home.id), PICTURE))
    in_transaction(lambda: accounts.set_avatar(session.get_one(User, guest.id), "avatars/1.webp"))
    in_transaction(accounts.open_session, guest.id, None)
    done = make.stayed(guest, home, ahead=3)
    in_transaction(lambda: orders.comment_order(make.get_order(done.id), "安静，适合“写作”\n还会再来 🙂", 5))
    make.paid(guest, home, ahead=20)
    make.order(make.user(), home, ahead=40)
    return guest, home


@contextmanager
def another_site(folder, kind, like, **settings):
    """This process at an empty site on this kind of database, with the keys of that one; then back."""
    shutil.copytree(like.instance, folder, ignore=shutil.ignore_patterns("ihome.db*", "media", "mail", "kv.db*"))
    url = "" if kind == "sqlite" else make_database(kind, f"restored_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    setup.start(configure(folder, **({"database_url": url} if url else {}), **settings))
    clock._seen = None
    try:
        yield
    finally:
        setup.start(like)
        clock._seen = None


@pytest.fixture
def file(tmp_path):
    return tmp_path / "site.tar"


# --- the way there and back -------------------------------------------------------------------------------------------


def test_a_site_comes_back_on_another_kind_of_database(lived, config, database, file, tmp_path):
    made = back_up(file, quietly)
    assert (made.tables["ih_order_info"].count, made.pictures.count) == (3, len(SIZES) + 1)

    with another_site(tmp_path / "other", KINDS[(KINDS.index(database) + 1) % 3], config):
        assert restore(file, quietly) == made

        assert archive.differences(made, dump.site_manifest()) == []
        assert migrations.is_current()
        assert storage().get(sized(PICTURE, "s")) == b"picture in s"
        with reading():
            invariants.check(session)
            assert session.scalar(select(Order.comment).where(Order.rating == 5)) == "安静，适合“写作”\n还会再来 🙂"
            assert session.scalars(select(LoginSession)).all() == []
            assert session.scalars(select(OutboxMessage)).all() != []
            assert make.get_house(lived[1].id).landlord.identity.open_number()
        new = make.paid(make.user("bob"), make.house(), ahead=60)  # Ids go on after those that came back.
        assert new.id > made.tables["ih_order_info"].count


def booking_meanwhile(guest, house):
    """Shows the steps; after each of them somebody books, so that every table of the copy is of another moment."""

    def show(label, steps, _length):
        for number, step in enumerate(steps):
            yield step
            if label == "Rows":
                make.paid(guest, house, ahead=100 + 3 * number)

    return show


def test_a_copy_is_of_one_moment_however_much_happens_meanwhile(lived, config, file, tmp_path):
    with reading():
        before = session.scalars(select(Order.id)).all()

    made = back_up(file, booking_meanwhile(*lived))

    with reading():
        assert len(session.scalars(select(Order.id)).all()) > len(before) + 5
    with another_site(tmp_path / "other", "sqlite", config):
        restore(file, quietly)
        with reading():
            assert session.scalars(select(Order.id)).all() == before
            invariants.check(session)
    assert made.tables["ih_order_info"].count == len(before)


def test_without_the_snapshot_a_copy_contradicts_itself(lived, file, monkeypatch, database):
    """The control: tables of different moments do not fit each other."""

    @contextmanager
    def no_snapshot():
        with db.engine("read" if database == "sqlite" else "write").connect() as connection:
            yield connection

    monkeypatch.setattr(dump, "snapshot", no_snapshot)
    made = back_up(file, booking_meanwhile(*lived))

    assert made.tables["ih_house_night"].count != 2 * made.tables["ih_order_info"].count


def test_a_site_serves_while_it_is_copied(tmp_path, template, file):
    shutil.copytree(template, tmp_path / "site")
    with running_site(tmp_path / "site", "--workers", "2", log_level="error") as site:
        done = threading.Event()
        with inside(site):
            house, phone = make.house(), site.client_of(make.user())
            days = [(make.day(3 + 2 * number).isoformat()) for number in range(200)]
        answers = []

        def book():
            for day in days:
                body = {"house_id": house.id, "start_date": day, "end_date": day}
                answers.append(phone.post("/orders", body)["errno"])
                if done.is_set():
                    return

        booking = threading.Thread(target=book)
        booking.start()
        site.command("backup", str(file))
        done.set()
        booking.join(60)
        assert set(answers) == {"0"}
        assert "restores to what it was made of" in site.command("backup", "--verify", str(file))
        assert archive.check(file).tables["ih_order_info"].count <= len(answers)


# --- files that are not what they should be ---------------------------------------------------------------------------


@pytest.fixture
def made(lived, file):
    back_up(file, quietly)
    return file


@pytest.fixture
def elsewhere(tmp_path, config):
    """An empty site."""
    with another_site(tmp_path / "other", "sqlite", config):
        migrations.upgrade()
        yield


def is_untouched():
    with reading():
        return not session.scalars(select(User.id)).all() and not list(storage().keys())


@on_sqlite
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.9, 0.99])
def test_a_file_that_is_cut_off_restores_nothing(made, elsewhere, share):
    content = made.read_bytes()
    end = content.rindex(b"manifest.json") + 512  # Behind the manifest there are only zeros.
    made.write_bytes(content[: int(end * share)])

    with pytest.raises(BadArchive, match=r"cut off|no backup"):
        restore(made, quietly)
    assert is_untouched()


@on_sqlite
@pytest.mark.parametrize("part", ["rows/ih_order_info", "rows/ih_house_night", "pictures/avatars"])
def test_a_file_with_a_damaged_byte_restores_nothing(made, elsewhere, part):
    content = bytearray(made.read_bytes())
    at = content.index(part.encode()) + 512 + 3  # In the content, behind the header of that member.
    content[at if part.startswith("pictures") else at + 20] ^= 1
    made.write_bytes(content)

    with pytest.raises(BadArchive, match="damaged"):
        restore(made, quietly)
    assert is_untouched()


@on_sqlite
def test_what_is_no_backup(file, elsewhere):
    file.write_bytes(b"PK\x03\x04 something else" * 100)
    with pytest.raises(BadArchive, match="no backup"):
        restore(file, quietly)


def rewritten(file, **changes):
    """The same file with another header, and of the rows what that tells of."""
    today = archive.read_header(file)
    header = today.model_copy(update=changes)
    kept = {
        name: [at for at, one in enumerate(today.tables[name]) if one in header.tables[name]] for name in today.tables
    }
    copy = file.with_name("rewritten.tar")
    with archive.writing(copy, header) as out:
        for table, rows in archive.rows(file):
            out.add_rows(table, [[row[at] for at in kept[table]] for row in rows])
        out.add_manifest()
    return copy


@on_sqlite
@pytest.mark.parametrize("changes", [{"format": 99}, {"revision": "9999_of_tomorrow"}], ids=str)
def test_a_file_of_a_newer_program_says_so(made, elsewhere, changes):
    with pytest.raises(BadArchive, match="newer program"):
        restore(rewritten(made, **changes), quietly)
    assert is_untouched()


@on_sqlite
def test_a_file_of_an_older_schema_is_brought_up_to_date(made, elsewhere):
    """As it was before refunds knew when they failed (0010)."""
    migrations.downgrade("0009_guests")
    columns = {name: {column["name"] for column in inspect(db.engine()).get_columns(name)} for name in dump.kinds()}
    migrations.upgrade()
    today = archive.read_header(made).tables
    tables = {name: {one: kind for one, kind in today[name].items() if one in columns[name]} for name in today}
    assert tables != today

    restore(rewritten(made, revision="0009_guests", tables=tables), quietly)

    assert migrations.is_current()
    with reading():
        invariants.check(session)
        assert session.scalars(select(Refund.failed_at)).all() == []
        assert len(session.scalars(select(Order.id)).all()) == 3


# --- sites that are not as they should be -----------------------------------------------------------------------------


@on_sqlite
def test_a_site_with_something_in_it_is_left_alone(made, elsewhere):
    make.user()

    with pytest.raises(NotEmpty, match="1 in ih_user_profile"):
        restore(made, quietly)


def test_a_restore_that_was_interrupted_is_begun_again(made, config, database, tmp_path):
    def interrupted(label, steps, _length):
        for number, step in enumerate(steps):
            if label == "Rows" and number == 8:
                raise KeyboardInterrupt
            yield step

    with another_site(tmp_path / "other", database, config):
        with pytest.raises(KeyboardInterrupt):
            restore(made, interrupted)

        manifest = restore(made, quietly)
        assert archive.differences(manifest, dump.site_manifest()) == []


@on_sqlite
def test_a_file_is_tried_out_aside(made, config):
    manifest = verify(made, quietly)

    assert manifest == archive.check(made)
    with reading():
        assert len(session.scalars(select(Order.id)).all()) == 3  # This process is at its own site again.


@on_sqlite
def test_trying_out_finds_what_comes_back_otherwise(made, monkeypatch):
    def forgetful(*facts, fill=restoring._fill):
        fill(*facts)
        session.execute(update(Order).values(comment="other words"))

    monkeypatch.setattr(restoring, "_fill", forgetful)

    with pytest.raises(BadArchive, match="ih_order_info: another content"):
        verify(made, quietly)


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def ihome(config):
    """Run `ihome …` in a process of its own: exit code and what it says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IHOME_")}

    def run(*words, instance=config.instance, limit=None, **settings):
        environment = kept | {"IHOME_INSTANCE": str(instance), "IHOME_LOG_LEVEL": "error"} | settings
        done = subprocess.run(
            [sys.executable, "-m", "ihome.cli", *words], env=environment, capture_output=True, text=True,
            preexec_fn=limit and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))),
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    return run


@on_sqlite
def test_a_backup_is_its_owners_alone_and_never_written_over(lived, ihome, file):
    code, said = ihome("backup", str(file))
    assert (code, file.stat().st_mode & 0o777) == (0, 0o600)
    assert "IHOME_IDENTITY_" in said
    before = file.read_bytes()

    code, said = ihome("backup", str(file))

    assert (code, file.read_bytes()) == (1, before)
    assert "is there already" in said


@on_sqlite
def test_a_backup_on_a_full_disk_leaves_no_half_file(lived, ihome, file):
    code, said = ihome("backup", str(file), limit=4096)

    assert code == 1
    assert str(file) in said
    assert not [path for path in file.parent.iterdir() if "site.tar" in path.name]


@on_sqlite
def test_a_restore_says_which_keys_are_missing(made, ihome, tmp_path):
    instance = tmp_path / "restored"
    ihome("db", "upgrade", instance=instance)
    other = "1:" + base64.b64encode(bytes(range(32))).decode()

    code, said = ihome("restore", str(made), instance=instance, IHOME_IDENTITY_KEYS=other)

    assert code == 0
    assert "WARNING: IHOME_IDENTITY_KEYS" in said
    assert "messages wait" in said
    code, said = ihome("restore", str(made), instance=instance)
    assert code == 1
    assert "the database is not empty" in said


@on_sqlite
def test_a_restore_on_a_full_disk_is_one_line_and_is_begun_again(made, ihome, config, tmp_path):
    instance = tmp_path / "restored"
    instance.mkdir()
    shutil.copy(config.instance / "secrets.json", instance)
    ihome("db", "upgrade", instance=instance)

    code, said = ihome("restore", str(made), instance=instance, limit=20_000)
    assert code != 0
    assert "IHOME_DATABASE_URL" in said or "the database refused" in said

    assert ihome("restore", str(made), instance=instance)[0] == 0


# --- from a storage that lists nothing --------------------------------------------------------------------------------


@pytest.fixture
def fastdfs():
    with closing(Cluster()) as cluster:
        yield cluster


@on_sqlite
class TestOnFastDFS:
    @pytest.fixture
    def settings(self, fastdfs):
        return {"storage_url": fastdfs.url, "media_base_url": "https://media.example.com"}

    @pytest.fixture
    def key(self, app):
        """Of a house's picture, as FastDFS named it."""
        house = make.house()
        key = keep_picture(read_picture(make.picture()), "houses/1")
        in_transaction(lambda: houses.add_photo(make.get_house(house.id), key))
        return key

    def test_its_pictures_come_back_in_a_folder(self, key, config, file, tmp_path):
        largest = storage().get(key)
        assert back_up(file, quietly).pictures.count == len(SIZES)

        with another_site(tmp_path / "other", "sqlite", config):
            restore(file, quietly)
            assert storage().get(key) == largest
            assert sorted(storage().keys()) == sorted(all_sizes(key))

    def test_a_restore_into_it_says_the_way_round(self, key, config, file, tmp_path, settings):
        back_up(file, quietly)

        with another_site(tmp_path / "other", "sqlite", config, **settings), pytest.raises(NotEmpty, match="migrate"):
            restore(file, quietly)
