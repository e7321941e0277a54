"""The rulebook as rows: every question, choice, effect, text and assumption of a version."""

from apps.rules.models.content import (
    Assumption,
    BaseValue,
    CriterionText,
    OptionRisk,
    OptionStep,
    OptionText,
)
from apps.rules.models.effects import (
    ChecklistItem,
    ChoiceParameter,
    PointEffect,
    ValueEffect,
    VetoEffect,
)
from apps.rules.models.rulebook import Choice, Question, Rulebook, Status

__all__ = [
    "Assumption",
    "BaseValue",
    "ChecklistItem",
    "Choice",
    "ChoiceParameter",
    "CriterionText",
    "OptionRisk",
    "OptionStep",
    "OptionText",
    "PointEffect",
    "Question",
    "Rulebook",
    "Status",
    "ValueEffect",
    "VetoEffect",
]
