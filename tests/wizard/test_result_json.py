"""The recommendation for programs: its keys are a contract, its numbers explain themselves."""

import random
from itertools import product
from typing import Any

import pytest
from django.test import Client

from apps.decision.vocabulary import CRITERIA
from apps.money.options import OPTIONS
from tests.method import SEVERAL
from tests.visiting import JSON, KEYS, UNSURE, WHOLE, Query, document, draw, without

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

GROUPS = {
    "closed-api": "Closed",
    "hosted-open": "Open",
    "self-cloud": "Open",
    "self-onprem": "Open",
    "hybrid": "Hybrid",
}
# The order of the URL contract: questions, own sizes after the size, assumptions.
PLACE = list(KEYS).index("size") + 1
ORDER = [*list(KEYS)[:PLACE], "tokens_in", "tokens_out", *list(KEYS)[PLACE:], "retry", "salary"]
STRENGTHS = {"robust", "likely", "leaning", "none", "split", "conflict"}
SPLIT = without(WHOLE, "boundary", "scope")
ASSUMED: Query = {**WHOLE, "retry": "0.2", "salary": "90k", "size": "custom"} | {
    "tokens_in": "700",
    "tokens_out": "90",
}
SETS: list[Query] = [{}, WHOLE, SPLIT, UNSURE, ASSUMED, *(draw(seed) for seed in range(30))]
# Answers of which every one is known, so that every change can be tried.
KNOWN: list[Query] = [
    WHOLE,
    {**WHOLE, "boundary": "any-vendor", "priority": "quality", "volume": "900", "task": "expert"},
    {**WHOLE, "boundary": "own-cloud", "scope": "all", "team": "ml-platform", "volume": "2000000"},
    {**WHOLE, "connection": "outages", "training": "own-model", "traffic": "steady"},
    {**WHOLE, "stage": "exploring", "deadline": "weeks", "team": "nobody", "volume": "50"},
]
WITH_SETS = pytest.mark.parametrize("answers", SETS, ids=range(len(SETS)))
WITH_KNOWN = pytest.mark.parametrize("answers", KNOWN, ids=range(len(KNOWN)))


def replaced(found: Any, key: str, value: str) -> dict[str, Any]:
    """Return the canonical answers of a document with one changed."""
    return {**found["answers"], key: value}


# The contract


@WITH_SETS
def test_the_keys_and_types_are_those_of_the_contract(client: Client, answers: Query) -> None:
    found = document(client, answers)
    assert {
        "rulebook",
        "answers",
        "ignored",
        "verdict",
        "split",
        "weights",
        "options",
        "reasons",
        "flips",
        "volume_flip",
        "ask_first",
        "models",
    } <= found.keys()
    assert found["rulebook"] == {"version": 1, "published_on": "2026-11-22"}
    verdict = found["verdict"]
    assert {"group", "option", "strength", "sentence"} <= verdict.keys()
    assert verdict["strength"] in STRENGTHS
    assert verdict["sentence"]
    assert [o["option"] for o in found["options"]] == [o.value for o in OPTIONS]
    for option in found["options"]:
        assert {"score", "ruled_out_by", "monthly_usd", "model"} <= option.keys()
        assert option["group"] == GROUPS[option["option"]]
        assert option["feasible"] in {True, False, None}
        assert option["monthly_usd"].keys() == {"low", "expected", "high"}
        assert option["values"].keys() == {c.value for c in CRITERIA}
    assert found["weights"].keys() == {c.value for c in CRITERIA}
    for flip in found["flips"]:
        assert flip.keys() == {"question", "from", "to", "group", "kind"}
        assert flip["kind"] in {"veto", "preference"}
    for reason in found["reasons"]:
        assert reason.keys() >= {"criterion", "points", "sentence"}


