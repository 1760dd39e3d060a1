"""Secrets at rest and keyed hashes."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from ihome.kit.crypto import decrypt, encrypt, key_number, keyed_hash, same

OLD, NEW = bytes(32), bytes(range(32))


@given(st.text(), st.text())
def test_what_was_sealed_can_be_opened(plain, owner):
    assert decrypt({1: OLD}, encrypt({1: OLD}, plain, bound_to=owner), bound_to=owner) == plain


def test_the_newest_key_seals_and_every_key_opens():
    before = encrypt({1: OLD}, "number", bound_to="a")
    after = encrypt({2: NEW, 1: OLD}, "number", bound_to="a")

    assert (key_number(before), key_number(after)) == (1, 2)
    assert {decrypt({1: OLD, 2: NEW}, sealed, bound_to="a") for sealed in (before, after)} == {"number"}
    assert decrypt({2: NEW}, after, bound_to="a") == "number"


def test_a_key_that_was_taken_away_opens_nothing():
    sealed = encrypt({1: OLD}, "number", bound_to="a")

    with pytest.raises(KeyError):
        decrypt({2: NEW}, sealed, bound_to="a")
    with pytest.raises(InvalidTag):
        decrypt({1: NEW}, sealed, bound_to="a")


def test_it_cannot_be_moved_to_another_row():
    sealed = encrypt({1: OLD}, "number", bound_to="ih_id_card:1")

    with pytest.raises(InvalidTag):
        decrypt({1: OLD}, sealed, bound_to="ih_id_card:2")


def test_every_changed_byte_is_noticed():
    sealed = encrypt({1: OLD}, "340102198505171234", bound_to="a")

    for place in range(1, len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(InvalidTag):
            decrypt({1: OLD}, changed, bound_to="a")


def test_the_same_text_is_sealed_differently_each_time():
    assert len({encrypt({1: OLD}, "number", bound_to="a") for _ in range(100)}) == 100


def test_the_text_is_not_in_the_seal():
    assert b"340102198505171234" not in encrypt({1: OLD}, "340102198505171234", bound_to="a")


def test_a_hash_needs_its_key_and_keeps_its_parts_apart():
    hashes = [
        keyed_hash("key", "a", "bc"), keyed_hash("key", "ab", "c"), keyed_hash("key", "abc"),
        keyed_hash("KEY", "a", "bc"), keyed_hash("key", "a", "b", "c"), keyed_hash("key", "", "a", "bc"),
    ]  # fmt: skip

    assert len(set(hashes)) == len(hashes)
    assert hashes[0] == keyed_hash("key", "a", "bc")
    assert all(len(one) == 64 for one in hashes)


@pytest.mark.parametrize(
    ("left", "right", "are_same"),
    [("a", "a", True), ("a", "b", False), ("", "", True), ("é", "é", True), ("é", "e", False), ("a", "ab", False)],
)
def test_same(left, right, are_same):
    assert same(left, right) is are_same
