"""Words in a picture: how wide they are at most, and where they find room."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Units of every layout; the stylesheet caps its width, so that a unit stays near a pixel.
SIZE = 14.0
LINE = 17.0
ELLIPSIS = "…"

# Parts of the size, after the widest of the sans faces in use: a guess errs towards more room.
_WIDTHS = {
    **dict.fromkeys("ijlI.,:;'|!’· ", 0.33),
    **dict.fromkeys("tfr()[]-/", 0.41),
    **dict.fromkeys("acegksvxyz", 0.61),
    **dict.fromkeys("mwMW@%…—", 1.0),
    **dict.fromkeys("&+−=<>~", 0.84),
}
_BOLDER = 1.12


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words; `anchor` says which part of it stands at `x`, `y` is its baseline."""

    x: float
    y: float
    words: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the picture that something covers."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Say whether the two cover some of the same ground."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_within(self, other: "Box") -> bool:
        """Say whether nothing of it stands out of the other."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )

    def holds(self, x: float, y: float) -> bool:
        """Say whether a point lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def width(words: str, *, is_bold: bool = False) -> float:
    """Return how wide a line of words is at most."""
    return SIZE * sum(map(_em, words)) * (_BOLDER if is_bold else 1)


@lru_cache(4096)
def _em(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if ord(letter) > 0x2E7F:
        return 1.3
    return _WIDTHS.get(letter, 0.76 if letter.isupper() else 0.64)


def fit(words: str, room: float, *, is_bold: bool = False) -> str:
    """Return the words, shortened where they are wider than the room."""
    words = " ".join(words.split())
    if width(words, is_bold=is_bold) <= room:
        return words
    # Nothing longer than this can fit, and a hostile text may be very long.
    words = words[: int(room / (0.3 * SIZE)) + 1]
    while words and width(words + ELLIPSIS, is_bold=is_bold) > room:
        words = words[:-1].rstrip()
    return words + ELLIPSIS if words else ""


def wrap(words: str, room: float, lines: int = 2, *, is_bold: bool = False) -> tuple[str, ...]:
    """Break words into at most so many lines; what is too much ends in an ellipsis."""
    rest = words.split()
    done: list[str] = []
    while rest and len(done) < lines - 1:
        taken = 1
        while taken < len(rest) and width(" ".join(rest[: taken + 1]), is_bold=is_bold) <= room:
            taken += 1
        done.append(fit(" ".join(rest[:taken]), room, is_bold=is_bold))
        rest = rest[taken:]
    if rest:
        done.append(fit(" ".join(rest), room, is_bold=is_bold))
    return tuple(line for line in done if line)


def block(lines: Sequence[str], x: float, top: float, anchor: str) -> tuple[Text, ...]:
    """Set lines below each other, the first one's top at `top`."""
    return tuple(
        Text(round(x, 1), round(top + 0.8 * SIZE + LINE * number, 1), words, anchor)
        for number, words in enumerate(lines)
    )


def text_box(text: Text, *, is_bold: bool = False) -> Box:
    """Return what a line of words covers."""
    wide = width(text.words, is_bold=is_bold)
    left = text.x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
    return Box(left, text.y - 0.8 * SIZE, left + wide, text.y + 0.25 * SIZE)


def centred(words: str, x: float, y: float, left: float, right: float) -> Text:
    """Centre words at `x`, moved so that they stay between left and right."""
    half = width(words) / 2
    return Text(round(max(left + half, min(x, right - half)), 1), round(y, 1), words, "middle")


def spread(
    wanted: Sequence[float], sizes: Sequence[float], top: float, bottom: float
) -> list[float]:
    """Move centres as little as needed so that boxes of these heights do not overlap."""
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    before: list[float] = []
    total = 0.0
    for at in order:
        before.append(total + sizes[at] / 2)
        total += sizes[at]
    # Neighbours that would overlap become one group around their mean.
    groups: list[tuple[float, int]] = []
    for place, at in enumerate(order):
        mean, number = wanted[at] - before[place], 1
        while groups and groups[-1][0] > mean:
            other, more = groups.pop()
            mean = (mean * number + other * more) / (number + more)
            number += more
        groups.append((mean, number))
    starts = [mean for mean, number in groups for _ in range(number)]
    centres = [0.0] * len(wanted)
    for place, at in enumerate(order):
        start = max(top, min(starts[place], bottom - total))
        centres[at] = start + before[place]
    return centres
