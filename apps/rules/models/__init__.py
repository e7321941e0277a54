"""The rulebook as rows: every question, choice, effect, text and assumption of a version."""

from apps.rules.models.base import Part, ReadOnlyError, Status, Versioned
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
    HostRequirement,
    PointEffect,
    ValueEffect,
    VetoEffect,
)
from apps.rules.models.provenance import Provenance
from apps.rules.models.rulebook import AskedIf, Choice, Question, Rulebook, new_token

__all__ = [
    "AskedIf",
    "Assumption",
    "BaseValue",
    "ChecklistItem",
    "Choice",
    "ChoiceParameter",
    "CriterionText",
    "HostRequirement",
    "OptionRisk",
    "OptionStep",
    "OptionText",
    "Part",
    "PointEffect",
    "Provenance",
    "Question",
    "ReadOnlyError",
    "Rulebook",
    "Status",
    "ValueEffect",
    "Versioned",
    "VetoEffect",
    "new_token",
]
