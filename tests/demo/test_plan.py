"""The plan of the demo city keeps the rules of the house, whatever the day it is made for."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ihome.config import load
from ihome.demo.city import read_city
from ihome.demo.plan import SOON, make_plan
from ihome.orders.models import HOLDING, OPEN, Status

ZONE = ZoneInfo("Asia/Shanghai")
CITY = read_city()
HOUSES = {house.key: house for house in CITY.houses}
# Just after midnight and just before it, in winter and summer, on a leap day and at the year's ends.
NOWS = [
    datetime.fromisoformat(f"{wall_clock}+08:00")
    for wall_clock in (
        "2026-01-01T00:01",
        "2028-02-29T23:59",
        "2026-05-15T04:30",
        "2026-09-01T12:00",
        "2026-12-31T20:00",
    )
]


@pytest.fixture(scope="module", params=NOWS, ids=str)
def now(request):
    return request.param.astimezone(UTC)


@pytest.fixture(scope="module")
def plan(now):
    return make_plan(CITY, now, ZONE)


@pytest.fixture(scope="module")
def today(now):
    return now.astimezone(ZONE).date()


def local_day(instant):
    return instant.astimezone(ZONE).date()


def test_the_same_instant_makes_the_same_plan(plan, now):
    assert make_plan(CITY, now, ZONE) == plan


def test_stays_are_as_long_as_their_house_allows(plan):
    for visit in plan.visits:
        house = HOUSES[visit.house]
        assert house.min_days <= visit.stay.days <= (house.max_days or 365)


def test_no_night_is_taken_twice(plan):
    nights = [(v.house, night) for v in plan.visits if v.status in HOLDING for night in v.stay.nights]
    assert len(nights) == len(set(nights))


def test_nobody_sleeps_in_two_places(plan):
    nights = [(v.guest, night) for v in plan.visits if v.status in HOLDING for night in v.stay.nights]
    assert len(nights) == len(set(nights))


def test_everything_has_happened_in_order_and_before_now(plan, now):
    for visit in plan.visits:
        assert plan.listed_at[visit.house] < visit.created_at
        assert local_day(visit.created_at) < visit.stay.check_in
        steps = [visit.created_at, visit.answered_at, visit.paid_at, visit.ended_at, visit.commented_at]
        known = [step for step in [*steps, visit.replied_at] if step]
        assert known == sorted(known)
        assert known[-1] == visit.changed_at <= now
        if visit.commented_at:
            assert local_day(visit.commented_at) >= visit.stay.check_out
        assert plan.joined_at[visit.guest] < visit.created_at


def test_what_is_open_stays_open_for_hours(plan, now):
    for visit in plan.visits:
        assert (visit.deadline_at is not None) == (visit.status in OPEN)
        if visit.deadline_at:
            assert now + timedelta(hours=2) < visit.deadline_at < now + timedelta(hours=24)


def test_who_has_been_accepted_may_pay_as_long_as_a_demo_says(plan, tmp_path):
    allowed = timedelta(minutes=load({"IHOME_INSTANCE": str(tmp_path), "IHOME_DEMO": "1"}).payment_minutes)
    for visit in plan.visits:
        if visit.status == Status.WAIT_PAYMENT:
            assert visit.deadline_at - visit.answered_at == allowed


def test_a_status_fits_the_dates(plan, today):
    for visit in plan.visits:
        if visit.status in (Status.COMPLETE, Status.WAIT_COMMENT):
            assert visit.stay.check_out < today
        elif visit.status in HOLDING:
            assert visit.stay.last_night >= today
    assert any(v.status == Status.PAID and v.stay.check_in < today for v in plan.visits), "somebody is there now"


def test_comments_are_written_in_their_season(plan):
    months = {(comment.house, comment.guest): comment.months for comment in CITY.comments}
    commented = [visit for visit in plan.visits if visit.status == Status.COMPLETE]
    assert len(commented) == len(CITY.comments)
    for visit in commented:
        assert local_day(visit.commented_at).month in months[visit.house, visit.guest]
        assert visit.stay.check_in.month in months[visit.house, visit.guest]


def test_houses_were_listed_over_the_past_year(plan, now):
    ages = sorted((now - listed_at).days for listed_at in plan.listed_at.values())
    assert ages[0] >= 2
    assert ages[-1] < 366
    assert all(sum(low <= age < low + 92 for age in ages) >= 5 for low in (0, 92, 183, 274))


def test_a_quarter_of_the_next_nights_is_taken_here_more_and_there_less(plan, today):
    taken = Counter()
    for visit in plan.visits:
        if visit.status in HOLDING:
            taken[visit.house] += sum(0 <= (night - today).days < SOON for night in visit.stay.nights)
    shares = sorted(taken[key] / SOON for key in HOUSES)
    assert shares.count(0) == 6
    assert shares[-1] > 0.85, "one house is nearly booked out"
    assert all(0.13 < share < 0.38 for share in shares[6:-1])


def test_some_houses_are_for_weekends(plan, today):
    """Of the nights taken soon, at some houses nearly all are Fridays and Saturdays."""
    nights = {key: [] for key in HOUSES}
    for visit in plan.visits:
        if visit.status == Status.PAID:
            nights[visit.house] += [night.weekday() in (4, 5) for night in visit.stay.nights]
    assert sum(len(found) > 5 and sum(found) / len(found) > 0.6 for found in nights.values()) >= 8
