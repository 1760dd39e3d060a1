"""Stays and what a house offers: pure arithmetic, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ihome.calendar.errors import StayNotAllowed
from ihome.calendar.rules import HORIZON, LONGEST, Stay, check_stay

TODAY = date(2026, 5, 1)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def days(number):
    return timedelta(days=number)


def refusal(first, nights, *, min_days=1, max_days=0):
    """The field that is to blame for a stay of so many nights from day `first` on; "" where it is allowed."""
    stay = Stay(TODAY + days(first), TODAY + days(first + nights))
    try:
        check_stay(stay, today=TODAY, min_days=min_days, max_days=max_days)
    except StayNotAllowed as refused:
        (field,) = refused.errors
        return field
    return ""


def test_start_and_end_are_both_slept():
    stay = Stay.of_nights(date(2026, 5, 1), date(2026, 5, 3))

    assert stay == Stay(check_in=date(2026, 5, 1), check_out=date(2026, 5, 4))
    assert (stay.first_night, stay.last_night, stay.days) == (date(2026, 5, 1), date(2026, 5, 3), 3)
    assert list(stay.nights) == [date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3)]


def test_one_night_starts_and_ends_on_the_same_date():
    assert Stay.of_nights(TODAY, TODAY).days == 1


def test_dates_in_the_wrong_order_are_no_nights():
    stay = Stay.of_nights(TODAY, TODAY - days(3))

    assert stay.days == -2
    assert list(stay.nights) == []


def test_the_calendars_last_day_is_a_date_like_any_other():
    assert Stay.of_nights(TODAY, date.max).days > LONGEST


@given(DAYS, st.integers(0, 800))
def test_nights_are_consecutive_and_as_many_as_days(first, more):
    stay = Stay.of_nights(first, first + days(more))
    nights = list(stay.nights)

    assert len(nights) == stay.days == more + 1
    assert nights == [first + days(number) for number in range(more + 1)]
    assert (nights[0], nights[-1]) == (stay.first_night, stay.last_night)


@given(DAYS, st.integers(1, 60), DAYS, st.integers(1, 60))
def test_stays_share_a_night_exactly_when_they_overlap(one, one_nights, other, other_nights):
    a, b = Stay(one, one + days(one_nights)), Stay(other, other + days(other_nights))

    assert bool(set(a.nights) & set(b.nights)) == (a.check_in < b.check_out and b.check_in < a.check_out)


def test_tonight_can_be_booked_and_yesterday_cannot():
    assert refusal(0, 1) == ""
    assert refusal(-1, 1) == "start_date"
    assert refusal(-1, 3) == "start_date"


def test_the_end_comes_after_the_start():
    assert refusal(5, 0) == "end_date"
    assert refusal(5, -3) == "end_date"


def test_bookings_open_540_days_ahead():
    assert refusal(HORIZON, 1) == ""
    assert refusal(HORIZON + 1, 1) == "end_date"
    assert refusal(HORIZON - 1, 3) == "end_date"


def test_before_the_first_day_there_is_no_night():
    assert Stay(date.min, date.min).last_night == date.min


def test_a_house_may_ask_for_a_number_of_nights():
    assert refusal(5, 2, min_days=3) == "end_date"
    assert refusal(5, 3, min_days=3, max_days=5) == ""
    assert refusal(5, 5, min_days=3, max_days=5) == ""
    assert refusal(5, 6, min_days=3, max_days=5) == "end_date"


def test_zero_is_no_limit_but_a_year_is():
    assert refusal(5, LONGEST, max_days=0) == ""
    assert refusal(5, LONGEST + 1, max_days=0) == "end_date"
    assert refusal(5, LONGEST + 1, max_days=500) == "end_date"


@pytest.mark.parametrize("nights", [1, 2, 30])
def test_whatever_is_allowed_has_nights(nights):
    stay = Stay(TODAY, TODAY + days(nights))
    check_stay(stay, today=TODAY, min_days=1, max_days=0)

    assert len(list(stay.nights)) == nights
