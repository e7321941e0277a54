"""The rule of price lists: which of an offer's prices holds on a day, and which offers count."""

from datetime import date
from typing import NamedTuple

import pytest

from apps.catalog.compile import current_market
from apps.catalog.models import Model, Offer
from apps.catalog.pages.offers_section import offered
from apps.catalog.price_lists import (
    HostPrice,
    announced,
    base_of,
    can_be_had,
    change_days,
    in_force,
    is_over,
    lowest,
    lowest_output,
    price_on,
    start_in_force,
)
from apps.catalog.snapshot import compile_snapshot
from apps.prices.proposing import held_offers
from tests import factories

DAY = date(2026, 11, 22)
JANUARY, OCTOBER, DECEMBER = date(2026, 1, 1), date(2026, 10, 1), date(2026, 12, 1)


class Row(NamedTuple):
    valid_from: date
    valid_until: date | None = None
    above_tokens: int = 0
    input: float | None = 1
    output: float | None = 2


@pytest.mark.parametrize(
    ("rows", "start"),
    [
        pytest.param([], None, id="no list"),
        pytest.param([Row(JANUARY)], JANUARY, id="one without an end"),
        pytest.param([Row(DAY)], DAY, id="its first day"),
        pytest.param([Row(JANUARY, DAY)], JANUARY, id="its last day"),
        pytest.param([Row(JANUARY, date(2026, 11, 21))], None, id="the day after its end"),
        pytest.param([Row(DECEMBER)], None, id="before its first day"),
        pytest.param([Row(JANUARY), Row(OCTOBER)], OCTOBER, id="the latest of two"),
        pytest.param([Row(OCTOBER), Row(JANUARY)], OCTOBER, id="in any order"),
        pytest.param(
            [Row(JANUARY), Row(OCTOBER, date(2026, 10, 31))], JANUARY, id="after a special offer"
        ),
    ],
)
def test_of_the_lists_that_hold_the_latest_counts(rows: list[Row], start: date | None) -> None:
    assert [row.valid_from for row in in_force(rows, DAY)] == ([start] if start else [])
    assert start_in_force(((row.valid_from, row.valid_until) for row in rows), DAY) == start


def test_a_list_replaces_another_whole() -> None:
    rows = [Row(JANUARY), Row(JANUARY, above_tokens=1000), Row(OCTOBER)]
    assert in_force(rows, DAY) == [Row(OCTOBER)]


def test_announced_lists_are_whole_and_the_nearest_first() -> None:
    later = date(2027, 1, 1)
    rows = [Row(later), Row(DECEMBER, above_tokens=1000), Row(DECEMBER), Row(DAY)]
    assert announced(rows, DAY) == [
        (DECEMBER, [Row(DECEMBER, above_tokens=1000), Row(DECEMBER)]),
        (later, [Row(later)]),
    ]


def test_a_price_can_change_when_a_list_begins_and_on_the_day_after_one_ends() -> None:
    assert change_days([Row(JANUARY, DAY), Row(DECEMBER)]) == {
        JANUARY,
        date(2026, 11, 23),
        DECEMBER,
    }


@pytest.mark.parametrize(
    "row",
    [
        Row(JANUARY, input=0),
        Row(JANUARY, output=0),
        Row(JANUARY, input=None),
        Row(JANUARY, output=None),
        Row(JANUARY, above_tokens=1000),
    ],
)
def test_a_price_of_0_or_unknown_or_of_long_prompts_alone_is_none(row: Row) -> None:
    assert base_of([row]) is None
    assert price_on("Host", False, [row], DAY) is None


def test_the_lowest_price_is_a_routers_only_where_no_host_states_one() -> None:
    # 3·input + output: 5, 4.5 and 0.4.
    dear, cheap = HostPrice("Dear", False, 1, 2), HostPrice("Cheap", False, 0.5, 3)
    router = HostPrice("Router", True, 0.1, 0.1)
    assert lowest([router, dear, cheap, None]) == cheap
    assert lowest([None, router]) == router
    assert lowest([None]) is None


@pytest.mark.parametrize(
    ("status", "ends", "offered", "over"),
    [
        ("active", None, True, False),
        ("preview", None, True, False),
        ("unknown", None, True, False),
        ("active", date(2026, 11, 23), True, False),
        ("active", DAY, False, True),
        ("deprecated", None, False, False),
        ("deprecated", date(2027, 6, 1), False, False),
        ("ended", None, False, True),
    ],
)
def test_nobody_plans_with_what_is_gone_or_going(
    status: str, ends: date | None, offered: bool, over: bool
) -> None:
    assert can_be_had(status, ends, DAY) is offered
    assert is_over(status, ends, DAY) is over


def test_what_is_gone_counted_before_its_end() -> None:
    assert can_be_had("ended", DAY, OCTOBER, today=DAY)
    assert not can_be_had("ended", None, OCTOBER, today=DAY)
    assert not can_be_had("deprecated", DECEMBER, OCTOBER, today=DAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prices", "values", "expected"),
    [
        pytest.param([Row(JANUARY)], {}, 2, id="in force"),
        pytest.param([Row(JANUARY, DAY)], {}, 2, id="its last day"),
        pytest.param([Row(JANUARY), Row(OCTOBER, output=3)], {}, 3, id="the latest"),
        pytest.param(
            [Row(JANUARY), Row(OCTOBER, date(2026, 10, 31), output=1)], {}, 2, id="a special offer"
        ),
        pytest.param([Row(JANUARY), Row(OCTOBER, output=0)], {}, None, id="a free tier since"),
        pytest.param([Row(JANUARY, input=0)], {}, None, id="half a price"),
        pytest.param([Row(JANUARY, above_tokens=1000)], {}, None, id="no base"),
        pytest.param([Row(DECEMBER)], {}, None, id="announced"),
        pytest.param([Row(JANUARY)], {"status": "deprecated"}, None, id="on its way out"),
        pytest.param([Row(JANUARY)], {"deprecated_on": DAY}, None, id="ended today"),
        pytest.param([Row(JANUARY)], {"host__closed_on": DAY}, None, id="its host closed today"),
        pytest.param([Row(JANUARY)], {"host__closed_on": DECEMBER}, 2, id="its host closes later"),
        pytest.param([Row(JANUARY)], {"is_other_weights": True}, None, id="other weights"),
    ],
)
def test_every_place_and_the_database_follow_the_rule(
    prices: list[Row], values: dict[str, object], expected: float | None
) -> None:
    offer = factories.OfferFactory.create(**values)
    factories.EstimateFactory.create(model=offer.model)
    for row in prices:
        factories.PriceFactory.create(offer=offer, **row._asdict())
    priced = Model.objects.annotate(lowest=lowest_output(DAY))
    assert priced.values_list("lowest", flat=True).get() == expected
    model = Model.objects.for_detail().get()
    (entry,) = compile_snapshot("", DAY).entries
    assert (entry.price.output if entry.price else None) == expected
    (candidate,) = current_market(DAY).candidates
    assert [sold.price.output for sold in candidate.offers] == [expected] * bool(expected)
    # Without a price it is offered all the same.
    counts = expected is not None or not values
    assert entry.hosts == len(Offer.objects.models_by_host(DAY)) == counts
    shown = [r for r in offered(list(model.offers.all()), DAY).rows if r.badge.text == "In force"]
    assert [r.output for r in shown if r.input and r.output and not r.above_tokens] == [
        expected
    ] * bool(expected)
    # What an offer is held against counts whether or not the offer itself does.
    (held,) = held_offers().offers.values()
    if expected:
        present = held.list_on(DAY)
        assert present is not None
        assert present.base.output == expected
