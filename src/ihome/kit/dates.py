"""Days and moments as people write them, in the reader's language."""

from datetime import date, datetime

from ihome.kit import clock, i18n

WEEKDAYS = {
    "zh": ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def format_day(day: date, after: date | None = None) -> str:
    """6月3日 周三, or Wed 3 Jun; its year, too, where that is not this one, nor that of the day it is written after."""
    weekday, is_year_clear = WEEKDAYS[i18n.language()][day.weekday()], day.year == (after or clock.today()).year
    if i18n.language() == "zh":
        return ("" if is_year_clear else f"{day.year}年") + f"{day.month}月{day.day}日 {weekday}"
    return f"{weekday} {day.day} {MONTHS[day.month - 1]}" + ("" if is_year_clear else f" {day.year}")


def format_span(minutes: int) -> str:
    """90 minutes, or 3 hours: whole ones from two on, so that nobody is promised more than there is."""
    if minutes < 120:
        return i18n.ngettext("{number} minute", "{number} minutes", minutes)
    return i18n.ngettext("{number} hour", "{number} hours", minutes // 60)


def format_time(instant: datetime) -> str:
    """The site's wall clock: 6月3日 14:05, or 3 Jun 14:05."""
    at = clock.local(instant)
    day = f"{at.month}月{at.day}日" if i18n.language() == "zh" else f"{at.day} {MONTHS[at.month - 1]}"
    return f"{day} {at:%H:%M}"
