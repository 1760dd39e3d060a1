"""Pictures of houses (contract: POST /houses/images)."""

import io
import struct
import zlib

import pytest
from PIL import Image

from ihome.houses.actions import add_photo
from ihome.houses.queries import get_own_house
from ihome.kit import outbox
from ihome.kit.db import in_transaction
from ihome.storage.pictures import NotAPicture, read_picture
from tests import make
from tests.uploads import multipart, open_stored, stored

MEGA = 1024 * 1024


@pytest.fixture
def owner(app):
    return make.landlord()


@pytest.fixture
def landlord(app, owner):
    return make.browser(app, owner)


@pytest.fixture
def house(owner):
    return make.house(owner)


def upload(browser, house_id, content=None, **options):
    content = make.picture().getvalue() if content is None else content
    return browser.post("/houses/images", **multipart("house_image", content, house_id=house_id, **options))


def full(browser, house):
    return browser.get(f"/houses/{house.id}")["data"]["house"]


def as_file(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def test_a_picture_is_stored_and_shown(landlord, visitor, house):
    url = upload(landlord, house.id)["data"]["image_url"]

    assert full(visitor, house)["img_urls"] == [url]
    assert open_stored(visitor, url).size == (640, 480)


def test_the_first_becomes_the_main_picture(landlord, visitor, house):
    first, _second = (upload(landlord, house.id)["data"]["image_url"] for _ in range(2))

    (found,) = visitor.get("/houses")["data"]["houses"]
    assert found["img_url"] == first
    assert visitor.get("/houses/index")["data"][0]["img_url"] == first


def test_pictures_keep_their_order(landlord, visitor, house):
    urls = [upload(landlord, house.id)["data"]["image_url"] for _ in range(3)]

    assert full(visitor, house)["img_urls"] == urls


# --- who and what -----------------------------------------------------------------------------------------------------


def test_a_bad_house_id_is_4103(landlord, house):
    for house_id in ("", "x", "1.5", "true", "1e2", "NaN"):
        answer = upload(landlord, house_id)

        assert answer["errno"] == "4103", house_id
        assert "house_id" in answer["errors"], house_id


def test_no_house_id_or_no_picture_is_4103(landlord, house):
    no_id = landlord.post("/houses/images", **multipart("house_image", make.picture().getvalue()))
    no_picture = landlord.post("/houses/images", data={"house_id": house.id}, content_type="multipart/form-data")
    nameless = upload(landlord, house.id, b"", filename="")

    assert [answer["errno"] for answer in (no_id, no_picture, nameless)] == ["4103"] * 3
    assert "house_id" in no_id["errors"]
    assert "house_image" in no_picture["errors"]


def test_a_house_that_is_not_there_is_4002(landlord, house):
    for house_id in ("0", "-1", "999999", str(2**63), "9" * 40):
        assert upload(landlord, house_id)["errno"] == "4002", house_id


def test_a_stranger_is_4105_before_the_picture_is_looked_at(app, visitor, house):
    stranger = make.browser(app, make.landlord("stranger"))

    assert upload(stranger, house.id)["errno"] == "4105"
    assert upload(stranger, house.id, b"no picture")["errno"] == "4105"
    assert full(visitor, house)["img_urls"] == []


def test_who_is_not_signed_in_is_4101(visitor, house):
    assert upload(visitor, house.id)["errno"] == "4101"
    assert upload(visitor, "x", b"")["errno"] == "4101"


def add_photos(owner, house, count):
    """Rows of pictures; what they look like does not matter."""
    for number in range(count):
        in_transaction(lambda n=number: add_photo(get_own_house(owner, house.id), f"houses/{n}-l.webp"))


def test_the_21st_picture_is_4201_whatever_it_is(landlord, visitor, owner, house):
    add_photos(owner, house, 20)

    assert upload(landlord, house.id)["errno"] == "4201"
    assert upload(landlord, house.id, b"no picture")["errno"] == "4201"
    assert len(full(visitor, house)["img_urls"]) == 20


def test_the_20th_picture_is_taken(landlord, owner, house):
    add_photos(owner, house, 19)

    assert upload(landlord, house.id)["errno"] == "0"


# --- what is a picture ------------------------------------------------------------------------------------------------


def test_usual_pictures_are_taken_and_become_webp(landlord, visitor, house):
    for kind in ("JPEG", "PNG", "WEBP", "AVIF"):
        url = upload(landlord, house.id, make.picture(kind=kind).getvalue())["data"]["image_url"]

        assert open_stored(visitor, url).format == "WEBP"


def test_pictures_of_any_colours_are_taken(landlord, visitor, house):
    for mode in ("1", "L", "LA", "P", "RGBA", "CMYK", "I;16"):
        content = as_file(Image.new(mode, (20, 10)), "JPEG" if mode == "CMYK" else "PNG")

        assert open_stored(visitor, upload(landlord, house.id, content)["data"]["image_url"]).size == (20, 10)


def test_the_extension_does_not_matter(landlord, house):
    assert upload(landlord, house.id, filename="../../evil.php")["errno"] == "0"
    assert upload(landlord, house.id, b"<?php", filename="photo.jpg")["errno"] == "4004"


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, *chunks):
    """A PNG that claims to be so large."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


PIXELS = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
NO_PICTURES = {
    "empty": b"",
    "text": b"hello",
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><path d="M0 0h9v9"/></svg>',
    "html that begins as a GIF": b"GIF89a/*<script>alert(1)</script>*/=1;" + b"\0" * 100,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "bmp": as_file(Image.new("RGB", (9, 9)), "BMP"),
    "tiff": as_file(Image.new("RGB", (9, 9)), "TIFF"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n",
    "truncated jpeg": make.picture().getvalue()[:1500],
    "truncated png": make.picture(kind="PNG").getvalue()[:200],
    "truncated webp": make.picture(kind="WEBP").getvalue()[:60],
    "header alone": png(10, 10),
    "more pixels promised than sent": png(5000, 5000, PIXELS),
    "bomb": png(50_000, 50_000, PIXELS),
    "largest bomb": png(2**31 - 1, 2**31 - 1, PIXELS),
    "no width": png(0, 10, PIXELS),
    "text bomb": png(10, 10, chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(70 * MEGA))), PIXELS),
}


def test_what_is_no_picture_is_4004(landlord, visitor, house):
    answers = {name: upload(landlord, house.id, content)["errno"] for name, content in NO_PICTURES.items()}

    assert answers == dict.fromkeys(NO_PICTURES, "4004")
    assert full(visitor, house)["img_urls"] == []


def test_what_is_no_picture_leaves_nothing_behind(landlord, house, config):
    upload(landlord, house.id, b"hello")

    assert [path for path in (config.instance / "media").rglob("*") if path.is_file()] == []


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's opinion of some of these.
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_whatever_decoders_say_of_a_broken_file_is_not_a_picture(kind):
    """Pillow raises RuntimeError, struct.error and more: none of it is our crash."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"
    whole = as_file(Image.radial_gradient("L").resize((32, 24)).convert("RGB"), kind, exif=exif)
    refused = 0
    for place in range(0, len(whole), 3):
        for broken in (
            whole[:place],
            whole[:place] + b"\xff\x00\xff" + whole[place + 3 :],
            whole[:place] + whole[place + 2 :],
        ):
            try:
                read_picture(io.BytesIO(broken))
            except NotAPicture:
                refused += 1

    assert refused


