"""The page on the method: its tables are those that decide, each with where it comes from."""

from datetime import date

import pytest
from django.test import Client

from apps.catalog.models import (
    BenchmarkDifficulty,
    Capability,
    Gpu,
    IndexScore,
    ThroughputProfile,
)
from apps.common.rows import unlocked
from apps.rules.models import Choice, Question, Rulebook
from tests import method
from tests.visiting import RESULT, WHOLE, Shown, Tag, document, shown, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

ADDRESS = "/how-it-works/"
# US dollars an hour, rented and owned.
GPUS = {
    "NVIDIA H100": ("$2.95", "$1.69"),
    "NVIDIA H200": ("$3.50", "$1.74"),
    "NVIDIA B200": ("$5.50", "$2.34"),
    "NVIDIA L40S": ("$1.55", "–"),
}
NAMES = ["Closed API", "Hosted open model", "Open model on rented GPUs"]
NAMES += ["Open model on your own hardware", "Hybrid"]
# What stands where the method takes an assumption from another table.
FROM_ELSEWHERE = {
    "gpu_hourly": "H100 2.95",
    "gpu_hourly_own": "H100 1.69",
    "peak": "from the traffic",
    "hard_share": "from the task",
    "reasoning": "from the task",
    **dict.fromkeys(
        ("fte_closed", "fte_hosted", "fte", "fte_onprem", "fte_hybrid"),
        "from the team and the GPUs",
    ),
    **dict.fromkeys(
        (key for key in method.ASSUMPTIONS if key.startswith("price_")), "from the price list"
    ),
}
# How the page names what is asked of a host.
FACTS = {
    "contract": "signs a data-processing contract",
    "no-training": "does not train on paid requests",
    "zero-retention": "keeps nothing of a request",
    "audited": "has a SOC 2 Type II report or ISO 27001",
    "hipaa": "signs a business associate agreement (HIPAA)",
    "eu-region": "can hold requests to the European Union",
    "us-region": "can hold requests to the United States",
    "aws": "runs in your own account at Amazon Web Services",
    "azure": "runs in your own account at Microsoft Azure",
    "google": "runs in your own account at Google Cloud",
    "other-cloud": "runs in your own account at another cloud",
}


def table(page: Shown, caption: str) -> list[list[str]]:
    """Return the cells of a table's body, row by row."""
    found = next(
        tag
        for tag in page.all("table")
        if any(inner["id"] == f"{caption}-caption" for inner in tag.inside("caption"))
    )
    rows: list[Tag] = found.inside("tr")
    return [
        [cell.text for cell in row.tags if cell.name in {"th", "td"}]
        for row in rows
        if row.inside("td")
    ]


