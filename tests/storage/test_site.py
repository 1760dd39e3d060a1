"""The site over each storage: an upload is shown, forgotten, and refused where it cannot be kept."""

import re

import httpx
import pytest

from ihome.kit import outbox
from ihome.storage import media
from ihome.storage.media import StorageDown
from ihome.storage.pictures import all_sizes, keep_picture, read_picture
from tests import make
from tests.uploads import multipart

MEDIA = "https://media.example.com"


@pytest.fixture
def kind():
    return "bucket"


@pytest.fixture
def settings(kind, request):
    """Of a site over a public bucket, a private one, or FastDFS."""
    if kind == "fastdfs":
        return {"storage_url": request.getfixturevalue("cluster").url, "media_base_url": MEDIA}
    request.getfixturevalue("s3_storage")
    url = request.getfixturevalue("seaweedfs").url()
    return {"storage_url": url, "media_base_url": MEDIA} if kind == "bucket" else {"storage_url": url}


@pytest.fixture
def upload(app, landlord, house):
    browser = make.browser(app, landlord)

    def send():
        return browser.post("/houses/images", **multipart("house_image", make.picture().getvalue(), house_id=house.id))

    return send


@pytest.fixture
def shown(app, house):
    """The pictures on the page of the house, and what the page lets browsers load."""

    def look():
        answer = app.test_client().get(f"/houses/{house.id}")
        found = set(re.findall(r"[^\s\"]+\.webp", answer.get_data(as_text=True)))
        return found, answer.headers["Content-Security-Policy"]

    return look


@pytest.mark.parametrize("kind", ["bucket", "fastdfs"])
def test_pictures_are_shown_from_where_the_public_finds_them(app, upload, shown, kind):
    first = upload()["data"]["image_url"]

    urls, policy = shown()
    key = first.removeprefix(f"{MEDIA}/")
    assert urls == {f"{MEDIA}/{one}" for one in all_sizes(key)}
    assert all(media.storage().get(one) for one in all_sizes(key))
    assert f"img-src 'self' data: {MEDIA};" in policy
    assert app.test_client().get(f"/media/{key}").status_code == 404


@pytest.mark.parametrize("kind", ["private bucket"])
def test_the_site_leads_on_to_a_private_bucket(app, upload, shown, seaweedfs):
    assert upload()["errno"] == "0"

    urls, policy = shown()
    assert len(urls) == 3
    assert f"img-src 'self' data: http://{seaweedfs.host};" in policy
    for url in urls:
        answer = app.test_client().get(url.removeprefix("http://localhost"))
        assert answer.status_code == 302
        assert answer.headers["Cache-Control"] == "public, max-age=43200"
        assert httpx.get(answer.headers["Location"]).headers["Content-Type"] == "image/webp"


@pytest.mark.parametrize("kind", ["private bucket"])
def test_the_site_leads_to_nothing_in_a_private_bucket_but_pictures(app):
    for key in ("backups/ihome.tar.gz", "secrets.webp", "houses/../secrets.webp", "houses/7/", "backups/7/a-l.webp"):
        assert app.test_client().get(f"/media/{key}").status_code == 404, key


@pytest.mark.parametrize("kind", ["bucket", "fastdfs"])
def test_a_picture_that_is_removed_is_forgotten_in_all_sizes(app, landlord, house, upload, kind):
    sent = upload()["data"]
    key = sent["image_url"].removeprefix(f"{MEDIA}/")

    make.browser(app, landlord).delete(f"/houses/{house.id}/images/{sent['image_id']}")
    outbox.drain()

    for one in all_sizes(key):
        with pytest.raises(media.NotStored):
            media.storage().get(one)


@pytest.mark.parametrize("kind", ["fastdfs"])
def test_a_storage_that_is_down_is_4302_and_the_site_goes_on(upload, shown, cluster):
    for storage in cluster.storages:
        storage.is_full = True
    assert upload()["errno"] == "4302"

    for storage in cluster.storages:
        storage.is_full = False
    assert upload()["errno"] == "0"
    assert len(shown()[0]) == 3


@pytest.mark.parametrize("kind", ["fastdfs"])
def test_a_picture_of_which_only_some_sizes_can_be_kept_leaves_nothing_behind(app, cluster, monkeypatch):
    put = media.storage().put

    def fill(key, content):
        kept = put(key, content)
        for storage in cluster.storages:
            storage.is_full = "-m." in kept
        return kept

    monkeypatch.setattr(media.storage(), "put", fill)
    with pytest.raises(StorageDown):
        keep_picture(read_picture(make.picture()), "houses/7")

    assert cluster.files == {}
