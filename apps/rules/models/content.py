"""What a version says and assumes: base values, texts and assumptions."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from apps.decision.rulebook import StepKind
from apps.rules.models.base import CRITERION_CHOICES, OPTION_CHOICES, Part
from apps.rules.models.rulebook import Rulebook


class BaseValue(Part):
    """What an option is worth on a criterion before any answer."""

    natural_fields = ("rulebook__version", "criterion", "option")

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, related_name="base_values")
    criterion = models.CharField(max_length=20, choices=CRITERION_CHOICES)
    option = models.CharField(max_length=20, choices=OPTION_CHOICES)
    value = models.FloatField()

    class Meta:
        """One value each, 0 to 100."""

        ordering = ("rulebook", "criterion", "option")
        constraints = [
            UniqueConstraint(fields=("rulebook", "criterion", "option"), name="base_value_unique"),
            CheckConstraint(
                condition=Q(value__gte=0, value__lte=100),
                name="base_value_range",
                violation_error_message="A value lies between 0 and 100.",
            ),
        ]


class OptionText(Part):
    """What the pages say of an option."""

    natural_fields = ("rulebook__version", "option")

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, related_name="option_texts")
    option = models.CharField(max_length=20, choices=OPTION_CHOICES)
    name = models.CharField(max_length=60)
    headline = models.CharField(max_length=60, help_text="After the group: 'hosted for you'.")
    sentence = models.CharField(max_length=240)

    class Meta:
        """One text each."""

        ordering = ("rulebook", "option")
        constraints = [UniqueConstraint(fields=("rulebook", "option"), name="option_text_unique")]


class OptionRisk(Part):
    """What can go wrong with an option, and the sign to look again."""

    natural_fields = ("option_text__rulebook__version", "option_text__option", "order")

    option_text = models.ForeignKey(OptionText, models.CASCADE, related_name="risks")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=240)
    trip_wire = models.CharField(max_length=240, help_text="Completes 'Look again when …'.")

    class Meta:
        """In order."""

        ordering = ("option_text", "order")
        constraints = [
            UniqueConstraint(fields=("option_text", "order"), name="option_risk_order_unique")
        ]


class OptionStep(Part):
    """Something to do after choosing an option."""

    natural_fields = ("option_text__rulebook__version", "option_text__option", "order")

    option_text = models.ForeignKey(OptionText, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in StepKind])
    text = models.CharField(max_length=300)

    class Meta:
        """In order."""

        ordering = ("option_text", "order")
        constraints = [
            UniqueConstraint(fields=("option_text", "order"), name="option_step_order_unique")
        ]


class CriterionText(Part):
    """What the pages say of a criterion, and on what its values rest."""

    natural_fields = ("rulebook__version", "criterion")

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, related_name="criterion_texts")
    criterion = models.CharField(max_length=20, choices=CRITERION_CHOICES)
    name = models.CharField(max_length=60)
    about = models.CharField(max_length=240)
    better = models.CharField(max_length=160, help_text="Completes '<option> …' in a reason.")
    basis = models.CharField(max_length=300, help_text="Judgement is marked as judgement.")
    basis_url = models.URLField(max_length=300, blank=True)
    as_of = models.DateField()

    class Meta:
        """One text each, each with a basis."""

        ordering = ("rulebook", "criterion")
        constraints = [
            UniqueConstraint(fields=("rulebook", "criterion"), name="criterion_text_unique"),
            CheckConstraint(condition=~Q(basis=""), name="criterion_text_has_basis"),
        ]


class Assumption(Part):
    """An input of the cost formulas that is assumed rather than asked."""

    natural_fields = ("rulebook__version", "key")

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, related_name="assumptions")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40, help_text="Part of every saved link: never change it.")
    label = models.CharField(max_length=120)
    default = models.FloatField(null=True, blank=True, help_text="Empty: taken from another row.")
    low = models.FloatField()
    high = models.FloatField()
    unit = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    source_url = models.URLField(max_length=300, blank=True)
    as_of = models.DateField()

    class Meta:
        """In order, the default within the range, each with a source."""

        ordering = ("rulebook", "order")
        constraints = [
            UniqueConstraint(fields=("rulebook", "key"), name="assumption_key_unique"),
            UniqueConstraint(fields=("rulebook", "order"), name="assumption_order_unique"),
            CheckConstraint(condition=~Q(source=""), name="assumption_has_source"),
            CheckConstraint(
                condition=Q(high__gte=models.F("low"))
                & (
                    Q(default__isnull=True)
                    | Q(default__gte=models.F("low"), default__lte=models.F("high"))
                ),
                name="assumption_default_in_range",
                violation_error_message="The default must lie between the lowest and the highest.",
            ),
        ]
