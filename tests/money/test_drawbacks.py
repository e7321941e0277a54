"""What a model is worse at than those that were priced beside it."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from apps.money.drawbacks import (
    Conditions,
    Dearer,
    Drawback,
    LessCapable,
    LessRoom,
    ReadsLess,
    drawbacks,
)
from apps.money.market import Rights
from apps.money.options import Option
from apps.money.priced import Priced
from apps.money.pricing import Pricer
from tests.markets import ASSUMPTIONS, NEEDS, market, opened


def priced(slug: str = "open", price: float = 1.0, **changes: Any) -> Priced:
    """Return a hosted open model with its month."""
    pricer = Pricer(market(opened(slug, price, **changes), gpus=(), profiles=()), ASSUMPTIONS)
    prices = {one.option: one for one in pricer.detail(NEEDS)}
    return prices[Option.HOSTED_OPEN].parts[0]


STRONG = priced("strong", eci=150)
GOOD = priced("good", eci=140)
ABOVE = priced("above", eci=133)
ROOMY = priced("roomy", context_tokens=200_000)
SEES = priced("sees", modalities=frozenset({"text", "image", "pdf"}))
BOUND: dict[str, Any] = {"rights": Rights.CONDITIONAL, "clause": "A clause."}


@dataclass(frozen=True)
class Case:
    """A model, those beside it, and what is worse."""

    own: Priced
    others: tuple[Priced, ...]
    worse: tuple[Drawback, ...] = field(default=())


CASES = {
    "nothing beside it": Case(priced(price=9.0), ()),
    "its like beside it": Case(priced(), (priced("other"),)),
    "clearly more capable: the best is named": Case(
        priced(), (GOOD, STRONG), (LessCapable(130, 150, STRONG.candidate),)
    ),
    "three points above are more": Case(
        priced(), (ABOVE,), (LessCapable(130, 133, ABOVE.candidate),)
    ),
    "less than three points are about equal": Case(priced(), (priced("near", eci=132.9),)),
    "less capable": Case(priced(), (priced("weak", price=2.0, eci=120),)),
    "more room": Case(priced(), (ROOMY,), (LessRoom(100_000, ROOMY.candidate),)),
    "its own room is not known": Case(priced(context_tokens=None), (ROOMY,)),
    "the other's room is not known": Case(priced(), (priced("other", context_tokens=None),)),
    "reads less": Case(priced(), (SEES,), (ReadsLess(("image", "pdf")),)),
    "conditions beside a free licence": Case(priced(**BOUND), (priced("free"),), (Conditions(),)),
    "conditions beside conditions": Case(priced(**BOUND), (priced("bound", **BOUND),)),
    "dearer than the cheapest": Case(
        priced(price=2.0), (priced("dear", price=3.0), priced("cheap")), (Dearer(),)
    ),
    "everything at once, in this order": Case(
        priced(price=2.0, **BOUND),
        (STRONG, ROOMY, SEES),
        (
            LessCapable(130, 150, STRONG.candidate),
            LessRoom(100_000, ROOMY.candidate),
            ReadsLess(("image", "pdf")),
            Conditions(),
            Dearer(),
        ),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_worse_is_told_against_the_best_of_the_others(case: Case) -> None:
    assert tuple(drawbacks(case.own, case.others)) == case.worse
