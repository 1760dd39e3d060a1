"""What is shown of an address, and how beds are written."""

import pytest

from ihome.houses.rules import format_beds, street_of


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("寿春路 8 号", "寿春路"),
        ("九狮桥街27号", "九狮桥街"),
        ("徽州大道4872号金环大厦12栋3单元1203室", "徽州大道"),
        ("环城路１２号", "环城路"),
        ("长江中路三百号", "长江中路"),
        ("寿春路叁佰号", "寿春路"),
        ("寿春路甲8号", "寿春路"),
        ("阜南路东大院(8号)", "阜南路东大院"),
        ("合作化路第 12 号", "合作化路"),
        ("翡翠湖A区3栋", "翡翠湖A区"),
        ("三孝口", "三孝口"),
        ("七里塘路", "七里塘路"),
        ("12 Baker Street, Flat 3", "Baker Street"),
        ("No. 8 Shouchun Road", "Shouchun Road"),
        ("Shouchun Road No. 8", "Shouchun Road"),
        ("8号", ""),
        ("No.8", ""),
        ("", ""),
    ],
)
def test_a_street_has_no_door(address, street):
    assert street_of(address) == street


def test_beds_are_written_for_people():
    assert format_beds("双人床:2x1.8x1") == "双人床 2×1.8×1"
    assert format_beds("Box spring: 2") == "Box spring 2"
