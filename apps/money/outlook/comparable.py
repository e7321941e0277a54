"""Which options can be compared at all, and which of them costs least."""

from collections.abc import Sequence
from math import isfinite

from apps.money.options import OPTIONS, Option
from apps.money.priced import OptionPrice
from apps.money.suitability import LackKind

# What is given up first where no model meets all needs.
_GIVEN_UP = tuple(LackKind)


def alike(prices: Sequence[OptionPrice], left: Sequence[Option]) -> tuple[Option, ...]:
    """Return the options whose models come nearest to what is asked for, and equally near.

    Needs are given up in a stated order; who had to give up more is not compared, because the
    cheapest of unlike things is no bargain. All that are left where none is priced.
    """
    given_up = {
        price.option: max(
            (1 + _GIVEN_UP.index(lack.kind) for part in price.parts for lack in part.lacks),
            default=0,
        )
        for price in prices
        if price.option in left and price.parts
    }
    least = min(given_up.values(), default=0)
    return tuple(option for option, level in given_up.items() if level == least) or tuple(left)


def cheapest(prices: Sequence[OptionPrice], among: Sequence[Option] = OPTIONS) -> Option | None:
    """Return the option with the least expected cost; None where none can be priced."""
    known = [p for p in prices if p.option in among and isfinite(p.expected)]
    return min(known, key=lambda p: p.expected).option if known else None
