"""What leaves gzipped, and what does not."""

import gzip
from functools import partial

import pytest

GZIP = {"Accept-Encoding": "gzip, br"}
CSS = "/static/css/site.css"


@pytest.fixture
def get(app):
    return partial(app.test_client().get, buffered=True)


@pytest.mark.parametrize("path", ["/", "/nowhere", CSS, "/static/icons.svg"])
def test_texts_are_the_same_and_much_smaller(get, path):
    plain, small = get(path), get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data)[:200] == plain.data[:200]  # Further down, a page may show the time.
    assert len(small.data) == int(small.headers["Content-Length"]) < len(plain.data) / 2
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]  # Or a proxy would give one to who wants the other.


@pytest.mark.parametrize("accepted", ["gzip;q=0", "gzip;q=0.0, br", "identity", "", "br;q=1.0, gzip; q=0"])
def test_who_does_not_want_gzip_does_not_get_it(get, accepted):
    assert "Content-Encoding" not in get("/", headers={"Accept-Encoding": accepted}).headers


def test_json_and_pictures_stay_as_they_are(get):
    assert "Content-Encoding" not in get("/api/v1.0/areas", headers=GZIP).headers
    assert "Content-Encoding" not in get("/api/v1.0/image_codes/abcdefgh", headers=GZIP).headers


def test_a_file_that_the_browser_has_is_not_sent_again(get):
    first = get(CSS, headers=GZIP)
    again = get(CSS, headers=GZIP | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_part_of_a_file_is_the_part_that_was_asked_for(get):
    part = get(CSS, headers=GZIP | {"Range": "bytes=0-99"})
    assert (part.status_code, len(part.data)) == (206, 100)
    assert "Content-Encoding" not in part.headers


def test_versioned_files_may_be_kept_for_a_year(get):
    assert "max-age=31536000" in get(CSS, headers=GZIP).headers["Cache-Control"]
