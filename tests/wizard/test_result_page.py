"""The recommendation page: whole, calm and true for whatever the address holds."""

import re
from itertools import pairwise

import pytest
from django.test import Client

from apps.scenarios.models import Scenario
from tests.visiting import (
    JSON,
    RESULT,
    STATES,
    WHOLE,
    Query,
    Shown,
    document,
    draw,
    parts,
    shown,
    url,
    without,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

SETS: list[Query] = [{}, *(answers for answers, _, _ in STATES.values())]
SETS += [draw(seed) for seed in range(30)]

# In the order of the page; those in brackets only where they have something to say.
SECTIONS = [
    "(What would have to give)",
    "(The answers that decided it)",
    "(The answers that count most so far)",
    "On this page",
    "The money",
    "(Why)",
    "What would change this",
    "Models to try",
    "Why not the others",
    "What was assumed",
    "(Rules to check)",
    "Risks, and when to look again",
    "Next steps",
    "Proof",
]
# What a slip in a template or a number that is none would leave behind.
LEFTOVERS = re.compile(
    r"\{\{|\}\}|\{%|\bnan\b|\binf\b|\bNone\b(?! of these| yet:)|\bTrue\b|\[\]|\(\)"
)


def assert_whole(page: Shown) -> None:
    """All parts are there, in order, and say something that is fit to read."""
    assert not LEFTOVERS.findall(page.text), LEFTOVERS.findall(page.text)
    named = [heading.split(":")[0] for heading in page.sections if not _is_split(page, heading)]
    always = [name for name in SECTIONS if not name.startswith("(")]
    assert [name for name in named if name in always] == always
    order = [name.strip("()") for name in SECTIONS]
    places = [order.index(name) for name in named]
    assert places == sorted(places)
    for tag in page.all("a"):
        if tag["href"].startswith("#"):
            page.by_id(tag["href"][1:])
    assert len(page.one("table", class_="money").texts) > 5
    rows = page.all("td", class_="expected")
    assert len(rows) == 5
    assert all(row.text.startswith("$") or row.text == "–" for row in rows)


def _is_split(page: Shown, heading: str) -> bool:
    return any(heading in tag.text for tag in page.all("ul", class_="split"))


@pytest.mark.parametrize("answers", SETS, ids=range(len(SETS)))
def test_every_set_of_answers_gives_a_whole_page(client: Client, answers: Query) -> None:
    page = shown(client, url(RESULT, answers))
    assert_whole(page)
    found = document(client, answers)
    assert page.heading == found["verdict"]["sentence"]
    assert page.title == f"{page.heading} – OpenWeigh"


@pytest.mark.parametrize("state", STATES)
def test_the_sentence_says_how_sure_it_is(client: Client, state: str) -> None:
    answers, first, last = STATES[state]
    sentence = shown(client, url(RESULT, answers)).heading
    assert sentence.startswith(first)
    assert sentence.endswith(last)


def test_every_scenario_gives_the_winner_that_it_names(client: Client) -> None:
    scenarios = list(Scenario.objects.in_order())
    assert len(scenarios) == 11
    for scenario in scenarios:
        page = shown(client, url(RESULT, scenario.answers))
        assert_whole(page)
        assert page.heading.startswith(scenario.winner), scenario.slug
        assert "Answer the next question" not in page.text
        assert document(client, scenario.answers)["verdict"]["group"] == scenario.winner


# What stands where


def test_the_verdict_carries_the_mark_of_its_group(client: Client) -> None:
    page = shown(client, url(RESULT, WHOLE))
    assert page.one("h1")["class"].split() == ["verdict", "verdict--hybrid"]


def test_the_money_shows_all_options_and_marks_the_winner(client: Client) -> None:
    page = shown(client, url(RESULT, {**WHOLE, "boundary": "own-cloud"}))
    rows = page.one("table", class_="money")
    for name in ("Closed API", "Hosted open model", "Open model on rented GPUs", "Hybrid"):
        assert name in rows.text
    assert len(page.all("tr", class_="chosen")) == 1
    out = [tag.text for tag in page.all("tr", class_="out")]
    assert len(out) == 2
    assert all(
        "Ruled out by “Only to machines that you alone control, in your cloud account”" in t
        for t in out
    )


def test_the_answers_that_decided_it_can_be_changed(client: Client) -> None:
    page = shown(client, url(RESULT, WHOLE))
    block = page.one("dl", class_="deciders")
    assert 2 <= block.text.count("Change") <= 3
    links = [tag["href"] for tag in page.all("a") if tag.text.startswith("Change: ")]
    assert all(parts(link)[1]["then"] == ["result"] for link in links)


def test_the_reasons_are_sorted_and_sum_to_the_difference(client: Client) -> None:
    page = shown(client, url(RESULT, WHOLE))
    values = [float(tag.text.replace("−", "-")) for tag in page.all("span", class_="reason-value")]
    assert len(values) == 9
    assert all(abs(a) >= abs(b) for a, b in pairwise(values))
    scores = {o["option"]: o["score"] for o in document(client, WHOLE)["options"]}
    difference = scores["hybrid"] - scores["hosted-open"]
    # Each line is rounded to a tenth.
    assert sum(values) == pytest.approx(difference, abs=0.5)
    assert f"The lines sum to +{difference:.1f} points" in page.text


def test_every_change_that_is_shown_leads_to_what_it_says(client: Client) -> None:
    page = shown(client, url(RESULT, WHOLE))
    links = [tag for tag in page.all("a") if tag.text.startswith("See it")]
    assert links
    rows = [tag.text for tag in page.all("li") if "See it" in tag.text]
    for row, link in zip(rows, links, strict=True):
        outcome = shown(client, link["href"]).heading
        assert outcome.split(",")[0] in row


def test_each_model_names_what_the_page_promises(client: Client) -> None:
    page = shown(client, url(RESULT, WHOLE))
    models = page.all("article", class_="model")
    assert 2 <= len(models) <= 3
    for model in models:
        for name in ("Why this one", "Worse at", "Your rights", "Price", "Capability"):
            assert name in model.text
        assert "Last checked" in model.text
        # A price of an API has its source; that of hardware is an assumption.
        assert ("Source:" in model.text) is ("Hardware" not in model.text)


def test_the_priced_model_is_the_recommended_one(client: Client) -> None:
    page = shown(client, url(RESULT, WHOLE))
    first = next(tag.text for tag in page.all("h3") if tag.text.endswith(" Current"))
    assert first.removesuffix(" Current") in page.one("tr", class_="chosen").text


def test_rules_bring_their_checklist_and_never_pick(client: Client) -> None:
    page = shown(client, url(RESULT, {**WHOLE, "rules": ["hipaa", "finance"]}))
    assert "Rules to check" in page.sections
    names = [tag.text for tag in page.all("h3")]
    assert "HIPAA: health information in the United States" in names
    assert "Financial supervision: banks, insurers, payments" in names
    none = shown(client, url(RESULT, {**WHOLE, "rules": "none"}))
    assert "Rules to check" not in none.sections
    assert none.heading == page.heading


def test_an_unknown_must_have_is_split_and_never_averaged(client: Client) -> None:
    page = shown(client, url(RESULT, STATES["split"][0]))
    assert page.heading == "It depends on the data boundary"
    cases = page.all("ul", class_="split")[0]
    assert cases.text.count("If ") >= 2
    for tag in page.all("a"):
        if tag.text == "Decide it so":
            assert not shown(client, tag["href"]).heading.startswith(
                "It depends on the data boundary"
            )


def test_the_unsure_answer_most_worth_finding_out_comes_first(client: Client) -> None:
    answers = without(WHOLE, "volume", "deadline")
    page = shown(client, url(RESULT, answers))
    rows = [tag.text for tag in page.all("li") if "Answer:" in tag.text]
    assert len(rows) == 2
    # A small volume would change the lead; no date does.
    assert document(client, answers)["ask_first"]["question"] == "volume"
    assert rows[0].startswith("Requests a day. Find out first The lead changes")
    assert "Find out first" not in rows[1]


def test_an_assumption_can_be_changed_and_set_back(client: Client) -> None:
    page = shown(client, url(RESULT, WHOLE))
    assert not page.by_id("retry")["value"]
    assert "Back to all defaults" not in page.text
    changed = shown(client, url(RESULT, WHOLE, retry="10 %"))
    assert changed.by_id("retry")["value"] == "0.1"
    assert parts(changed.link("Back to all defaults")) == parts(url(RESULT, WHOLE))
    kept = [(tag["name"], tag["value"]) for tag in changed.all("input", type="hidden")]
    assert dict(kept).keys() == WHOLE.keys()


def test_the_proof_leads_to_the_same_result_for_programs(client: Client) -> None:
    page = shown(client, url(RESULT, WHOLE))
    link = page.link("This result as JSON, with every value behind it")
    assert parts(link) == parts(url(JSON, WHOLE))
    assert "Rules: version 1, published 22 November 2026" in page.text


# What cannot be read

SCRIPT = "<script>alert('x')</script>"
HOSTILE = [
    url(RESULT, WHOLE, stage=SCRIPT),
    url(RESULT, WHOLE, volume="9" * 39),
    url(RESULT, WHOLE, volume="1e99"),
    url(RESULT, WHOLE, volume="-1"),
    url(RESULT, WHOLE, volume="NaN"),
    url(RESULT, WHOLE, volume="Infinity", retry="Infinity", salary="1e40"),
    url(RESULT, WHOLE, team="a\0b"),
    url(RESULT, WHOLE, task="x" * 20_000),
    url(RESULT, WHOLE, stage=["scaling", "exploring"]),
    url(RESULT, WHOLE, rules=["none", "gdpr"]),
    url(RESULT, WHOLE, rules=["gdpr"] * 50),
    url(RESULT, WHOLE, size="custom", tokens_in=SCRIPT, tokens_out="0"),
    url(RESULT, WHOLE, size="custom", tokens_in="0", tokens_out="0"),
    url(RESULT, WHOLE, retry=SCRIPT, peak="0", gpu_hourly="-3"),
    url(RESULT, {f"key{n}": "x" for n in range(900)}),
    f"{RESULT}?stage=%ff%fe&boundary=%ed%a0%80&=&&&volume",
    f"{RESULT}?stage=scaling;drop table&{'volume=5&' * 500}",
]


@pytest.mark.parametrize("address", HOSTILE, ids=range(len(HOSTILE)))
def test_what_cannot_be_read_is_said_and_breaks_nothing(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert b"<script>alert" not in response.content
    page = Shown(response.content.decode())
    assert_whole(page)
    found = client.get(address.replace(RESULT, JSON))
    assert found.status_code == 200
    ignored = found.json()["ignored"]
    notices = [tag.text for tag in page.all("div", class_="notice--caution")]
    for problem in ignored:
        assert any(" ".join(problem["reason"].split()) in notice for notice in notices)
    assert found.json()["verdict"]["sentence"] == page.heading


def test_an_unreadable_answer_counts_as_not_answered(client: Client) -> None:
    page = shown(client, url(RESULT, WHOLE, team="nonsense"))
    notices = [notice.text for notice in page.all("div", class_="notice--caution")]
    assert "Team: “nonsense” is not one of the answers. It counts as not answered." in notices
    missing = document(client, without(WHOLE, "team"))
    assert document(client, {**WHOLE, "team": "nonsense"}) == {
        **missing,
        "ignored": [
            {
                "key": "team",
                "value": "nonsense",
                "reason": "Team: “nonsense” is not one of the answers",
            }
        ],
    }


def test_an_unreadable_assumption_takes_the_default(client: Client) -> None:
    page = shown(client, url(RESULT, WHOLE, retry="lots"))
    notices = page.all("div", class_="notice--caution")
    assert any("The default is used." in notice.text for notice in notices)


@pytest.mark.parametrize("path", [RESULT, JSON, "/decide/stage/"])
def test_more_parameters_than_any_page_has_are_refused_in_words(client: Client, path: str) -> None:
    response = client.get(f"{path}?{'a=b&' * 2000}")
    assert response.status_code == 400
    assert "could not be understood" in Shown(response.content.decode()).heading
