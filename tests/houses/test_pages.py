"""A landlord's pages."""

from ihome.houses.actions import add_photo, set_listed
from ihome.houses.names import ENGLISH
from ihome.houses.queries import get_own_house, list_areas, list_facilities
from ihome.kit.db import in_transaction, reading
from tests import make
from tests.page_reader import read


def test_a_landlord_sees_all_their_houses_and_nobody_elses(app):
    owner = make.landlord()
    listed, hidden, other = make.house(owner, title="甲屋"), make.house(owner, title="乙屋"), make.house(title="丙屋")
    in_transaction(lambda: set_listed(make.get_house(hidden.id), False))
    page = read(make.browser(app, owner), "/my-houses")
    assert listed.title in page.words
    assert hidden.title in page.words
    assert other.title not in page.words
    assert f"PUT /api/v1.0/houses/{hidden.id}/listing" in page.calls()


def test_who_is_not_verified_is_told_before_typing(app):
    and_back = "/me?next=/houses/new#identity"
    assert and_back in read(make.browser(app, make.user()), "/houses/new").links
    assert and_back not in read(make.browser(app, make.landlord()), "/houses/new").links


def test_the_steps_of_the_form_are_there_without_script(app):
    page = read(make.browser(app, make.landlord()), "/houses/new")
    steps = [link for link in page.links if link.startswith("#step-")]
    assert len(steps) == 4
    assert {link.removeprefix("#") for link in steps} <= set(page.ids)


def test_a_draft_belongs_to_one_person_and_one_house(app):
    owner, other = make.landlord(), make.landlord()
    house = make.house(owner)
    asked = [(owner, "/houses/new"), (other, "/houses/new"), (owner, f"/houses/{house.id}/edit")]
    forms = [form for person, path in asked for form in read(make.browser(app, person), path).forms]
    drafts = [form["data-draft"] for form in forms if "data-draft" in form]
    assert drafts == [f"{owner.id}:new", f"{other.id}:new", f"{owner.id}:{house.id}"]


def test_a_house_is_changed_with_what_it_has(app):
    owner = make.landlord()
    house = make.house(owner, title="原来的标题", price=19950)
    page = read(make.browser(app, owner), f"/houses/{house.id}/edit")
    assert 'value="原来的标题"' in page.html
    assert 'value="199.50"' in page.html
    assert f"PUT /api/v1.0/houses/{house.id}/info" in page.calls()


def test_somebody_elses_house_cannot_be_changed(app):
    house = make.house()
    stranger = make.browser(app, make.landlord())
    assert read(stranger, f"/houses/{house.id}/edit").status == 403
    assert read(stranger, f"/houses/{house.id}/photos").status == 403
    assert read(stranger, "/houses/4711471147/edit").status == 404


def test_pictures_can_be_made_the_main_one_and_removed(app):
    owner = make.landlord()
    house = make.house(owner)
    first, second = (
        in_transaction(lambda name=name: add_photo(get_own_house(owner, house.id), f"houses/1/{name}-l.webp").id)
        for name in "ab"
    )
    calls = read(make.browser(app, owner), f"/houses/{house.id}/photos").calls()
    images = f"/api/v1.0/houses/{house.id}/images"
    assert f"PUT {images}/{second}/main" in calls
    assert f"PUT {images}/{first}/main" not in calls  # It is.
    assert f"DELETE {images}/{first}" in calls


def test_every_area_and_facility_has_an_english_name(app):
    with reading():
        names = [row.name for row in [*list_areas(), *list_facilities()]]
    assert [name for name in names if name not in ENGLISH] == []


def test_areas_and_facilities_are_english_to_english_readers(visitor):
    house = make.house(area_id=2, facility=[1])
    page = read(visitor, f"/houses/{house.id}", "en")
    assert "Luyang" in page.words
    assert "Wi-Fi" in page.words
    assert "庐阳区" not in page.words


def test_a_house_that_is_not_listed_is_shown_to_its_landlord_alone(app, visitor):
    owner = make.landlord()
    house = make.house(owner)
    in_transaction(lambda: set_listed(make.get_house(house.id), False))
    path = f"/houses/{house.id}"
    landlord = make.browser(app, owner)
    assert "仅您可见" in read(landlord, path).words
    assert landlord.get(path)["errno"] == "4002"
    assert read(visitor, path).status == 404
    assert read(make.browser(app, make.landlord()), path).status == 404
    in_transaction(lambda: set_listed(get_own_house(owner, house.id), True))
    assert "仅您可见" not in read(landlord, path).words
