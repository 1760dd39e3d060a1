"""A site of several cities: one searches a whole city, or an area of it. With one city nothing is asked."""

import pytest
from sqlalchemy import delete, update

from ihome.houses.models import Area, City, House
from ihome.kit.db import in_transaction, session
from tests import make
from tests.page_reader import read


@pytest.fixture
def wuhu(app):
    """Another city, with one area, as long as the test lasts: cities are not emptied after it."""

    def found():
        city = City(name="芜湖")
        session.add(city)
        session.flush()
        session.add(Area(city_id=city.id, name="镜湖区"))
        return city.id

    def close(city_id):
        session.execute(update(House).where(House.area_id > 9).values(area_id=1))
        session.execute(delete(Area).where(Area.city_id == city_id))
        session.execute(delete(City).where(City.id == city_id))

    city_id = in_transaction(found)
    yield city_id
    in_transaction(close, city_id)


@pytest.fixture
def area(wuhu):
    return in_transaction(lambda: max(area.id for area in session.query(Area)))


def test_with_one_city_its_name_stands_for_everywhere(visitor):
    page = read(visitor, "/")

    assert "合肥全城" in page.html
    assert "city_id" not in [field.get("name") for field in page.fields]


def test_a_whole_city_is_searched(visitor, wuhu, area):
    here, there = make.house(area_id=2), make.house(area_id=area)

    found = {city: visitor.get("/houses", city_id=city)["data"]["houses"] for city in (1, wuhu)}
    assert [house["house_id"] for house in found[1]] == [here.id]
    assert [house["house_id"] for house in found[wuhu]] == [there.id]
    assert visitor.get("/houses", city_id=wuhu, area_id=2)["data"]["houses"] == []

    page = read(visitor, f"/search?city_id={wuhu}")
    assert "芜湖 1 处房源" in page.words
    assert f"/houses/{there.id}" in page.links
    assert f"/houses/{here.id}" not in page.links
    assert '<optgroup label="芜湖">' in page.html


def test_a_city_that_there_is_not_is_said_at_its_field(visitor, wuhu):
    page = read(visitor, f"/search?city_id={wuhu + 1}")

    (city,) = [field for field in page.fields if field.get("name") == "city_id"]
    assert city["aria-invalid"] == "true"
    assert "没有这个区域" in page.words


def test_what_is_offered_instead_is_in_the_same_city(visitor, wuhu, area):
    make.house(area_id=3)
    make.house(area_id=area)

    offered = [link for link in read(visitor, "/search?city_id=1&area_id=2").links if "city_id=1" in link]

    assert any("area_id=3" in link for link in offered)
    assert not any(f"area_id={area}" in link for link in offered)
