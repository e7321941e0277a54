"""What a choice does: values, points, vetoes, numbers and what is to be checked."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from apps.decision.rulebook import Parameter
from apps.decision.vocabulary import CRITERIA, HOST_FACTS
from apps.money.options import OPTIONS
from apps.rules.models.base import CRITERION_CHOICES, OPTION_CHOICES, Part
from apps.rules.models.rulebook import Choice


class ValueEffect(Part):
    """A choice changes what an option is worth on a criterion."""

    natural_fields = (
        "choice__question__rulebook__version",
        "choice__question__key",
        "choice__key",
        "criterion",
        "option",
    )

    choice = models.ForeignKey(Choice, models.CASCADE, related_name="value_effects")
    criterion = models.CharField(max_length=20, choices=CRITERION_CHOICES)
    option = models.CharField(max_length=20, choices=OPTION_CHOICES)
    delta = models.FloatField(help_text="Added to the base value; the sum is cut to 0–100.")

    class Meta:
        """One effect each."""

        ordering = ("choice", "criterion", "option")
        constraints = [
            UniqueConstraint(fields=("choice", "criterion", "option"), name="value_effect_unique"),
            CheckConstraint(
                condition=Q(delta__gte=-100, delta__lte=100),
                name="value_effect_range",
                violation_error_message="A change of value lies between −100 and 100.",
            ),
            CheckConstraint(
                condition=Q(criterion__in=[c.value for c in CRITERIA])
                & Q(option__in=[o.value for o in OPTIONS]),
                name="value_effect_words_known",
            ),
        ]


class PointEffect(Part):
    """A choice makes a criterion more important."""

    natural_fields = (
        "choice__question__rulebook__version",
        "choice__question__key",
        "choice__key",
        "criterion",
    )

    choice = models.ForeignKey(Choice, models.CASCADE, related_name="point_effects")
    criterion = models.CharField(max_length=20, choices=CRITERION_CHOICES)
    points = models.FloatField()

    class Meta:
        """One effect each, never negative."""

        ordering = ("choice", "criterion")
        constraints = [
            UniqueConstraint(fields=("choice", "criterion"), name="point_effect_unique"),
            CheckConstraint(
                condition=Q(points__gte=0),
                name="point_effect_not_negative",
                violation_error_message="Points of importance are never below 0.",
            ),
            CheckConstraint(
                condition=Q(criterion__in=[c.value for c in CRITERIA]),
                name="point_effect_words_known",
            ),
        ]


class VetoEffect(Part):
    """A choice rules an option out, perhaps only beside another answer."""

    natural_fields = (
        "choice__question__rulebook__version",
        "choice__question__key",
        "choice__key",
        "option",
    )

    choice = models.ForeignKey(Choice, models.CASCADE, related_name="veto_effects")
    option = models.CharField(max_length=20, choices=OPTION_CHOICES)
    # A veto never falls silent because the answer that it waits for is deleted.
    only_if = models.ForeignKey(
        Choice,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="completes_vetoes",
        help_text="Only beside this other answer; a new choice has to be saved first.",
    )

    class Meta:
        """One veto each."""

        ordering = ("choice", "option")
        constraints = [
            UniqueConstraint(fields=("choice", "option"), name="veto_effect_unique"),
            CheckConstraint(
                condition=Q(option__in=[o.value for o in OPTIONS]), name="veto_effect_words_known"
            ),
        ]


class ChoiceParameter(Part):
    """A number that a choice hands to the costs or the shortlist."""

    natural_fields = (
        "choice__question__rulebook__version",
        "choice__question__key",
        "choice__key",
        "parameter",
    )

    choice = models.ForeignKey(Choice, models.CASCADE, related_name="parameters")
    parameter = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Parameter])
    value = models.FloatField()

    class Meta:
        """One value each."""

        ordering = ("choice", "parameter")
        constraints = [
            UniqueConstraint(fields=("choice", "parameter"), name="choice_parameter_unique"),
            CheckConstraint(condition=Q(value__gte=0), name="choice_parameter_not_negative"),
        ]


class HostRequirement(Part):
    """A choice counts only hosts that have one of some facts."""

    natural_fields = (
        "choice__question__rulebook__version",
        "choice__question__key",
        "choice__key",
        "facts",
    )

    choice = models.ForeignKey(Choice, models.CASCADE, related_name="host_requirements")
    facts = models.CharField(
        max_length=120,
        help_text=f"One of these is enough; separated by spaces. Known: {', '.join(HOST_FACTS)}.",
    )
    unless_question = models.SlugField(
        max_length=30,
        blank=True,
        help_text="The key of a question: holds only while that question names nothing.",
    )

    class Meta:
        """Each once, never empty."""

        ordering = ("choice", "facts")
        constraints = [
            UniqueConstraint(fields=("choice", "facts"), name="host_requirement_unique"),
            CheckConstraint(condition=~Q(facts=""), name="host_requirement_has_facts"),
        ]


class ChecklistItem(Part):
    """Something that a rule (GDPR, HIPAA …) asks to be checked."""

    natural_fields = (
        "choice__question__rulebook__version",
        "choice__question__key",
        "choice__key",
        "order",
    )

    choice = models.ForeignKey(Choice, models.CASCADE, related_name="checklist")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    source = models.CharField(max_length=160)
    source_url = models.URLField(max_length=300, blank=True)
    as_of = models.DateField()

    class Meta:
        """In order, each with a source."""

        ordering = ("choice", "order")
        constraints = [
            UniqueConstraint(fields=("choice", "order"), name="checklist_order_unique"),
            CheckConstraint(condition=~Q(source=""), name="checklist_has_source"),
        ]
