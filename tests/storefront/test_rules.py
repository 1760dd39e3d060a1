"""Months, runs of nights, and which dates come nearest."""

from datetime import date, timedelta

from ihome.calendar.rules import HORIZON, Stay
from ihome.storefront.rules import months_from, nearest_free, spans, within_rules

TODAY = date(2026, 6, 1)


def nights(*days):
    return {date(2026, 6, day) for day in days}


def stay(first, last):
    return Stay(date(2026, 6, first), date(2026, 6, last))


def test_months_follow_each_other_over_the_new_year():
    months = months_from(date(2026, 12, 24), 3)
    assert [month.first for month in months] == [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]


def test_a_month_has_all_its_days_in_weeks_from_monday():
    (month,) = months_from(date(2026, 6, 15), 1)
    assert [day.day for week in month.weeks for day in week if day] == list(range(1, 31))
    assert all(week[0] is None or week[0].weekday() == 0 for week in month.weeks)


def test_of_two_stays_as_near_the_later_is_offered_first():
    assert nearest_free(stay(10, 12), nights(10, 11), today=TODAY) == [stay(12, 14), stay(8, 10)]


def test_what_is_free_needs_no_other():
    assert nearest_free(stay(10, 12), nights(9, 12), today=TODAY) == [stay(10, 12)]


def test_an_earlier_stay_is_offered_first_where_it_is_nearer():
    assert nearest_free(stay(10, 12), nights(11, 12, 13, 14), today=TODAY) == [stay(9, 11), stay(15, 17)]


def test_nothing_is_offered_in_the_past_or_past_the_horizon():
    assert nearest_free(stay(2, 4), nights(2, 3, 4), today=date(2026, 6, 2)) == [stay(5, 7)]
    last = Stay(TODAY + timedelta(days=HORIZON), TODAY + timedelta(days=HORIZON + 1))
    before = Stay(last.check_in - timedelta(days=1), last.check_in)
    assert nearest_free(last, {last.first_night}, today=TODAY) == [before]


def test_nothing_is_offered_where_all_is_taken():
    taken = {TODAY + timedelta(days=ahead) for ahead in range(200)}
    assert nearest_free(stay(10, 12), taken, today=TODAY) == []


def test_a_stay_is_brought_within_the_rules():
    rules = {"today": TODAY, "min_days": 2, "max_days": 5}
    assert within_rules(stay(10, 11), **rules) == stay(10, 12)
    assert within_rules(stay(10, 20), **rules) == stay(10, 15)
    assert within_rules(Stay(date(2026, 5, 20), date(2026, 5, 23)), **rules) == stay(1, 4)
    assert within_rules(stay(12, 10), **rules) == stay(12, 14)
    assert within_rules(Stay(date(2030, 1, 1), date.max), **(rules | {"max_days": 0})).days == 365


def test_nights_that_follow_each_other_are_one_span():
    assert spans(sorted(nights(3, 4, 5, 9))) == [stay(3, 6), stay(9, 10)]
    assert spans([]) == []
