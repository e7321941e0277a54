"""Version 1 as shipped: its rows hold what the method says, whatever comes after it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models, transaction
from pytest_django import DjangoDbBlocker

from apps.decision.vocabulary import CRITERIA
from apps.money.assumptions import Assumptions
from apps.money.options import OPTIONS
from apps.rules import models as rules
from tests.method import (
    ALL_CHOICES,
    ASKED_IF,
    ASSUMPTIONS,
    CHOICES,
    PARAMETERS,
    POINTS,
    REQUIRES,
    SEVERAL,
    SHARES,
    VALUES,
    VETOES,
)

VERSION = 1


@dataclass(frozen=True)
class Rows:
    """The rows of the version, read once."""

    rulebook: rules.Rulebook
    questions: Mapping[str, rules.Question]
    choices: Mapping[tuple[str, str], rules.Choice]
    base: Mapping[tuple[str, str], float]
    deltas: Mapping[tuple[str, str, str, str], float]
    points: Mapping[tuple[str, str, str], float]
    vetoes: Mapping[tuple[str, str], set[str]]
    conditions: Mapping[tuple[str, str], set[str]]
    requirements: Mapping[tuple[str, str], set[str]]
    parameters: Mapping[tuple[str, str, str], float]
    checklist: Mapping[str, list[rules.ChecklistItem]]
    options: Mapping[str, rules.OptionText]
    criteria: Mapping[str, rules.CriterionText]
    assumptions: list[rules.Assumption]
    everything: list[models.Model]


def of[M: rules.Versioned](table: type[M]) -> models.QuerySet[M]:
    """Return a table's rows of the version."""
    return table.objects.filter(**{table.path("version"): VERSION})


def everything() -> Iterator[rules.Versioned]:
    """Yield each row of the version."""
    for table in apps.get_app_config("rules").get_models():
        if issubclass(table, rules.Versioned):
            yield from of(table)


def effects(table: type[rules.Part], *names: str) -> dict[Any, float]:
    """Map question, choice and all names but the last to the number that the last one holds."""
    path = "choice__question__key", "choice__key"
    return {tuple(row[:-1]): row[-1] for row in of(table).values_list(*path, *names)}


def read() -> Rows:
    """Read all rows."""
    vetoes: dict[tuple[str, str], set[str]] = {}
    for veto in of(rules.VetoEffect).select_related("choice__question", "only_if__question"):
        only = veto.only_if
        text = veto.option if only is None else f"{veto.option}({only.question.key}={only.key})"
        vetoes.setdefault((veto.choice.question.key, veto.choice.key), set()).add(text)
    requirements: dict[tuple[str, str], set[str]] = {}
    for asked in of(rules.HostRequirement).select_related("choice__question"):
        text = asked.facts.replace(" ", "|")
        text += f"(unless {asked.unless_question})" if asked.unless_question else ""
        requirements.setdefault((asked.choice.question.key, asked.choice.key), set()).add(text)
    checklist: dict[str, list[rules.ChecklistItem]] = {}
    for item in of(rules.ChecklistItem).select_related("choice"):
        checklist.setdefault(item.choice.key, []).append(item)
    return Rows(
        rulebook=of(rules.Rulebook).get(),
        questions={question.key: question for question in of(rules.Question)},
        choices={(c.question.key, c.key): c for c in of(rules.Choice).select_related("question")},
        base={(b.criterion, b.option): b.value for b in of(rules.BaseValue)},
        deltas=effects(rules.ValueEffect, "criterion", "option", "delta"),
        points=effects(rules.PointEffect, "criterion", "points"),
        vetoes=vetoes,
        conditions={
            (row.question.key, row.parent): set(row.answers.split())
            for row in of(rules.AskedIf).select_related("question")
        },
        requirements=requirements,
        parameters=effects(rules.ChoiceParameter, "parameter", "value"),
        checklist=checklist,
        options={o.option: o for o in of(rules.OptionText).prefetch_related("risks", "steps")},
        criteria={text.criterion: text for text in of(rules.CriterionText)},
        assumptions=list(of(rules.Assumption)),
        everything=list(everything()),
    )


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Rows:
    """The rows as shipped; the database is left as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", verbosity=0)
        found = read()
        transaction.set_rollback(True)
    return found


def by_choice[V](table: Mapping[tuple[str, str], tuple[V, ...]]) -> dict[tuple[str, str, str], V]:
    """Spread a table's rows over the choices of their question."""
    return {
        (question, key, word): value
        for (question, word), values in table.items()
        for key, value in zip(CHOICES[question].split(), values, strict=True)
    }


def texts(row: models.Model) -> Iterator[str]:
    """Yield the row's texts, links apart."""
    for field in row._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField) and "url" not in field.name:
            yield getattr(row, field.name)


