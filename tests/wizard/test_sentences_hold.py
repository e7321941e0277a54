"""Every sentence of a result is recomputed from the document beside it (method, section 7, 19)."""

import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from apps.common.format import points, share, tokens, usd
from apps.decision import address
from apps.decision.answers import Answers, parse
from apps.engine.engine import Engine, current
from apps.wizard.result import page as result
from apps.wizard.result.page import ResultPage
from apps.wizard.result_json import document
from tests.visiting import draw
from tests.world import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

SETS = 300
AT_ONCE = 20
FEW = 128
type Found = dict[str, Any]


def shown(engine: Engine, pairs: list[tuple[str, str]]) -> tuple[ResultPage, Found]:
    """Return the page and the document of the same answers."""
    answers = read(engine, pairs)
    decision = engine.decide(answers)
    return result.result_page(engine, decision, ()), document(engine, decision, ())


def pairs_of(seed: int) -> list[tuple[str, str]]:
    """Return one set of answers; in every fourth one more questions stay open."""
    given = draw(seed)
    chooser = random.Random(seed)
    keys = [key for key in given if seed % 4 or chooser.random() < 0.8]
    return [pair for key in keys for pair in _pairs(key, given[key])]


def _pairs(key: str, given: str | list[str]) -> list[tuple[str, str]]:
    return [(key, value) for value in ([given] if isinstance(given, str) else given)]


def option(found: Found, name: str) -> Found:
    return next(each for each in found["options"] if each["option"] == name)


def check_verdict(page: ResultPage, found: Found) -> None:
    """Strength and margin say the same, after rounding to what is shown."""
    verdict, sentence = found["verdict"], page.verdict.sentence
    if verdict["option"] is None or not found["reasons"]:
        return
    lead = option(found, verdict["option"])["score"]
    other = option(found, found["reasons"][0]["against"])["score"]
    gap = round(lead - other, 1)
    if found["states"]["count"] == 1:
        word = "too close" if gap < 3 else "narrowly" if gap < 10 else "clearly"
        assert word in sentence
        assert points(lead) in page.verdict.detail
        assert points(other) in page.verdict.detail
    else:
        limits = {"robust": 0.9, "likely": 0.7, "leaning": 0.5}
        word = next(word for word in limits if word in sentence)
        assert verdict["share"] >= limits[word]
        told = "all" if verdict["share"] == 1 else share(verdict["share"])
        assert told in page.verdict.detail


def check_reasons(page: ResultPage, found: Found) -> None:
    """The lines add up as they are printed, and each names the values that it rests on."""
    if page.reasons is None:
        assert found["reasons"] == []
        return
    winner = option(found, found["verdict"]["option"])
    other = option(found, found["reasons"][0]["against"])
    total = sum(row.points for row in page.reasons.rows)
    assert round(total, 1) == round(winner["score"] - other["score"], 1)
    for row, line in zip(page.reasons.rows, found["reasons"], strict=True):
        assert abs(row.points - line["points"]) < 0.1 + 1e-9
        value, less = line["value"], line["other_value"]
        if round(value, 1) == round(less, 1):
            assert "No difference" in row.sentence
            continue
        assert (
            f"{points(max(value, less))} of 100 against {points(min(value, less))}" in row.sentence
        )
        assert f"it carries {share(line['weight'])} of the weight" in row.sentence
        if line["criterion"] == "cost":
            ahead, behind = (winner, other) if value > less else (other, winner)
            amounts = [usd(each["monthly_usd"]["expected"]) for each in (ahead, behind)]
            assert f"({amounts[0]} a month against {amounts[1]})" in row.sentence
            if found["states"]["count"] == 1:
                assert ahead["monthly_usd"]["expected"] <= behind["monthly_usd"]["expected"]


def check_deciding(engine: Engine, page: ResultPage, found: Found) -> None:
    """What is said to turn the result does turn it; what moves little is not named."""
    for row, named in zip(page.verdict.deciding, found["deciding"], strict=True):
        turn = named["turn"]
        if found["states"]["count"] > FEW:
            continue
        if named["rules_out"] or named["saves_from"] or turn is None:
            assert named["rules_out"] or named["saves_from"] or round(named["points"], 1) >= 1
            continue
        answer = turn["answer"] or str(turn["volume"])
        then = group_of(engine, {**found["answers"], named["question"]: answer})
        assert then == turn["group"]
        assert turn["group"] != found["verdict"]["group"]
        if turn["group"] is None:
            assert "nothing would be clear" in row.detail