@WITH_SETS
def test_the_numbers_are_in_their_ranges_and_explain_each_other(
    client: Client, answers: Query
) -> None:
    found = document(client, answers)
    assert sum(found["weights"].values()) == pytest.approx(1, abs=1e-9)
    assert sum(o["acceptability"] for o in found["options"]) == pytest.approx(1, abs=1e-9)
    for option in found["options"]:
        # Means over states may be off by the last digit of a float.
        scales = [option["score"], *option["values"].values()]
        assert all(-1e-9 <= value <= 100 + 1e-9 for value in scales)
        total = sum(option["contributions"].values())
        assert total == pytest.approx(option["score"], abs=1e-9)
        money = option["monthly_usd"]
        if None not in money.values():
            assert 0 <= money["low"] <= money["expected"] <= money["high"]
        if option["feasible"] is False:
            assert option["acceptability"] == 0


@WITH_SETS
def test_the_verdict_agrees_with_the_options(client: Client, answers: Query) -> None:
    found = document(client, answers)
    verdict, options = found["verdict"], {o["option"]: o for o in found["options"]}
    if verdict["option"] is None:
        assert verdict["group"] is None
        assert verdict["strength"] in {"none", "split", "conflict"}
        assert not found["reasons"]
        return
    assert verdict["group"] == GROUPS[verdict["option"]]
    assert options[verdict["option"]]["feasible"] is True
    assert 0.5 <= verdict["share"] <= 1
    assert found["models"]
    assert {model["option"] for model in found["models"]} == {verdict["option"]}
    assert options[verdict["option"]]["model"] in {m["model"] for m in found["models"]}


@WITH_SETS
def test_the_reasons_sum_to_the_difference_of_the_scores(client: Client, answers: Query) -> None:
    found = document(client, answers)
    scores = {o["option"]: o["score"] for o in found["options"]}
    if not found["reasons"]:
        possible = [o for o in found["options"] if o["feasible"] is not False]
        assert found["verdict"]["option"] is None or len(possible) == 1
        return
    (against,) = {reason["against"] for reason in found["reasons"]}
    difference = scores[found["verdict"]["option"]] - scores[against]
    assert sum(r["points"] for r in found["reasons"]) == pytest.approx(difference, abs=1e-9)
    assert len(found["reasons"]) == 9


@WITH_SETS
def test_the_order_of_the_keys_is_irrelevant(client: Client, answers: Query) -> None:
    pairs = [
        (key, value)
        for key, given in answers.items()
        for value in ([given] if isinstance(given, str) else given)
    ]
    expected = document(client, answers)
    for seed in range(2):
        random.Random(seed).shuffle(pairs)
        assert document(client, pairs) == expected


@WITH_SETS
def test_the_canonical_answers_give_the_same_document(client: Client, answers: Query) -> None:
    found = document(client, answers)
    assert document(client, found["answers"]) == found
    assert list(found["answers"]) == [key for key in ORDER if key in found["answers"]]


def test_bad_values_are_named_and_change_nothing(client: Client) -> None:
    bad: Query = {"team": "nobody else", "volume": "lots", "retry": "7", "rules": ["none", "gdpr"]}
    found = document(client, {**WHOLE, **bad})
    ignored = {problem["key"]: problem for problem in found["ignored"]}
    assert ignored.keys() == bad.keys()
    assert ignored["volume"]["value"] == "lots"
    assert ignored["rules"]["value"] == "none, gdpr"
    assert all(problem["reason"] for problem in ignored.values())
    assert {**found, "ignored": []} == document(client, without(WHOLE, *bad))


def test_unknown_keys_are_dropped_without_a_word(client: Client) -> None:
    assert document(client, {**WHOLE, "utm_source": "x", "then": "result"}) == document(
        client, WHOLE
    )


def test_other_sites_may_read_it_and_numbers_are_plain(client: Client) -> None:
    response = client.get(JSON)
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    for word in ("NaN", "Infinity"):
        assert word not in response.content.decode()


def test_an_assumption_moves_the_money(client: Client) -> None:
    def closed(**more: str) -> float:
        found = document(client, {**WHOLE, **more})
        return float(found["options"][0]["monthly_usd"]["expected"])

    assert closed(retry="0") < closed() < closed(retry="0.5")
    assert closed(salary="0") < closed()
    assert closed(retry="0.05") == closed()


# What is ruled out, and split


