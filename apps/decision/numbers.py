"""Reading numbers as people write them: 1.5M, 1,500,000, 1’500’000, 250k, 7 billion, 5 %."""

import re
from decimal import Decimal

BILLION = 10**9

_SCALES = {
    "": 1,
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "b": BILLION,
    "bn": BILLION,
    "billion": BILLION,
    "t": 10**12,
    "tn": 10**12,
    "trillion": 10**12,
}
# No-break, figure, thin and narrow spaces and the apostrophes: all of them part thousands.
_SEPARATORS = str.maketrans(
    {**dict.fromkeys("\u00a0\u2007\u2009\u202f", " "), **dict.fromkeys("\u2018\u2019\u02bc", "'")}
)
_NUMBER = re.compile(
    r"(?P<digits>[1-9]\d{0,2}(?P<parted>[,' _])\d{3}(?:(?P=parted)\d{3})*(?:\.\d+)?"
    r"|\d+(?:\.\d+)?|\.\d+)"
    r"(?:e(?P<power>\d{1,2}))?\s*(?P<scale>[a-z]*)\s*(?P<percent>%?)",
    re.ASCII,
)
# Half the world parts thousands with a dot.
_DOTTED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+", re.ASCII)
# Longer texts are no numbers that a person would type.
_LONGEST = 40


class AmbiguousNumberError(ValueError):
    """A number that is a thousand times another to some of its readers; the message says both."""


def written(number: float) -> str:
    """Write a number as an address holds it, so that it is read as the same one.

    Never with three digits after a dot alone, which `read_number` refuses.
    """
    text = format(Decimal(f"{number:.12g}"), "f")
    return f"{text}0" if _DOTTED.fullmatch(text) else text


def read_number(text: str, *, whole: bool = False, unit: int = 1) -> Decimal:
    """Return the number that a text writes; a percentage is read as its fraction.

    Accepts thousands separators, k, M, B (and words), exponents and %. With `whole` a whole number
    is asked, and 100.000 is refused: it is a hundred to some and a hundred thousand to others. The
    number is in units of `unit`: of a billion, both 7 and 7B are 7. Raises ValueError for anything
    else, negative numbers among them.
    """
    cleaned = text.translate(_SEPARATORS).strip().lower().removeprefix("$").strip()
    match = _NUMBER.fullmatch(cleaned) if len(cleaned) <= _LONGEST else None
    if _DOTTED.fullmatch(cleaned) and (whole or match is None):
        number = cleaned.replace(".", "")
        raise AmbiguousNumberError(f"Write {number} or {int(number):,}")
    if match is None or match["scale"] not in _SCALES:
        raise ValueError(f"{text[:_LONGEST]!r} is not a number")
    found = Decimal(re.sub("[,' _]", "", match["digits"]))
    found *= Decimal(10) ** int(match["power"] or 0) * _SCALES[match["scale"]]
    if match["scale"]:
        found /= unit
    return found / 100 if match["percent"] else found
