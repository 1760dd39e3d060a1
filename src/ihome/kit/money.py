"""Money is an integer number of fen (1/100 yuan). No float touches it."""

import re
from decimal import Decimal

YUAN = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)


def parse_yuan(text: str) -> int:
    """Fen of an amount typed in yuan: "199.5" -> 19950.

    Raises ValueError for anything but digits with at most two decimals.
    """
    if not YUAN.fullmatch(text):
        raise ValueError("not an amount in yuan with at most two decimals")
    return int(Decimal(text) * 100)


def format_yuan(fen: int) -> str:
    """For people: 128000 -> "1,280", 19950 -> "199.50"."""
    yuan, rest = divmod(abs(fen), 100)
    return ("-" if fen < 0 else "") + (f"{yuan:,}.{rest:02d}" if rest else f"{yuan:,}")