def test_what_is_ruled_out_names_the_answers(client: Client) -> None:
    found = document(client, {**WHOLE, "boundary": "own-cloud", "scope": "all"})
    out = {o["option"]: o["ruled_out_by"] for o in found["options"] if o["feasible"] is False}
    boundary = {"question": "boundary", "answer": "own-cloud"}
    assert out == {
        "closed-api": [boundary],
        "hosted-open": [boundary],
        "hybrid": [boundary, {"question": "scope", "answer": "all"}],
    }


@pytest.mark.parametrize(
    "answers",
    [
        without(WHOLE, "boundary", "scope", "priority"),
        without(WHOLE, "connection"),
        without(WHOLE, "connection", "boundary"),
        without(WHOLE, "connection", "deadline", "stage"),
    ],
)
def test_each_part_of_a_split_is_what_its_answers_lead_to(client: Client, answers: Query) -> None:
    found = document(client, answers)
    assert found["verdict"]["strength"] == "split"
    assert (found["verdict"]["group"], found["verdict"]["option"]) == (None, None)
    for part in found["split"]:
        leading = []
        for chosen in product(*part["condition"].values()):
            settled = dict(zip(part["condition"], chosen, strict=True))
            verdict = document(client, {**found["answers"], **settled})["verdict"]
            assert verdict["strength"] != "split"
            leading.append(verdict["leading"])
        # Several answers that rule out the same are decided together, each by its share.
        assert part["option"] in leading


def test_the_answer_to_find_out_first_is_an_open_one(client: Client) -> None:
    answers = without(WHOLE, "task", "traffic", "deadline")
    found = document(client, answers)
    assert found["ask_first"]["question"] in {"task", "traffic", "deadline"}
    assert 0 <= found["ask_first"]["share"] <= 1
    assert document(client, WHOLE)["ask_first"] is None


# What would change it


def tried(client: Client, found: Any, key: str, value: str) -> str | None:
    """Return the group that a change leads to."""
    return str(document(client, replaced(found, key, value))["verdict"]["group"] or "") or None


@WITH_KNOWN
def test_every_flip_flips_and_none_is_missing(client: Client, answers: Query) -> None:
    found = document(client, answers)
    reported = {(f["question"], f["to"]): f["group"] for f in found["flips"]}
    assert all(f["from"] == found["answers"][f["question"]] for f in found["flips"])
    flipped = {
        (key, choice): group
        for key in found["answers"]
        for choice in KEYS[key]
        if key not in {"volume", *SEVERAL} and choice not in {found["answers"][key], "custom"}
        if (group := tried(client, found, key, choice)) != found["verdict"]["group"]
    }
    assert reported == flipped


@WITH_KNOWN
def test_the_rules_alone_never_change_the_verdict(client: Client, answers: Query) -> None:
    found = document(client, answers)
    for rule in KEYS["rules"]:
        changed = document(client, replaced(found, "rules", rule))
        assert changed["verdict"] == found["verdict"]


@WITH_KNOWN
def test_the_volume_flips_at_the_request_that_is_named(client: Client, answers: Query) -> None:
    found = document(client, answers)
    flip = found["volume_flip"]
    if flip is None:
        for power in range(10):
            assert tried(client, found, "volume", str(10**power)) == found["verdict"]["group"]
        return
    at = document(client, replaced(found, "volume", str(flip["volume"])))["verdict"]
    assert (at["group"], at["option"]) == (flip["group"], flip["option"])
    assert at["group"] != found["verdict"]["group"]
    nearer = flip["volume"] + (1 if flip["volume"] < int(found["answers"]["volume"]) else -1)
    assert tried(client, found, "volume", str(nearer)) == found["verdict"]["group"]


def test_where_no_single_answer_flips_pairs_do(client: Client) -> None:
    sets = (document(client, draw(seed)) for seed in range(30))
    firm = [f for f in sets if f["verdict"]["group"] and not f["flips"] and f["pair_flips"]]
    assert firm
    for found in firm[:3]:
        for pair in found["pair_flips"][:5]:
            changed = dict(found["answers"])
            for change in pair["changes"]:
                changed[change["question"]] = change["to"]
            assert document(client, changed)["verdict"]["group"] == pair["group"]
