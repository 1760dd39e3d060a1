"""What every storage does. The order of a test's lines is an upload's life."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from ihome.storage.media import KeepsNoList, NotStored
from ihome.storage.pictures import sized

MEGABYTE = os.urandom(2**20)


def test_what_was_put_is_got(storage):
    key = storage.put("houses/7/room-l.webp", b"picture")

    assert storage.get(key) == b"picture"
    assert storage.size(key) == 7


def test_a_megabyte_of_any_bytes_is_kept_as_it_is(storage):
    key = storage.put("houses/7/large-l.webp", MEGABYTE)

    assert storage.get(key) == MEGABYTE


def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_error(storage):
    key = storage.put("avatars/guest.webp", b"face")

    storage.delete(key)
    storage.delete(key)

    for ask in (storage.get, storage.size):
        with pytest.raises(NotStored, match=re.escape(key)):
            ask(key)


@pytest.mark.parametrize("key", ["houses/7/none-l.webp", "group1/M00/00/00/fwAABGsHI3SAVikjAAST4IAiC5U38.webp"])
def test_what_was_never_put_is_not_there(storage, key):
    with pytest.raises(NotStored):
        storage.get(key)
    with pytest.raises(NotStored):
        storage.size(key)
    storage.delete(key)


NO_KEYS = ("", "/", "/etc/passwd", "..", "../x", "a/../../x", "a/./x", "a//x", "a/", "a b", "a\0b", "a\n", "a?b", "图")


@pytest.mark.parametrize("key", NO_KEYS)
def test_what_is_no_key_is_refused(storage, key):
    for ask in (storage.get, storage.size, storage.delete, storage.url, lambda key: storage.put(key, b"x")):
        with pytest.raises(ValueError):
            ask(key)


def test_two_pictures_do_not_mix(storage):
    keys = {storage.put(f"houses/{number}/a-l.webp", b"%d" % number): b"%d" % number for number in range(20)}

    assert {key: storage.get(key) for key in keys} == keys


def test_many_threads_put_and_get_at_once(storage):
    def there_and_back(number):
        key = storage.put(f"houses/7/{number}-l.webp", b"%d" % number * 1000)
        return storage.get(key)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(there_and_back, range(64))) == [b"%d" % number * 1000 for number in range(64)]


def test_the_sizes_of_a_picture_are_kept_under_the_key_of_its_largest(storage):
    key = storage.put("houses/7/room-l.webp", b"large")
    for size in ("m", "s"):
        assert storage.put(sized(key, size), size.encode()) == sized(key, size)
    assert [storage.get(sized(key, size)) for size in ("l", "m", "s")] == [b"large", b"m", b"s"]

    storage.put(sized(key, "m"), b"again")
    assert storage.get(sized(key, "m")) == b"again"

    storage.delete(key)
    storage.delete(sized(key, "m"))
    assert storage.get(sized(key, "s")) == b"s"


@pytest.mark.parametrize("kind", ["file", "s3"])
def test_an_empty_storage_has_no_keys(request, kind):
    assert list(request.getfixturevalue(f"{kind}_storage").keys()) == []


@pytest.mark.parametrize("kind", ["file", "s3"])
def test_keys_are_all_that_was_put(request, kind):
    storage = request.getfixturevalue(f"{kind}_storage")
    put = {storage.put(f"houses/{number % 7}/{number}-l.webp", b"x") for number in range(30)}

    assert sorted(storage.keys()) == sorted(put)


@pytest.mark.parametrize("kind", ["file", "s3"])
def test_the_listing_tells_size_and_age(request, kind):
    storage = request.getfixturevalue(f"{kind}_storage")
    key = storage.put("avatars/guest.webp", b"face")

    (found,) = storage.listing()

    assert (found.key, found.size) == (key, 4)
    assert abs(datetime.now(UTC) - found.changed_at) < timedelta(minutes=1)


def test_a_storage_without_a_list_says_so(fastdfs_storage):
    with pytest.raises(KeepsNoList):
        list(fastdfs_storage.keys())


def test_the_url_leads_to_the_key(storage):
    key = storage.put("avatars/guest.webp", b"face")

    assert storage.url(key) == f"https://media.example.com/{key}"
