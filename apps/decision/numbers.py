"""Reading numbers as people write them: 1.5M, 1,500,000, 250k, 5 %."""

import re
from decimal import Decimal

_SCALES = {
    "": 1,
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
}
_NUMBER = re.compile(
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+|\d+(?:\.\d+)?|\.\d+)"
    r"(?:e(?P<power>\d{1,2}))?\s*(?P<scale>[a-z]*)\s*(?P<percent>%?)",
    re.ASCII,
)
# Longer texts are no numbers that a person would type.
_LONGEST = 40


def read_number(text: str) -> Decimal:
    """Return the number that a text writes; a percentage is read as its fraction.

    Accepts thousands separators, k, M, B (and words), exponents and %. Raises ValueError for
    anything else, negative numbers among them.
    """
    cleaned = text.replace("\u00a0", " ").replace("\u202f", " ").replace("_", "").strip().lower()
    cleaned = cleaned.removeprefix("$").strip()
    match = _NUMBER.fullmatch(cleaned) if len(cleaned) <= _LONGEST else None
    if match is None or match["scale"] not in _SCALES:
        raise ValueError(f"{text[:_LONGEST]!r} is not a number")
    number = Decimal(match["digits"].replace(",", "").replace(" ", ""))
    number *= Decimal(10) ** int(match["power"] or 0) * _SCALES[match["scale"]]
    return number / 100 if match["percent"] else number
