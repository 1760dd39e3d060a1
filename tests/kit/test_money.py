"""Yuan that people type, and fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ihome.kit.money import format_yuan, parse_yuan


@pytest.mark.parametrize(
    ("text", "fen"),
    [("0", 0), ("0.01", 1), ("0.1", 10), ("1", 100), ("199.5", 19950), ("199.50", 19950), ("0.29", 29), ("1.15", 115),
     ("4.35", 435), ("1000000", 100_000_000), ("999999999.99", 99_999_999_999), ("007", 700)],
)  # fmt: skip
def test_an_amount_is_exact(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "1.", ".5", "1.234", "-1", "+1", "1e2", "1E2", "NaN", "Infinity", "inf", "1,000", "1_000", "１", "٣",
     "0x10", "1 000", "1.2.3", "1\n", "¥1", "1" * 10, "None", "1.٣"],
)  # fmt: skip
def test_anything_else_is_no_amount(text):
    with pytest.raises(ValueError):
        parse_yuan(text)


@given(st.integers(0, 10**11 - 1))
def test_every_fen_can_be_typed(fen):
    assert parse_yuan(f"{fen // 100}.{fen % 100:02d}") == fen


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "0"), (1, "0.01"), (10, "0.10"), (100, "1"), (19950, "199.50"), (128000, "1,280"), (100_000_000, "1,000,000"),
     (123_456_789, "1,234,567.89"), (-1, "-0.01"), (-19950, "-199.50"), (-100, "-1")],
)  # fmt: skip
def test_how_people_read_it(fen, text):
    assert format_yuan(fen) == text


@given(st.integers(0, 10**11 - 1))
def test_what_people_read_is_the_amount(fen):
    assert parse_yuan(format_yuan(fen).replace(",", "")) == fen
