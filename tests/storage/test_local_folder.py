"""The folder: what a disk does to it."""

import os

import pytest

from ihome.storage.media import LocalFolder, StorageDown


@pytest.fixture
def folder(tmp_path):
    return LocalFolder(tmp_path / "media")


def test_what_cannot_be_written_leaves_the_picture_that_was_there(folder, monkeypatch):
    folder.put("a-l.webp", b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StorageDown):
        folder.put("a-l.webp", b"new")

    assert folder.get("a-l.webp") == b"old"
    assert [stored.key for stored in folder.listing()] == ["a-l.webp"]


def test_a_draft_of_a_killed_process_is_listed_but_is_no_key(folder):
    folder.put("houses/7/a-l.webp", b"whole")
    (folder.folder / "houses/7/.a-l.webp.12345678").write_bytes(b"ha")

    assert sorted(stored.key for stored in folder.listing()) == ["houses/7/.a-l.webp.12345678", "houses/7/a-l.webp"]
    assert list(folder.keys()) == ["houses/7/a-l.webp"]


def test_a_folder_that_is_a_file_is_down(tmp_path):
    (tmp_path / "media").write_text("a file")
    folder = LocalFolder(tmp_path / "media")

    for ask in (lambda: folder.put("a/b", b""), lambda: folder.get("a/b"), lambda: list(folder.listing())):
        with pytest.raises(StorageDown):
            ask()
