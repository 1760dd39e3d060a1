"""`ihome storage orphans` and `missing`."""

import os
import re
import time

import pytest

from ihome.storage import media
from ihome.storage.media import KeepsNoList
from ihome.storage.pictures import all_sizes
from tests.upkeep.conftest import keep


@pytest.fixture(params=["file", "s3"])
def settings(request):
    if request.param == "file":
        return {}
    request.getfixturevalue("s3_storage")
    return {"storage_url": request.getfixturevalue("seaweedfs").url()}


def keys():
    return sorted(media.storage().keys())


def test_a_site_in_order_has_no_orphans_and_misses_nothing(run, pictures):
    assert run("orphans", "--older-than", "0s") == (0, "0 orphans, 0.0 MB. Nothing was deleted; --delete does.\n")
    assert run("missing")[0] == 0


def test_pictures_that_no_row_names_are_told_in_all_sizes(run, pictures):
    lost = keep("houses/7", "lost")
    before = keys()

    code, told = run("orphans", "--older-than", "0s")

    assert code == 0
    assert sorted(re.findall(r"\S+\.webp", told)) == sorted(all_sizes(lost))
    assert "3 orphans" in told
    assert keys() == before


def test_they_are_deleted_when_asked_and_no_others(run, pictures):
    before = keys()
    keep("houses/7", "lost")
    media.storage().put("avatars/old.webp", b"face")
    media.storage().put("group1/M00/00/00/fwAABGsHI3SAVikjAAST4IAiC5U38-m.webp", b"moved here, then removed")

    assert "Deleted 5 orphans" in run("orphans", "--delete", "--older-than", "0s")[1]

    assert keys() == before


def test_young_ones_are_left_alone_as_their_row_may_be_on_its_way(run, pictures):
    keep("houses/7", "uploading")

    assert "Deleted 0 orphans" in run("orphans", "--delete")[1]


def test_what_is_no_picture_of_ours_is_left_alone(run, pictures):
    foreign = ["backups/2026.tar", "houses/7/notes.txt", "cat.webp", "other/7/a-l.webp"]
    for key in foreign:
        media.storage().put(key, b"not ours")

    assert "0 orphans" in run("orphans", "--older-than", "0s")[1]


def test_with_a_database_that_names_nothing_nothing_is_deleted(run, app):
    keep("houses/7", "lost")

    code, told = run("orphans", "--delete", "--older-than", "0s")

    assert code == 1
    assert "IHOME_DATABASE_URL" in told
    assert len(keys()) == 3


@pytest.mark.parametrize("age", ["soon", "-1d", "999999999d", ""])
def test_an_age_that_is_none_is_refused(run, age):
    assert run("orphans", "--older-than", age)[0] == 2


def test_rows_whose_picture_is_not_stored_are_told(run, pictures, house, landlord):
    photo, avatar = pictures[0], pictures[-1]
    media.storage().delete(all_sizes(photo)[1])
    media.storage().delete(avatar)

    code, told = run("missing")

    assert code == 1
    assert re.search(rf"photo \d+\t{all_sizes(photo)[1]}\n", told)
    assert f"main photo of house {house.id}\t{all_sizes(photo)[1]}\n" in told
    assert f"avatar of user {landlord.id}\t{avatar}\n" in told
    assert "3 files are missing" in told


class TestFolder:
    @pytest.fixture
    def settings(self):
        return {}

    def test_the_draft_of_a_killed_upload_is_an_orphan_once_it_is_old(self, run, pictures, config, house):
        draft = config.instance / f"media/houses/{house.id}/.photo9-l.webp.1a2b3c4d"
        draft.write_bytes(b"half a pic")

        assert "0 orphans" in run("orphans")[1]
        os.utime(draft, (time.time() - 90000,) * 2)
        assert "Deleted 1 orphans" in run("orphans", "--delete")[1]
        assert not draft.exists()


class TestFastDFS:
    @pytest.fixture
    def settings(self, cluster):
        return {"storage_url": cluster.url, "media_base_url": "https://media.example.com"}

    def test_missing_pictures_are_told(self, run, pictures):
        assert run("missing")[0] == 0
        media.storage().delete(pictures[0])
        assert pictures[0] in run("missing")[1]

    def test_orphans_cannot_be_told(self, run):
        with pytest.raises(KeepsNoList):  # Which main() says in one line.
            run("orphans")
