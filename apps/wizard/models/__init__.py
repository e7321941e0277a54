"""The rulebook as rows: every question, choice, effect, text and assumption of a version."""

from apps.wizard.models.content import (
    Assumption,
    BaseValue,
    CriterionText,
    OptionRisk,
    OptionStep,
    OptionText,
)
from apps.wizard.models.effects import (
    ChecklistItem,
    ChoiceParameter,
    PointEffect,
    ValueEffect,
    VetoEffect,
)
from apps.wizard.models.rules import Choice, Question, Rulebook, Status

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