@pytest.mark.parametrize(("width", "height", "errno"), [(8000, 5000, "0"), (8000, 5001, "4004")])
def test_a_picture_has_at_most_40_megapixels(landlord, house, width, height, errno):
    content = as_file(Image.new("1", (width, height)), "PNG")

    assert upload(landlord, house.id, content)["errno"] == errno


def test_a_picture_has_at_most_10_mb(landlord, house):
    picture = make.picture().getvalue()

    assert upload(landlord, house.id, picture.ljust(10 * 10**6, b"\0"))["errno"] == "0"
    assert upload(landlord, house.id, picture.ljust(10 * MEGA + 1, b"\0"))["errno"] == "4004"


def test_a_body_over_12_mb_is_413(landlord, visitor, house):
    options = multipart("house_image", bytes(12 * MEGA), house_id=house.id)
    answer = landlord.request("POST", "/houses/images", **options)

    assert answer.status_code == 413
    assert answer.get_json()["errno"] == "4103"
    assert full(visitor, house)["img_urls"] == []


def test_nothing_of_the_file_but_its_pixels_is_kept(landlord, visitor, house):
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"  # Make
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    picture = Image.new("RGB", (40, 20), "red")
    content = as_file(picture, "JPEG", exif=exif, comment=b"SECRET-COMMENT") + b"<script>SECRET-TAIL</script>"

    kept = stored(visitor, upload(landlord, house.id, content)["data"]["image_url"])

    assert b"SECRET" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert {"exif", "xmp", "icc_profile", "comment"}.isdisjoint(Image.open(io.BytesIO(kept)).info)


