"""Where a fact is from: what every page says below it."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from apps.common.format import day


@dataclass(frozen=True, slots=True)
class SourceDate:
    """A date as exact as it is known, for machines (`2024`, `2024-04-30`) and for people."""

    iso: str

    @classmethod
    def of(cls, value: date) -> Self:
        """Return a day."""
        return cls(value.isoformat())

    @property
    def text(self) -> str:
        """The date in words: 2024, April 2024, 30 April 2024."""
        match [int(part) for part in self.iso.split("-")]:
            case [year, month, number]:
                return day(date(year, month, number))
            case [year, month]:
                return day(date(year, month, 1)).removeprefix("1 ")
            case _:
                return self.iso


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Who says so, when that was said, and when an editor last read it."""

    title: str
    url: str  # empty where it has none
    detail: str = ""  # where in it the fact stands
    dated: SourceDate | None = None
    read_on: date | None = None
    was_read: str = "read on"  # what was done on that day
