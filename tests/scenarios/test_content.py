"""What is shipped: all that the specification asks for, whole and sourced."""

import re
from collections import Counter
from datetime import date

import pytest

from apps.decision.vocabulary import CRITERIA
from apps.scenarios.models import (
    Basis,
    Definition,
    EvidenceNote,
    HybridPattern,
    Scenario,
    Sourced,
    Statement,
    Takeaway,
    TradeOff,
)
from tests.method import ASKED_IF, CHOICES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

MODELS: list[type[Sourced]] = [
    Scenario,
    EvidenceNote,
    Definition,
    TradeOff,
    HybridPattern,
    Takeaway,
    Statement,
]
# The table of scenarios in the method, in its order.
WINNERS = [
    ("Maximum capability needed", "Closed"),
    ("Strict data privacy required", "Open"),
    ("Quick prototype or MVP", "Closed"),
    ("High-volume production (1M+ a day)", "Open"),
    ("Regulated industry (often)", "Open"),
    ("Small team, limited DevOps", "Closed"),
    ("Custom domain-specific model", "Open"),
    ("Multimodal applications", "Closed"),
    ("Edge or offline deployment", "Open"),
    ("Startup exploring AI", "Closed"),
    ("Hard and routine work side by side", "Hybrid"),
]


def scenarios() -> list[Scenario]:
    """Return the shipped scenarios in the order of the page."""
    return list(Scenario.objects.in_order().with_evidence())


def test_the_eleven_scenarios_name_the_winners_of_the_method() -> None:
    assert [(row.title, row.winner) for row in scenarios()] == WINNERS


def test_each_scenario_answers_every_question_that_is_asked_and_no_other() -> None:
    for row in scenarios():
        asked = {
            key
            for key in CHOICES
            if key not in ASKED_IF
            or any(row.answers[parent] in on.split() for parent, on in ASKED_IF[key].items())
        }
        assert set(row.answers) == asked, row.slug


def test_every_answer_is_one_that_the_question_takes() -> None:
    for row in scenarios():
        for key, value in row.answers.items():
            if key == "volume":
                assert 1 <= int(value) <= 1_000_000_000, row.slug
            else:
                given = set(value) if isinstance(value, list) else {value}
                assert given <= set(CHOICES[key].split()) - {"custom"}, (row.slug, key)


def test_the_titles_are_kept_by_the_answers() -> None:
    answers = {row.slug: row.answers for row in scenarios()}
    assert int(answers["high-volume-production"]["volume"]) >= 1_000_000
    assert answers["edge-offline"]["connection"] == "never"
    assert answers["edge-offline"]["hardware"] in {"laptop", "workstation"}
    assert answers["small-team"]["team"] == "nobody"
    assert answers["custom-domain-model"]["training"] == "own-model"
    assert answers["strict-data-privacy"]["scope"] == "all"
    assert answers["hybrid"]["scope"] == "part"
    assert answers["hybrid"]["task"] == "expert"


def test_every_scenario_has_evidence_and_says_when_it_does_not_hold() -> None:
    for row in scenarios():
        assert len(row.evidence.all()) >= 2, row.slug
        assert row.when_not, row.slug
        assert re.fullmatch(r"[^.]+\.", row.summary), row.slug


@pytest.mark.parametrize(
    "slug",
    ["strict-data-privacy", "quick-prototype", "high-volume-production", "regulated-industry"],
)
def test_where_facts_soften_a_rule_evidence_speaks_against_it(slug: str) -> None:
    notes = Scenario.objects.get(slug=slug).evidence.all()
    assert any(note.text.startswith(("Against:", "Outside:")) for note in notes)


def test_four_words_are_defined() -> None:
    assert [row.term for row in Definition.objects.in_order()] == [
        "Fully open source",
        "Open weight",
        "Closed source",
        "Semi-open",
    ]


def test_both_sides_have_six_advantages_and_five_disadvantages() -> None:
    counts = Counter((row.side, row.kind) for row in TradeOff.objects.in_order())
    assert counts == {
        ("open", "advantage"): 6,
        ("open", "disadvantage"): 5,
        ("closed", "advantage"): 6,
        ("closed", "disadvantage"): 5,
    }


def test_the_trade_offs_touch_every_criterion_and_no_other() -> None:
    criteria = {row.criterion for row in TradeOff.objects.in_order()}
    assert criteria == {criterion.value for criterion in CRITERIA}


def test_there_are_two_patterns_five_takeaways_and_a_disclaimer() -> None:
    assert HybridPattern.objects.count() == 2
    assert Takeaway.objects.count() == 5
    assert "no professional advice" in Statement.objects.get(slug="disclaimer").text


def test_the_article_is_named_with_its_date() -> None:
    article = Statement.objects.get(slug="article")
    assert article.source_title == "Open Source vs Closed Source AI: Pros, Cons, and When Each Wins"
    assert article.source_date == "2026-03-10"
    assert article.checked_on == date(2026, 11, 22)


@pytest.mark.parametrize("model", MODELS)
def test_every_row_is_valid_in_the_form_too(model: type[Sourced]) -> None:
    for row in model._default_manager.all():
        row.full_clean()
        assert row.checked_on == date(2026, 11, 22)
        # What is dated after the day it was checked cannot have been checked.
        assert row.source_date <= "2026-11-22"


def test_every_fact_about_others_has_an_address_or_names_the_catalog() -> None:
    for note in EvidenceNote.objects.all():
        named = note.source_url or "catalog" in note.source_title
        assert named or note.basis == Basis.JUDGEMENT, note


@pytest.mark.parametrize("model", MODELS)
def test_the_texts_stay_plain(model: type[Sourced]) -> None:
    banned = re.compile(r"\b(please|simply|just|powerful|revolutionary|cutting-edge)\b|!", re.I)
    for row in model._default_manager.all():
        for field in row._meta.get_fields():
            value = getattr(row, field.name, None)
            if isinstance(value, str) and not field.name.startswith("source_"):
                assert not banned.search(value), (row, field.name)