def listed(words: list[str]) -> str:
    """Return words as a sentence lists them."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").replace("+", ""))


def label(question: str, key: str) -> str:
    """Return how a row of the tables names an answer."""
    short = Question.objects.get(key=question).short
    return f"{short}{Choice.objects.get(question__key=question, key=key).label}"


@pytest.fixture
def page(client: Client) -> Shown:
    return shown(client, ADDRESS)


@pytest.mark.parametrize(("criterion", "answers", "row"), method.VALUES)
def test_the_values_are_those_of_the_method(
    page: Shown, criterion: str, answers: str, row: str
) -> None:
    first, *effects = table(page, criterion)
    assert first[0] == "Before any answer"
    changes = {cells[0]: [number(cell) for cell in cells[2:]] for cells in effects}
    # What follows from the parts of an option has no number of its own.
    has_value = [bool(value) for value in row.split("/")]
    assert [cell == "–unknown" for cell in first[2:]] == [not each for each in has_value]
    values = [number(cell) if has else 0.0 for cell, has in zip(first[2:], has_value, strict=True)]
    for pair in answers.split():
        added = changes.get(label(*pair.split("=")), [0.0] * 5)
        values = [value + change for value, change in zip(values, added, strict=True)]
    assert values == [float(value or 0) for value in row.split("/")]


@pytest.mark.parametrize(("question", "criterion"), method.POINTS)
def test_the_points_are_those_of_the_method(page: Shown, question: str, criterion: str) -> None:
    shown_points = {cells[0]: number(cells[1]) for cells in table(page, criterion)}
    keys = method.CHOICES[question].split()
    for key, points in zip(keys, method.POINTS[question, criterion], strict=True):
        assert shown_points.get(label(question, key), 0.0) == points


def test_the_vetoes_are_those_of_the_method(page: Shown) -> None:
    by_slug = dict(zip(method.ORDER, NAMES, strict=True))
    expected = set()
    for (question, key), words in method.VETOES.items():
        for word in words.split():
            option, _, condition = word.partition("(")
            beside = "“For all requests”" if condition else "any other answers"
            expected.add((label(question, key), by_slug[option], beside))
    found = set()
    for answer, options, beside in table(page, "vetoes"):
        for name in options.replace(" and ", ", ").split(", "):
            found.add((answer, name, beside))
    assert found == expected


def test_what_is_asked_of_hosts_is_that_of_the_method(page: Shown) -> None:
    expected = set()
    for (question, key), clauses in method.REQUIRES.items():
        for clause in clauses.split(", "):
            facts, _, unless = clause.partition("(")
            words = [FACTS[fact] for fact in facts.split("|")]
            while_ = "nothing is named under “Vendor terms”" if unless else "always"
            expected.add((label(question, key), listed(words), while_))
    assert {tuple(cells) for cells in table(page, "requirements")} == expected


def test_the_shares_of_answers_are_those_of_the_method_with_reason_and_source(page: Shown) -> None:
    found: dict[str, list[float]] = {}
    for answer, share, why, source in table(page, "shares"):
        question = next(q for q in Question.objects.all() if answer.startswith(q.short))
        found.setdefault(question.key, []).append(number(share.strip("%")) / 100)
        assert why.endswith(".")
        assert source.startswith("Editorial judgement")
    assert {key: pytest.approx(shares) for key, shares in method.SHARES.items()} == found


def test_the_numbers_behind_the_answers_are_those_of_the_method(page: Shown) -> None:
    expected = [
        (label(question, key), value)
        for (question, _), values in method.PARAMETERS.items()
        for key, value in zip(method.CHOICES[question].split(), values, strict=True)
        if value is not None
    ]
    found = [(cells[0], number(cells[2])) for cells in table(page, "numbers")]
    assert sorted(found) == sorted(expected)


def test_each_assumption_has_default_range_unit_source_and_date(page: Shown) -> None:
    rows = table(page, "assumptions")
    assert len(rows) == len(method.ASSUMPTIONS)
    for (key, (default, low, high)), cells in zip(
        sorted(method.ASSUMPTIONS.items()), sorted(rows, key=lambda r: _key(r[0])), strict=True
    ):
        assert _key(cells[0]) == key
        if default is None:
            assert FROM_ELSEWHERE[key] in cells[1]
        else:
            assert number(cells[1]) == default
        first, last = cells[2].split(" to ")
        assert (number(first), number(last)) == (low, high)
        assert cells[3]
        assert cells[4].endswith("2026")


def _key(name: str) -> str:
    """Return the key that stands below the name of an assumption."""
    return max((key for key in method.ASSUMPTIONS if name.endswith(key)), key=len)


def test_each_task_has_its_difficulty_and_the_benchmarks_about_as_hard(page: Shown) -> None:
    rows = table(page, "levels")
    given = zip(
        method.CHOICES["task"].split(),
        method.PARAMETERS["task", "difficulty"],
        method.PARAMETERS["task", "slope"],
        strict=True,
    )
    tasks = [(*numbers, label("task", key).removeprefix("Task")) for key, *numbers in given]
    assert [(number(c[1]), number(c[2]), c[0]) for c in rows] == sorted(tasks)
    # What the method names for each task, the easiest first.
    named = (
        ("ARC AI2", "MMLU", "ScienceQA", "BBH"),
        ("ANLI", "Fiction.LiveBench"),
        ("GPQA diamond", "SWE-Bench verified", "DTBench", "METR"),
        ("WeirdML", "Terminal Bench", "FrontierMath", "DeepSWE", "GDPval"),
    )
    for names, cells in zip(named, rows, strict=True):
        assert all(name in cells[3] for name in names)


def test_each_benchmark_beside_a_task_is_within_six_points_of_it(page: Shown) -> None:
    for cells in table(page, "levels"):
        near = BenchmarkDifficulty.objects.filter(
            difficulty__gte=number(cells[1]) - 6, difficulty__lte=number(cells[1]) + 6
        )
        assert near
        assert all(f"{row.benchmark} (" in cells[3] for row in near)
        assert cells[3].count("(") == len(near)


def test_models_stand_by_their_index_with_interval_grade_and_snapshot(page: Shown) -> None:
    rows = table(page, "models")
    assert len(rows) == Capability.objects.count()
    found = [number(cells[1]) for cells in rows]
    assert found == sorted(found, reverse=True)
    by_name = {cells[0]: cells for cells in rows}
    cells = by_name["Claude Opus 5.5Anthropic"]
    line = IndexScore.objects.get(name="Claude Opus 5.5", snapshot=date(2026, 10, 1))
    assert number(cells[1]) == pytest.approx(line.eci, abs=0.06)
    assert cells[2] == f"{line.ci_low:.1f} to {line.ci_high:.1f}"
    assert cells[3:] == ["The model itselfClaude Opus 5.5", "1 October 2026"]


def test_the_prices_of_gpus_are_those_of_the_method(page: Shown) -> None:
    rows = {cells[0]: cells for cells in table(page, "gpus")}
    assert len(rows) == Gpu.objects.count()
    for name, (rent, own) in GPUS.items():
        assert rows[name][2] == rent
        assert rows[name][3].replace("unknown", "") == own
        assert "Rented: " in rows[name][4]


def test_every_measured_profile_is_listed_with_its_source(page: Shown) -> None:
    rows = table(page, "throughput")
    assert len(rows) == ThroughputProfile.objects.count() == 11
    by_name = {cells[0]: cells for cells in rows}
    # 1.146e-05 s, 1.422e-05 s and 8.284e-09 s of a B200 in the fitted table.
    found = by_name["gpt-oss-120bB200, FP4"]
    assert found[2:6] == ["11.5", "14.2", "0.00828", "9%"]
    assert all("read " in cells[6] for cells in rows)


def test_the_shares_are_those_of_the_engine_over_all_answers(client: Client, page: Shown) -> None:
    found = document(client, {})
    assert f"Over {found['states']['count']:,} balanced, seeded samples" in page.text
    won = {cells[0]: cells[1] for cells in table(page, "wins")}
    assert list(won) == NAMES
    assert sum(option["acceptability"] for option in found["options"]) == pytest.approx(1)
    for name, option in zip(NAMES, found["options"], strict=True):
        assert number(won[name].strip("%")) == pytest.approx(100 * option["acceptability"], abs=0.5)
    # Each group wins somewhere.
    assert all(number(share.strip("%")) > 0 for share in won.values())


def test_what_is_ruled_out_wins_nothing_under_its_must_have(page: Shown) -> None:
    rows = {cells[0]: cells[1:] for cells in table(page, "must")}
    offline = [shares for condition, shares in rows.items() if "work offline" in condition]
    assert len(offline) == 3
    assert all(shares == ["0%", "0%", "0%", "100%", "0%"] for shares in offline)
    inside = [shares for condition, shares in rows.items() if "own premises" in condition]
    assert all(shares[:3] == ["0%", "0%", "0%"] for shares in inside)


@pytest.mark.parametrize(
    "words",
    [
        "a lead under 3 points of 100",
        "a lead under, or from, 10 points",
        "at least 90%, 70% or 50% of the combinations",
        "Closed API, Hosted open model, Hybrid, Open model on rented GPUs then Open model on your",
        "up to 4,096",
        "1,000, 10,000, 100,000, 1,000,000 and 10,000,000 a day",
        "$300 a month apart, and reaches its 3 points where they are $300,000 apart",
        "favour a hosted open model where organisations that serve the public under contract",
        "1.05 × weights, at their published size where it is known, + the cache",
        "2 GB a GPU stay within 90% of their memory",
        "hourly price × 730 ×",
        "version 1, published 22 November 2026",
    ],
)
def test_limits_ties_and_dates_are_told(page: Shown, words: str) -> None:
    assert words in page.text


@pytest.fixture
def other_limits() -> None:
    """Give the published rules other limits."""
    with unlocked():
        Rulebook.objects.update(close_call=4.5, cost_floor_usd=500)


@pytest.mark.usefixtures("other_limits")
def test_limits_follow_the_published_rules(client: Client) -> None:
    page = shown(client, ADDRESS)
    assert "a lead under 4.5 points of 100" in page.text
    assert "$500 a month apart" in page.text
    assert "$500,000 apart" in page.text


@pytest.mark.parametrize("address", ["/", RESULT, "/guide/", "/no-such-page/"])
def test_every_page_leads_to_the_method_from_its_foot(client: Client, address: str) -> None:
    page = Shown(client.get(address).content.decode())
    foot = page.one("footer").inside("a")
    assert ADDRESS in [tag["href"] for tag in foot]


def test_the_proof_of_a_result_leads_to_every_table(client: Client, page: Shown) -> None:
    proof = shown(client, url(RESULT, WHOLE)).by_id("proof")
    anchors = {tag["href"].partition("#")[2] for tag in proof.inside("a") if "#" in tag["href"]}
    with_tables = {section["id"] for section in page.all("section") if section.inside("table")}
    assert with_tables <= anchors
    for anchor in anchors:
        page.by_id(anchor)
