"""What a person picks of the market, and what is priced then."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from apps.decision.address import (
    UnreadableError,
    group,
    read_day,
    read_slug,
    read_whole,
    read_within,
    unknown_overrides,
)
from apps.decision.answers import parse
from apps.decision.rulebook import Rulebook
from apps.money.api import TokenPrice
from apps.money.hosting import Grade
from apps.money.market import Capability, CapabilityGrade
from apps.money.overrides import narrowed
from apps.money.pricing import Pricer
from tests.markets import ASSUMPTIONS, NEEDS, closed, market, offer, opened

NO_RULES = Rulebook(version=1, published_on=None, questions=(), base={})
MARKET = market(
    closed("cheap", 5.0), closed("dear", 6.0), opened("open", 1.0), opened("other", 2.0)
)


def slugs(**picked: str) -> list[str]:
    found = Pricer(narrowed(MARKET, picked), ASSUMPTIONS).detail(NEEDS)
    return [price.parts[0].candidate.slug for price in found[:2]]


@pytest.mark.parametrize(
    ("picked", "priced"),
    [
        ({}, ["cheap", "open"]),
        ({"closed": "dear"}, ["dear", "open"]),
        ({"open": "other"}, ["cheap", "other"]),
        ({"closed": "dear", "open": "other"}, ["dear", "other"]),
    ],
)
def test_a_picked_model_is_priced_instead_of_the_cheapest(
    picked: dict[str, str], priced: list[str]
) -> None:
    assert slugs(**picked) == priced


def test_another_precision_takes_other_memory_and_its_speed_is_an_estimate() -> None:
    usual = Pricer(MARKET, ASSUMPTIONS).detail(NEEDS)[2].on_gpus[0]
    finer = Pricer(narrowed(MARKET, {"bits": "16"}), ASSUMPTIONS).detail(NEEDS)[2].on_gpus[0]
    assert (usual.candidate.bits, usual.grade) == (8, Grade.MEASURED)
    assert (finer.candidate.bits, finer.grade) == (16, Grade.ESTIMATED)
    same = Pricer(narrowed(MARKET, {"bits": "8"}), ASSUMPTIONS).detail(NEEDS)[2].on_gpus[0]
    assert same.grade is Grade.MEASURED


def test_only_what_the_market_has_can_be_picked() -> None:
    picked = {"closed": "open", "open": "nothing", "gpu": "h100", "bits": "4", "at": "2026-12-01"}
    assert [problem.key for problem in unknown_overrides(MARKET, picked)] == ["closed", "open"]
    assert unknown_overrides(MARKET, {"closed": "dear", "open": "other", "gpu": "h100"}) == ()


def test_models_from_countries_to_avoid_are_left_out_and_unknown_ones_stay() -> None:
    found = market(closed("us", country="US"), opened("cn", country="CN"), opened("unknown"))
    left = narrowed(found, {"avoid": "CN,RU"}).candidates
    assert [candidate.slug for candidate in left] == ["us", "unknown"]
    assert narrowed(found, {"avoid": "RU"}) is found


def test_a_model_to_compare_with_must_have_a_capability() -> None:
    known = Capability(140.0, None, None, CapabilityGrade.EXACT, "Known", date(2026, 11, 1))
    found = market(closed("known", capability=known), opened("unknown", capability=None))
    assert unknown_overrides(found, {"need": "known"}) == ()
    assert unknown_overrides(found, {"need": "140"}) == ()
    (problem,) = unknown_overrides(found, {"need": "unknown"})
    assert problem.message == "Capability to compare at: “unknown” is not one that can be priced"


def test_a_model_that_may_not_be_used_cannot_be_picked() -> None:
    gone = market(closed("gone", status="retired"), opened())
    (problem,) = unknown_overrides(gone, {"closed": "gone"})
    assert problem.message == "Closed model: “gone” is not one that can be priced"


@pytest.mark.parametrize(
    ("pairs", "day"),
    [
        ([("at", "2026-12-01")], date(2026, 12, 1)),
        ([("volume", "5")], None),
        ([("at", "")], None),
        ([("at", "tomorrow")], None),
        ([("at", "2023-02-28")], None),
        ([("at", "2026-12-01"), ("at", "2026-12-02")], None),
    ],
)
def test_the_day_whose_prices_count(pairs: list[tuple[str, str]], day: date | None) -> None:
    assert parse(NO_RULES, group(pairs)).day == day


# Reading


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (lambda: read_whole("Requests", [], 1, 9), "Enter requests as one number"),
        (lambda: read_whole("Requests", ["1", "2"], 1, 9), "Enter requests as one number"),
        (lambda: read_whole("Requests", ["x"], 1, 9), "must be a whole number, like 20,000"),
        (lambda: read_whole("Requests", ["1.5"], 1, 9), "must be a whole number; “1.5” is not"),
        (lambda: read_whole("Requests", ["10"], 1, 9), "must be between 1 and 9"),
        (lambda: read_within("Share", ["2"], 0, 1), "Share must be between 0 and 1"),
        (
            lambda: read_within("Share", ["half"], 0, 1),
            "Share must be a number between 0 and 1, like 0.5, 5 % or 250k",
        ),
        (lambda: read_within("Share", ["0", "1"], 0, 1), "Share: enter one number, not 2"),
        (lambda: read_slug("GPU", ["<script>"]), "GPU: “<script>” is not one of the choices"),
        (lambda: read_slug("GPU", ["a" * 81]), "is not one of the choices"),
        (lambda: read_slug("GPU", ["a", "b"]), "GPU: select one, not 2"),
        (
            lambda: read_day("Day", ["1 May"], date(2026, 1, 1), date(2026, 2, 1)),
            "Day must be one day, written like 2026-12-01",
        ),
        (
            lambda: read_day("Day", ["2027-01-01"], date(2026, 1, 1), date(2026, 2, 1)),
            "Day must be between 2026-01-01 and 2026-02-01",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(read: Any, says: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read()
    assert says in str(refused.value)


# What is billed


def test_the_gpus_write_the_reasoning_tokens_too() -> None:
    found = market(closed(), opened(reasons=True))
    plain = Pricer(found, ASSUMPTIONS).detail(NEEDS)[2].on_gpus[0]
    thinking = Pricer(found, replace(ASSUMPTIONS, reasoning=2)).detail(NEEDS)[2].on_gpus[0]
    assert plain.serving is not None
    assert thinking.serving is not None
    assert plain.serving.gpu_seconds == pytest.approx(0.2)
    assert thinking.serving.gpu_seconds == pytest.approx(0.3)


def test_a_batch_pays_the_batch_prices_of_the_offer_or_else_the_discount() -> None:
    listed = TokenPrice(6, 6, batch_input=3, batch_output=1.5)
    found = market(closed(offers=(offer("maker", listed),)), opened())
    assumed = replace(ASSUMPTIONS, batch=1.0, batch_discount=0.9)
    priced = Pricer(found, assumed).detail(NEEDS)
    assert priced[0].on_api[0].request_usd == pytest.approx(0.0045)
    assert priced[1].on_api[0].request_usd == pytest.approx(0.0002)
