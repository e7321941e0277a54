"""What forms call criteria, options and parameters, and what they say that an answer does."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from apps.decision.rulebook import Parameter
from apps.decision.vocabulary import CRITERIA
from apps.money.options import OPTIONS
from apps.rules import words
from apps.rules.compile import compiled
from apps.rules.models import CriterionText, OptionText, Question, Status

_LIVING = (Status.PUBLISHED, Status.DRAFT)


# What a column means, where the table itself does not say it.
HELP = {
    "order": "Its place, from 1 on; two rows can change places in one save.",
    "kind": "How it is answered: one choice, several, a number, or the size of a request.",
    "title": "The question as the visitor reads it.",
    "why": "Why it is asked, in a sentence below it.",
    "hint": "Help with the answer; may be empty.",
    "shares_source": "Who says how common the answers are.",
    "shares_url": "The page, https://…; may be empty.",
    "shares_as_of": "The day on which the source was read.",
    "low": "The lowest number that it takes; only for a number or a size.",
    "high": "The highest number that it takes; only for a number or a size.",
    "label": "The answer as the visitor reads it.",
    "consequence": "What follows from it, in a sentence below it; may be empty.",
    "criterion": "What the options are compared on.",
    "option": "Which of the five options.",
    "points": "From 0 to 10: how much more the criterion counts.",
    "value": "For options from 0, the worst, to 100, the best.",
    "parameter": "Which number the answer hands to the costs or the shortlist.",
    "text": "One or two sentences.",
    "source": "Who says so.",
    "source_url": "The page, https://…; may be empty.",
    "as_of": "The day on which the source was read.",
    "name": "As visitors read it.",
    "sentence": "What it is, in one sentence.",
    "about": "What it means, in one sentence.",
    "basis_url": "The page, https://…; may be empty.",
    "close_call": "A lead under this is too close to call; points of 100.",
    "robust": "From this share of states on a lead is robust, 0 to 1.",
    "likely": "From this share of states on a lead is likely, 0 to 1.",
    "leaning": "From this share of states on it leans that way, 0 to 1.",
    "cost_floor_usd": "US dollars a month between options from which cost starts to count.",
    "cost_points": "The most importance that cost gains by that difference.",
    "unit": "What the number is in.",
}


def of(field: str) -> list[tuple[str, str]]:
    """Return the words of a column with their names; none where it has no such words."""
    if field == "criterion":
        names = dict(_newest(CriterionText).values_list("criterion", "name"))
        return [(c.value, names.get(c.value, c.value)) for c in CRITERIA]
    if field == "option":
        names = dict(_newest(OptionText).values_list("option", "name"))
        return [(o.value, names.get(o.value, o.value)) for o in OPTIONS]
    if field == "parameter":
        return [(p.value, words.PARAMETERS[p].capitalize()) for p in Parameter]
    return []


def _newest(table: type[CriterionText] | type[OptionText]) -> "models.QuerySet[Any]":
    return table.objects.filter(rulebook__status__in=_LIVING).order_by("rulebook__version")


def deeds(question: Question) -> Mapping[str, Sequence[str]]:
    """Return what each answer of a question does, as clauses, by its key."""
    rules = compiled(question.rulebook)
    choices = rules.by_key[question.key].choices
    return {choice.key: tuple(words.does(rules, choice)) for choice in choices}