def test_a_picture_lying_on_its_side_is_turned_upright(landlord, visitor, house):
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: the top of the scene is at the right.
    content = as_file(Image.new("RGB", (40, 20)), "JPEG", exif=exif)

    assert open_stored(visitor, upload(landlord, house.id, content)["data"]["image_url"]).size == (20, 40)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_broken_exif_does_no_harm(landlord, house):
    for junk in (b"Exif\0\0", b"Exif\0\0MM\0*", b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 40, b"\xff" * 99):
        content = as_file(Image.new("RGB", (40, 20)), "JPEG", exif=junk)

        assert upload(landlord, house.id, content)["errno"] == "0", junk


def test_a_real_gif_becomes_a_still_picture(landlord, visitor, house):
    frames = [Image.new("P", (20, 10), number) for number in (0, 1)]
    content = as_file(frames[0], "GIF", save_all=True, append_images=frames[1:])

    kept = open_stored(visitor, upload(landlord, house.id, content)["data"]["image_url"])

    assert kept.format == "WEBP"
    assert getattr(kept, "n_frames", 1) == 1


def test_large_pictures_are_made_smaller_and_small_ones_are_not_enlarged(landlord, visitor, house):
    sizes = [
        open_stored(visitor, upload(landlord, house.id, make.picture(*size).getvalue())["data"]["image_url"]).size
        for size in ((4000, 2000), (1, 1), (3000, 1))
    ]

    assert sizes[0][0] < 4000
    assert sizes[0][0] == 2 * sizes[0][1]
    assert sizes[1] == (1, 1)
    assert sizes[2][1] == 1


def test_two_uploads_of_one_file_are_two_pictures(landlord, house):
    first, second = (upload(landlord, house.id)["data"]["image_url"] for _ in range(2))

    assert first != second


def test_a_picture_that_cannot_be_stored_is_4302(landlord, visitor, house, config):
    (config.instance / "media").write_text("a file where the folder should be")

    assert upload(landlord, house.id)["errno"] == "4302"
    assert full(visitor, house)["img_urls"] == []


# --- the others: main picture, taking one away ------------------------------------------------------------------------


@pytest.fixture
def photos(landlord, house):
    """Ids and addresses of three pictures."""
    added = [upload(landlord, house.id)["data"] for _ in range(3)]
    return [photo["image_id"] for photo in added], [photo["image_url"] for photo in added]


def main_picture(browser):
    return browser.get("/houses")["data"]["houses"][0]["img_url"]


def test_another_picture_can_become_the_main_one(landlord, visitor, house, photos):
    ids, urls = photos

    assert landlord.put(f"/houses/{house.id}/images/{ids[2]}/main")["errno"] == "0"

    assert main_picture(visitor) == urls[2]
    assert full(visitor, house)["img_urls"] == urls


def test_a_picture_taken_away_is_gone_at_once_and_its_files_soon(landlord, visitor, house, photos, config):
    ids, urls = photos
    visitor.get(f"/houses/{house.id}")

    assert landlord.delete(f"/houses/{house.id}/images/{ids[1]}")["errno"] == "0"

    assert full(visitor, house)["img_urls"] == [urls[0], urls[2]]
    outbox.drain()
    names = {path.name for path in (config.instance / "media").rglob("*") if path.is_file()}
    assert urls[0].rpartition("/")[2] in names
    assert urls[1].rpartition("/")[2] not in names


def test_without_the_main_picture_the_next_one_is_it(landlord, visitor, house, photos):
    ids, urls = photos
    for number, expected in ((0, urls[1]), (1, urls[2]), (2, "")):
        landlord.delete(f"/houses/{house.id}/images/{ids[number]}")

        assert main_picture(visitor) == expected


def test_taking_one_away_makes_room_for_another(landlord, owner, house, photos):
    add_photos(owner, house, 17)
    assert upload(landlord, house.id)["errno"] == "4201"

    landlord.delete(f"/houses/{house.id}/images/{photos[0][0]}")

    assert upload(landlord, house.id)["errno"] == "0"


@pytest.mark.parametrize(("method", "tail"), [("DELETE", ""), ("PUT", "/main")])
def test_a_stranger_touches_no_picture(app, landlord, visitor, house, photos, method, tail):
    ids, urls = photos
    stranger = make.landlord("stranger")
    own = make.house(stranger)
    browser = make.browser(app, stranger)

    def touch(person, house_id, image_id):
        return person.request(method, f"/houses/{house_id}/images/{image_id}{tail}").get_json()["errno"]

    assert touch(browser, house.id, ids[1]) == "4105"
    assert touch(browser, own.id, ids[1]) == "4002"  # Through a house of one's own neither.
    assert touch(browser, 999999, ids[1]) == "4002"
    assert touch(landlord, house.id, 999999) == "4002"
    assert full(visitor, house)["img_urls"] == urls
