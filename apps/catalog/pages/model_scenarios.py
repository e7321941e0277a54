"""What other apps know of a model; they hand it over, for the catalog imports none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Use:
    """Something that a model serves: its name, its address, and in which part."""

    title: str
    url: str
    role: str


type FindUses = Callable[[str, date], Sequence[Use]]

_finders: list[FindUses] = []


def register(find: FindUses) -> None:
    """Ask `find` for the uses of a model, by slug and day, whenever its page is shown."""
    if find not in _finders:
        _finders.append(find)


def uses_of(slug: str, day: date) -> tuple[Use, ...]:
    """Return all uses of a model that are known on a day."""
    return tuple(use for find in _finders for use in find(slug, day))
