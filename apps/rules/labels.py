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