def group_of(engine: Engine, answers: Found) -> str | None:
    """Return the group that wins under other answers."""
    pairs = [pair for key, given in answers.items() for pair in _pairs(key, given)]
    verdict = engine.standing(read(engine, pairs)).verdict
    return verdict.group.value if verdict.group else None


def read(engine: Engine, pairs: list[tuple[str, str]]) -> Answers:
    return engine.known(parse(engine.rulebook, address.group(pairs))).answers


def check_changes(engine: Engine, page: ResultPage, found: Found) -> None:
    """Each change leads to the group that it names; 'no change' is said where there is none."""
    none = any("No change of a single answer" in said for said in page.changes.intro)
    assert (
        none == bool(found["answers"] and not found["flips"] and found["volume_flip"] is None)
        or not found["answers"]
    )
    # Where too many answers are open, changes are looked at in a sample of their own.
    for row in page.changes.rows[:2] if found["states"]["count"] <= FEW else ():
        verdict = engine.standing(read(engine, parse_qsl(urlsplit(row.url).query))).verdict
        assert (verdict.group.value if verdict.group else "") == row.group


def check_consequences(page: ResultPage, found: Found) -> None:
    """Hard consequences are those of weight and low value, no more and no fewer."""
    winner = found["verdict"]["option"]
    if winner is None:
        assert found["consequences"] == []
        return
    values = option(found, winner)["values"]
    hard = {
        criterion
        for criterion, weight in found["weights"].items()
        if weight >= 0.08 and values[criterion] <= 30
    }
    assert {one["criterion"] for one in found["consequences"]} == hard
    for one, told in zip(found["consequences"], page.verdict.consequences, strict=False):
        assert points(one["value"]) in told
        assert share(one["weight"]) in told


def check_money(page: ResultPage, found: Found) -> None:
    """Bills and people make up the amount, and each host's line holds."""
    for row, each in zip(page.money.panel.rows, found["options"], strict=True):
        if each["monthly_usd"]["expected"] is None:
            continue
        assert row.expected == pytest.approx(each["bills_usd"] + each["people_usd"])
        assert each["monthly_usd"]["low"] <= row.expected <= each["monthly_usd"]["high"] + 1e-9
        on_api = [model for model in each["models"] if model["hosts"]]
        for told, model in zip(row.hosts, on_api, strict=True):
            hosts = model["hosts"]
            assert model["host"] in told
            assert hosts["low_usd"] <= hosts["high_usd"]
            if hosts["count"] > 1:
                assert f"of {hosts['count']} hosts" in told
            if "does not count" in told:
                assert hosts["cheapest_usd"] < hosts["low_usd"]
                assert usd(hosts["cheapest_usd"]) in told


def check_models(page: ResultPage, found: Found) -> None:
    """What a model is worse at is so by the numbers of the list."""
    by_name = {model["name"]: model for model in found["models"]}
    for row, model in zip(page.models.rows, found["models"], strict=True):
        assert row.name == model["name"]
        peers = [
            m
            for m in found["models"]
            if (m["option"], m["role"]) == (model["option"], model["role"])
        ]
        for other, own, more in re.findall(
            r"less capable than (.+?) \(ECI (\d+) against (\d+)\)", row.worse, re.IGNORECASE
        ):
            assert by_name[other]["eci"] >= model["eci"] + 3
            assert (own, more) == (f"{model['eci']:.0f}", f"{by_name[other]['eci']:.0f}")
        for other, own, more in re.findall(
            r"less room than (.+?) \(([\w.,]+) tokens against ([\w.,]+)\)", row.worse, re.IGNORECASE
        ):
            assert model["context_tokens"] < by_name[other]["context_tokens"]
            assert own == tokens(model["context_tokens"]) != more
        if "dearer" in row.worse.lower():
            assert model["monthly_usd"] > min(peer["monthly_usd"] for peer in peers)


def each_set(first: int) -> Iterator[int]:
    yield from range(first, first + AT_ONCE)


@pytest.mark.parametrize("first", range(0, SETS, AT_ONCE))
def test_every_sentence_of_a_result_is_what_its_document_says(first: int) -> None:
    engine = current(TODAY)
    for seed in each_set(first):
        page, found = shown(engine, pairs_of(seed))
        check_verdict(page, found)
        check_reasons(page, found)
        check_deciding(engine, page, found)
        check_changes(engine, page, found)
        check_consequences(page, found)
        check_money(page, found)
        check_models(page, found)