def test_it_was_published_with_the_limits_of_the_method(rows: Rows) -> None:
    book = rows.rulebook
    assert not book.is_draft
    assert book.published_on == date(2026, 11, 22)
    assert (book.close_call, book.clear) == (3, 10)
    assert (book.robust, book.likely, book.leaning) == (0.9, 0.7, 0.5)
    assert (book.cost_floor_usd, book.cost_points) == (300, 3)
    assert (book.capability_floor, book.rest_floor) == (0.5, 0.9)
    assert (book.hybrid_capability, book.hybrid_penalty) == (0.97, 5)
    assert (book.hard_consequence_weight, book.hard_consequence_value) == (0.08, 30)
    assert 2 <= book.no_model.count(".") <= 3


def test_the_questions_come_in_the_order_of_the_contract(rows: Rows) -> None:
    assert list(rows.questions) == list(CHOICES)
    assert [question.order for question in rows.questions.values()] == list(range(1, 19))


@pytest.mark.parametrize("question", CHOICES)
def test_a_question_has_the_choices_of_the_contract_in_order(rows: Rows, question: str) -> None:
    assert [key for name, key in rows.choices if name == question] == CHOICES[question].split()


@pytest.mark.parametrize("question", CHOICES)
def test_each_question_says_what_it_is_why_it_is_asked_and_what_is_missing(
    rows: Rows, question: str
) -> None:
    row = rows.questions[question]
    kinds = dict.fromkeys(SEVERAL, "several") | {"volume": "number", "size": "size"}
    kind = kinds.get(question, "choice")
    assert row.kind == kind
    assert row.title.endswith("?")
    assert row.why.endswith(".")
    assert row.missing.startswith("Enter " if kind == "number" else "Select ")
    assert row.short


def test_questions_depend_on_the_answers_of_the_contract_and_no_others(rows: Rows) -> None:
    assert rows.conditions == {
        (question, parent): set(answers.split())
        for question, parents in ASKED_IF.items()
        for parent, answers in parents.items()
    }


def test_numbers_have_the_ranges_and_states_of_the_contract(rows: Rows) -> None:
    numbers = {
        question.key: (question.low, question.high, question.states)
        for question in rows.questions.values()
        if question.high or question.states
    }
    assert numbers == {
        "volume": (1, 1_000_000_000, "1000 10000 100000 1000000 10000000"),
        "size": (0, 10_000_000, ""),
    }


@pytest.mark.parametrize(("criterion", "answers", "expected"), VALUES)
def test_base_and_changes_add_up_to_the_tables(
    rows: Rows, criterion: str, answers: str, expected: str
) -> None:
    given = [tuple(answer.split("=")) for answer in answers.split()]
    sums = [
        rows.base[criterion, option]
        + sum(rows.deltas.get((q, c, criterion, option), 0) for q, c in given)
        for option in OPTIONS
        if (criterion, option) in rows.base
    ]
    assert sums == [float(value) for value in expected.split("/") if value]
    assert all(0 <= value <= 100 for value in sums) or criterion == "capability"


def test_no_answer_outside_the_tables_changes_a_value(rows: Rows) -> None:
    listed = {
        (criterion, tuple(answer.split("=")))
        for criterion, answers, _ in VALUES
        for answer in answers.split()
    }
    assert {(criterion, (q, c)) for q, c, criterion, _ in rows.deltas} <= listed
    assert 0 not in rows.deltas.values()


def test_every_criterion_but_cost_has_a_base_value_unless_it_follows_from_the_parts(
    rows: Rows,
) -> None:
    follows = {(c, "hybrid") for c in ("operations", "speed", "elasticity", "customisation")}
    assert set(rows.base) == {(c, o) for c in CRITERIA if c != "cost" for o in OPTIONS} - follows
    assert not follows & {(c, o) for _, _, c, o in rows.deltas}


def test_points_are_those_of_the_tables_and_no_others(rows: Rows) -> None:
    assert rows.points == {key: value for key, value in by_choice(POINTS).items() if value}


@pytest.mark.parametrize(("question", "choice"), ALL_CHOICES)
def test_a_choice_rules_out_what_the_method_says_and_nothing_else(
    rows: Rows, question: str, choice: str
) -> None:
    expected = set(VETOES.get((question, choice), "").split())
    assert rows.vetoes.get((question, choice), set()) == expected


@pytest.mark.parametrize(("question", "choice"), ALL_CHOICES)
def test_a_choice_asks_of_hosts_what_the_method_says_and_nothing_else(
    rows: Rows, question: str, choice: str
) -> None:
    expected = set(REQUIRES.get((question, choice), "").split(", ")) - {""}
    assert rows.requirements.get((question, choice), set()) == expected


def test_of_several_clouds_one_is_enough_and_of_several_terms_none_may_be_missing(
    rows: Rows,
) -> None:
    combined = {key: rows.questions[key].combine for key in SEVERAL}
    assert combined == {"terms": "all", "cloud": "any", "rules": "all"}


def test_unknown_hardware_is_to_be_bought_and_all_else_stays_open(rows: Rows) -> None:
    named = {key: row.when_unsure for key, row in rows.questions.items() if row.when_unsure}
    assert named == {"hardware": "to-be-bought"}


