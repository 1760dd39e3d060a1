"""Taken nights as bits: a copy of ih_house_night, only for counting.

Nobody sells or lists by these words; the rows decide. But "how many houses are free" then reads one index and no night,
which is ten times as fast and does not slow down in a week when most houses are taken (docs/adr/0006).

A word is 60 nights. Eleven words are a ring: the bookable 540 days span ten of them, so the one that has just passed
is cleared in good time before its turn comes again.
"""

from collections.abc import Iterable
from datetime import date

from ihome.houses.models import TAKEN_WORDS

NIGHTS, WORDS = 60, TAKEN_WORDS
FULL = (1 << NIGHTS) - 1  # 60 bits: a positive number for every database.


def masks(nights: Iterable[date]) -> dict[int, int]:
    """The bits of these nights in each word of the ring that they touch."""
    found: dict[int, int] = {}
    for night in nights:
        period, bit = divmod(night.toordinal(), NIGHTS)
        found[period % WORDS] = found.get(period % WORDS, 0) | 1 << bit
    return found


def passed_word(today: date) -> int:
    """The word that no bookable night uses: its nights are over."""
    return (today.toordinal() // NIGHTS - 1) % WORDS
