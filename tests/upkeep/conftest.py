"""A site with pictures: three photos of two houses and an avatar, all of their files in the storage."""

import pytest
from click.testing import CliRunner

from ihome.accounts.actions import set_avatar
from ihome.accounts.queries import get_user
from ihome.cli import ihome
from ihome.houses.actions import add_photo
from ihome.houses.queries import get_own_house
from ihome.kit.db import in_transaction
from ihome.storage import media
from ihome.storage.pictures import sized
from tests.storage.conftest import (  # noqa: F401 - fixtures
    cluster,
    fastdfs_storage,
    s3_storage,
    seaweedfs,
)


def keep(folder, name):
    """A picture in its sizes, told from others but not to be looked at; its key."""
    key = media.storage().put(f"{folder}/{name}-l.webp", f"{folder}/{name} large".encode() * 50)
    for size in ("m", "s"):
        media.storage().put(sized(key, size), f"{folder}/{name} {size}".encode() * 20)
    return key


@pytest.fixture
def pictures(landlord, house):
    """Their keys, of the largest sizes."""
    photos = [keep(f"houses/{house.id}", f"photo{number}") for number in range(3)]
    for key in photos:
        in_transaction(lambda key=key: add_photo(get_own_house(get_user(landlord.id), house.id), key))
    avatar = media.storage().put("avatars/landlord.webp", b"face")
    in_transaction(lambda: set_avatar(get_user(landlord.id), avatar))
    return [*photos, avatar]


@pytest.fixture
def run(app, config, settings, monkeypatch):
    """`ihome storage …` on this site: its exit code and what it said."""
    known = {"instance": config.instance, "database_url": config.database_url, "base_url": "http://localhost"}
    for name, value in (known | {"log_level": "error"} | settings).items():
        monkeypatch.setenv(f"IHOME_{name.upper()}", str(value))

    def run(*words):
        done = CliRunner().invoke(ihome, ["storage", *map(str, words)], catch_exceptions=False)
        return done.exit_code, done.output

    return run