@pytest.mark.parametrize("question", CHOICES)
def test_answers_are_as_common_as_the_method_says_with_a_reason(rows: Rows, question: str) -> None:
    row = rows.questions[question]
    given = [c.share for (q, _), c in rows.choices.items() if q == question]
    shares = [float(share) for share in row.state_shares.split()] or given
    expected = SHARES.get(question)
    assert shares == (list(expected) if expected else [None] * len(given))
    assert (row.shares_reason, row.shares_source, row.shares_as_of) == (
        (row.shares_reason, "Editorial judgement", date(2026, 11, 22))
        if expected
        else ("", "", None)
    )
    assert row.shares_reason.endswith("." if expected else "")


def test_parameters_are_those_of_the_method_and_no_others(rows: Rows) -> None:
    expected = by_choice(PARAMETERS)
    assert rows.parameters == {key: v for key, v in expected.items() if v is not None}


@pytest.mark.parametrize("choice", ["short", "chat", "document"])
def test_the_label_of_a_size_states_its_tokens(rows: Rows, choice: str) -> None:
    numbers = re.findall(r"\d+", rows.choices["size", choice].label.replace(",", ""))
    assert [float(number) for number in numbers] == [
        rows.parameters["size", choice, "tokens-in"],
        rows.parameters["size", choice, "tokens-out"],
    ]


def test_rules_never_pick_the_answer_and_say_so(rows: Rows) -> None:
    effects = [*rows.deltas, *rows.points, *rows.vetoes, *rows.parameters]
    assert "rules" not in {effect[0] for effect in effects}
    assert "never picks the answer" in rows.questions["rules"].why


def test_each_rule_has_two_to_four_sourced_checks_and_none_has_none(rows: Rows) -> None:
    assert set(rows.checklist) == set(CHOICES["rules"].split()) - {"none"}
    for items in rows.checklist.values():
        assert [item.order for item in items] == list(range(1, len(items) + 1))
        assert 2 <= len(items) <= 4
        for item in items:
            assert item.text.endswith(".")
            assert item.source
            assert item.source_url.startswith("https://")
            assert item.as_of == date(2026, 11, 22)


@pytest.mark.parametrize(("question", "choice"), ALL_CHOICES)
def test_a_choice_has_a_label_and_a_clause_that_completes_because(
    rows: Rows, question: str, choice: str
) -> None:
    row = rows.choices[question, choice]
    assert row.label
    assert bool(row.phrase) == (question != "rules")
    assert row.phrase[:1].islower() or question == "rules"
    assert not row.phrase.endswith(".")
    assert not row.consequence.endswith(".")


def test_each_option_has_its_name_and_headline(rows: Rows) -> None:
    assert {key: (text.name, text.headline) for key, text in rows.options.items()} == {
        "closed-api": ("Closed API", "through an API"),
        "hosted-open": ("Hosted open model", "hosted for you"),
        "self-cloud": ("Open model on rented GPUs", "on rented GPUs"),
        "self-onprem": ("Open model on your own hardware", "on your own hardware"),
        "hybrid": ("Hybrid", "hard work to a closed API, the rest to an open model"),
    }


@pytest.mark.parametrize("option", OPTIONS)
def test_each_option_has_risks_with_trip_wires_and_a_step_of_each_kind(
    rows: Rows, option: str
) -> None:
    text = rows.options[option]
    risks, steps = text.risks.all(), text.steps.all()
    assert 2 <= len(risks) <= 3
    for risk in risks:
        assert risk.text.endswith(".")
        assert risk.trip_wire[0].islower()
        assert not risk.trip_wire.endswith(".")
    assert [step.kind for step in steps] == ["trial", "path-out", "reverse"]
    assert all(step.text.endswith(".") for step in steps)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_each_criterion_is_explained_and_admits_its_judgement(rows: Rows, criterion: str) -> None:
    text = rows.criteria[criterion]
    assert text.name
    assert text.about.endswith(".")
    assert text.better[0].islower()
    assert not text.better.endswith(".")
    assert "editorial judgement" in text.basis.lower()


def test_assumptions_follow_the_cost_formulas_with_the_defaults_and_ranges_of_the_method(
    rows: Rows,
) -> None:
    assert {row.key: (row.default, row.low, row.high) for row in rows.assumptions} == ASSUMPTIONS
    # The GPU is named by a slug, so it has no range; its prices are rows beside it.
    fields_with_row = {field.name for field in fields(Assumptions)} - {"gpu"}
    assert {row.key.replace("-", "_") for row in rows.assumptions} == fields_with_row
    assert [row.key for row in rows.assumptions] == list(ASSUMPTIONS)
    assert all(row.label and row.unit and row.source for row in rows.assumptions)
    dates = {row.key: row.as_of for row in rows.assumptions}
    assert dates.pop("gpu_hourly_own") == date(2026, 4, 3)
    assert set(dates.values()) == {date(2026, 11, 22)}


def test_all_texts_keep_to_the_house_style(rows: Rows) -> None:
    for row in rows.everything:
        for text in texts(row):
            assert not re.search(r"\bplease\b|!|\s\s|^\s|\s$", text, re.IGNORECASE), text


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_every_row_is_valid() -> None:
    for row in everything():
        row.full_clean()
