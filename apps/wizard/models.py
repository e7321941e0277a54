"""The rulebook as rows: every question, choice, effect, text and assumption of a version."""

from typing import Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from apps.common.rows import NaturalManager, NaturalRow
from apps.decision.rulebook import Kind, Parameter, StepKind
from apps.decision.vocabulary import CRITERIA, OPTIONS

CRITERION_CHOICES = [(criterion.value, criterion.value) for criterion in CRITERIA]
OPTION_CHOICES = [(option.value, option.value) for option in OPTIONS]


class Part(NaturalRow):
    """A row of one version of the rules."""

    objects = NaturalManager[Self]()

    class Meta:
        """No table of its own."""

        abstract = True


class Status(models.TextChoices):
    """The life of a rulebook version."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class RulebookQuerySet(models.QuerySet["Rulebook"]):
    """Rulebook versions."""

    def published(self) -> Self:
        """Return the one version that decides now."""
        return self.filter(status=Status.PUBLISHED)

    def with_everything(self) -> Self:
        """Load each table of the rulebook with one query."""
        return self.prefetch_related(
            "questions__choices__value_effects",
            "questions__choices__point_effects",
            "questions__choices__veto_effects__only_if__question",
            "questions__choices__parameters",
            "questions__choices__checklist",
            "base_values",
            "option_texts__risks",
            "option_texts__steps",
            "criterion_texts",
            "assumptions",
        )


class RulebookManager(models.Manager.from_queryset(RulebookQuerySet)):  # type: ignore[misc]
    """Finds rulebooks by their version."""

    def get_by_natural_key(self, version: int) -> "Rulebook":
        """Return the rulebook with this version."""
        found: Rulebook = self.get(version=version)
        return found


class Rulebook(models.Model):
    """One version of the rules; a published one is read-only."""

    version = models.PositiveIntegerField(unique=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    published_on = models.DateField(null=True, blank=True)
    note = models.TextField(help_text="What is new in this version, and why.")
    close_call = models.FloatField(default=3.0, help_text="A lead under this is too close to call.")
    clear = models.FloatField(default=10.0, help_text="A lead from this on is clear.")
    robust = models.FloatField(default=0.9)
    likely = models.FloatField(default=0.7)
    leaning = models.FloatField(default=0.5)
    cost_floor_usd = models.FloatField(default=300.0)
    cost_points = models.FloatField(default=3.0)
    no_model = models.TextField(help_text="When no language model is needed at all.")

    objects = RulebookManager()

    class Meta:
        """One published version, sensible limits."""

        ordering = ("version",)
        permissions = [("publish_rulebook", "Can publish a draft of the rules")]
        constraints = [
            UniqueConstraint(
                fields=("status",),
                condition=Q(status=Status.PUBLISHED),
                name="one_published_rulebook",
                violation_error_message="Another rulebook is published; retire it first.",
            ),
            CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(published_on__isnull=False),
                name="published_rulebook_has_date",
                violation_error_message="A published rulebook needs the date of its publication.",
            ),
            CheckConstraint(
                condition=Q(close_call__gte=0, clear__gte=models.F("close_call")),
                name="rulebook_margins_in_order",
                violation_error_message="The clear lead must not be smaller than the close call.",
            ),
            CheckConstraint(
                condition=Q(
                    leaning__gt=0,
                    likely__gte=models.F("leaning"),
                    robust__gte=models.F("likely"),
                    robust__lte=1,
                ),
                name="rulebook_shares_in_order",
                violation_error_message="Leaning, likely and robust must rise, within 0 and 1.",
            ),
            CheckConstraint(
                condition=Q(cost_floor_usd__gt=0, cost_points__gte=0),
                name="rulebook_cost_limits",
                violation_error_message="The cost floor must be above 0, the points at least 0.",
            ),
        ]

    def __str__(self) -> str:
        """Name the version."""
        return f"Rulebook {self.version} ({self.status})"

    def natural_key(self) -> tuple[int]:
        """Return the version."""
        return (self.version,)


class Question(Part):
    """A question of the wizard."""

    natural_fields = ("rulebook__version", "key")

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=30, help_text="Part of every saved link: never change it.")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    title = models.CharField(max_length=120)
    why = models.CharField(max_length=240)
    hint = models.CharField(max_length=240, blank=True)
    missing = models.CharField(max_length=120, help_text="Shown when nothing is chosen.")
    short = models.CharField(max_length=40, help_text="Its name in the list of answers.")
    asked_if_question = models.SlugField(max_length=30, blank=True)
    asked_if_answers = models.CharField(max_length=200, blank=True, help_text="Separated by spaces")
    states = models.CharField(
        max_length=200,
        blank=True,
        help_text="The numbers that stand for 'not sure', separated by spaces.",
    )
    low = models.PositiveBigIntegerField(default=0)
    high = models.PositiveBigIntegerField(default=0)

    class Meta:
        """In the order of the wizard."""

        ordering = ("rulebook", "order")
        constraints = [
            UniqueConstraint(fields=("rulebook", "key"), name="question_key_unique"),
            UniqueConstraint(fields=("rulebook", "order"), name="question_order_unique"),
            CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="question_kind_known"
            ),
            CheckConstraint(condition=Q(high__gte=models.F("low")), name="question_range"),
        ]


class Choice(Part):
    """An answer to a question."""

    natural_fields = ("question__rulebook__version", "question__key", "key")

    question = models.ForeignKey(Question, models.CASCADE, related_name="choices")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=30, help_text="Part of every saved link: never change it.")
    label = models.CharField(max_length=120)
    consequence = models.CharField(max_length=240, blank=True)
    phrase = models.CharField(max_length=160, blank=True, help_text="Completes 'because …'.")

    class Meta:
        """In the order of the page."""

        ordering = ("question", "order")
        constraints = [
            UniqueConstraint(fields=("question", "key"), name="choice_key_unique"),
            UniqueConstraint(fields=("question", "order"), name="choice_order_unique"),
            CheckConstraint(
                condition=~Q(key="unsure"),
                name="choice_is_not_unsure",
                violation_error_message="'unsure' is an answer to every question already.",
            ),
        ]


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
    only_if = models.ForeignKey(
        Choice, models.CASCADE, null=True, blank=True, related_name="completes_vetoes"
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
    parameter = models.CharField(max_length=12, choices=[(p.value, p.value) for p in Parameter])
    value = models.FloatField()

    class Meta:
        """One value each."""

        ordering = ("choice", "parameter")
        constraints = [
            UniqueConstraint(fields=("choice", "parameter"), name="choice_parameter_unique"),
            CheckConstraint(condition=Q(value__gte=0), name="choice_parameter_not_negative"),
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
    key = models.CharField(max_length=20, help_text="Part of every saved link: never change it.")
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
