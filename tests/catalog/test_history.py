"""The dated prices of past years as they are shipped: a market then, and nothing of it today."""

from datetime import date

import pytest

from apps.catalog.compile import current_market
from apps.catalog.models import Model, Price
from apps.catalog.models.language_models import STATUS_KEPT_SINCE
from apps.money.market import Market
from apps.money.overrides import FIRST_DAY
from apps.money.suitability import may_be_picked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

PAST = "dated-price-lists-2023-2025"
TODAY = date(2026, 11, 25)


def names(market: Market, *, is_open: bool) -> set[str]:
    """Return the models that could be chosen and had a price."""
    return {
        c.slug for c in market.candidates if c.is_open is is_open and c.offers and may_be_picked(c)
    }


def test_every_dated_price_ended_before_prices_of_today_begin() -> None:
    prices = list(Price.objects.filter(source__slug=PAST))
    assert len(prices) > 100
    for price in prices:
        assert price.valid_from >= FIRST_DAY, price.pk
        assert price.valid_until is not None
        assert price.valid_until < STATUS_KEPT_SINCE, price.pk
        assert price.note.startswith("Confidence "), price.pk


def test_models_of_the_past_are_not_recommended_today() -> None:
    past = set(Model.objects.filter(source__slug=PAST).values_list("slug", flat=True))
    market = current_market(TODAY)
    assert past
    assert not past & names(market, is_open=True)
    assert not past & names(market, is_open=False)


@pytest.mark.parametrize(
    ("day", "closed", "open_"),
    [
        (date(2023, 7, 2), "gpt-4-0613", None),
        (date(2024, 2, 15), "claude-2-1", "mixtral-8x7b"),
        (date(2024, 7, 1), "gpt-4o", "llama-3-70b"),
        (date(2025, 7, 2), "o3", "deepseek-v3"),
    ],
)
def test_a_past_day_has_the_models_of_its_time(day: date, closed: str, open_: str | None) -> None:
    market = current_market(day)
    assert closed in names(market, is_open=False)
    assert open_ is None or open_ in names(market, is_open=True)
    assert "gpt-6-1-sol" not in names(market, is_open=False)
