"""What may be shown of a house, and how: pure texts."""

import re

# What begins a house number: digits of any width, or Chinese numerals that a word for a number follows.
NUMBER = re.compile(r"\d|[一二三四五六七八九十百千零〇壹贰叁肆伍陆柒捌玖拾佰仟两廿卅]+\s*(?:号|號|弄|栋|幢|座|单元|室)")
LEADING_NUMBER = re.compile(r"^(?:No\.?\s*)?\d[\w/-]*[\s,，、]*", re.IGNORECASE)
DANGLING = re.compile(r"(?:\b(?:No|Nr|Apt|Unit|Room|Flat)\.?|[甲乙丙丁第附])\s*$", re.IGNORECASE)
EDGES = " \t\u3000,，、.。;；:：-—#＃(（[【"


def street_of(address: str) -> str:
    """The address as far as it is nobody's door: "寿春路 8 号 3 幢" is "寿春路". "" where nothing else is left.

    Pages show no more than this until the stay is paid (contract: `basic`). Whatever follows the first number goes,
    harmless or not: a street too short is better than a door too many.
    """
    street = LEADING_NUMBER.sub("", address.strip())  # 12 Baker Street
    if found := NUMBER.search(street):
        street = street[: found.start()]
    while (shorter := DANGLING.sub("", street.rstrip(EDGES))) != street:
        street = shorter
    return street


def format_beds(beds: str) -> str:
    """For people: "双人床:2x1.8x1" is "双人床 2×1.8×1"."""
    return re.sub(r"(?<=\d)\s*[xX*]\s*(?=\d)", "×", re.sub(r"\s*[:：]\s*", " ", beds))
