"""Versions of the rules with their questions and choices."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from apps.common.rows import is_unlocked
from apps.decision.rulebook import Combine, QuestionKind
from apps.rules.models.base import (
    Part,
    ReadOnlyError,
    Status,
    Versioned,
    VersionedManager,
    VersionedQuerySet,
)


def new_token() -> str:
    """Return a text that no other state of a version has."""
    return uuid4().hex


class RulebookQuerySet(VersionedQuerySet["Rulebook"]):
    """Rulebook versions."""

    def published(self) -> Self:
        """Return the one version that decides now."""
        return self.filter(status=Status.PUBLISHED)

    def drafts(self) -> Self:
        """Return the versions that are worked on."""
        return self.filter(status=Status.DRAFT)

    def with_story(self) -> Self:
        """Return what was published, the newest first, with what it changed."""
        published = self.exclude(status=Status.DRAFT).select_related("provenance")
        return published.order_by("-version")

    def with_everything(self) -> Self:
        """Load each table of the rulebook with one query."""
        return self.prefetch_related(
            "questions__choices__value_effects",
            "questions__choices__point_effects",
            "questions__choices__veto_effects__only_if__question",
            "questions__choices__parameters",
            "questions__choices__host_requirements",
            "questions__choices__checklist",
            "questions__conditions",
            "base_values",
            "option_texts__risks",
            "option_texts__steps",
            "criterion_texts",
            "assumptions",
        )

    def update(self, **kwargs: Any) -> int:
        """Update drafts; they become another version by publishing only."""
        if kwargs.get("status", Status.DRAFT) != Status.DRAFT and not is_unlocked():
            raise ReadOnlyError(self.model)
        return super().update(**{"token": new_token()} | kwargs)


class RulebookManager(VersionedManager["Rulebook"]):
    """Finds versions."""

    def get_queryset(self) -> RulebookQuerySet:
        """Return all versions."""
        return RulebookQuerySet(self.model, using=self._db)

    def published(self) -> RulebookQuerySet:
        """Return the one version that decides now."""
        return self.get_queryset().published()

    def drafts(self) -> RulebookQuerySet:
        """Return the versions that are worked on."""
        return self.get_queryset().drafts()

    def with_story(self) -> RulebookQuerySet:
        """Return what was published, the newest first, with what it changed."""
        return self.get_queryset().with_story()

    def with_everything(self) -> RulebookQuerySet:
        """Load each table of the rulebook with one query."""
        return self.get_queryset().with_everything()


class Rulebook(Versioned):
    """One version of the rules; only a draft can be changed."""

    natural_fields = ("version",)

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
    capability_floor = models.FloatField(
        default=0.5,
        help_text="A model with this part of the best model’s chance may set the scale of cost.",
    )
    rest_floor = models.FloatField(
        default=0.9,
        help_text="An open model with this part of it may take the easier work of a hybrid.",
    )
    hybrid_capability = models.FloatField(
        default=0.97, help_text="The part of its closed model’s capability that a hybrid keeps."
    )
    hybrid_penalty = models.FloatField(
        default=5.0, help_text="Points that a hybrid loses against the weaker of its parts."
    )
    hard_consequence_weight = models.FloatField(
        default=0.08, help_text="The weight from which a weak point of the winner is named."
    )
    hard_consequence_value = models.FloatField(
        default=30.0, help_text="The value up to which it counts as a weak point."
    )
    no_model = models.TextField(help_text="When no language model is needed at all.")
    # Each write of the row renews it, so that a process sees when what it has compiled is gone.
    token = models.CharField(max_length=32, default=new_token, editable=False, serialize=False)

    objects: ClassVar[RulebookManager] = RulebookManager()

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
            CheckConstraint(
                condition=Q(
                    capability_floor__gt=0,
                    capability_floor__lte=1,
                    rest_floor__gt=0,
                    rest_floor__lte=1,
                    hybrid_capability__gt=0,
                    hybrid_capability__lte=1,
                    hard_consequence_weight__gte=0,
                    hard_consequence_weight__lte=1,
                ),
                name="rulebook_parts_are_shares",
                violation_error_message=(
                    "Floors, the hybrid’s capability and the weight lie within 0 and 1."
                ),
            ),
            CheckConstraint(
                condition=Q(
                    hybrid_penalty__gte=0,
                    hybrid_penalty__lte=100,
                    hard_consequence_value__gte=0,
                    hard_consequence_value__lte=100,
                ),
                name="rulebook_points_in_range",
                violation_error_message=(
                    "The hybrid’s penalty and the value lie within 0 and 100."
                ),
            ),
        ]

    def __str__(self) -> str:
        """Name the version."""
        return f"Rulebook {self.version} ({self.status})"

    @classmethod
    def any_enters_locked(cls, rows: Sequence[Self], using: str) -> bool:
        """Tell whether a version would be published or retired by the way."""
        return any(row.status != Status.DRAFT for row in rows)


class Question(Part):
    """A question of the wizard."""

    natural_fields = ("rulebook__version", "key")

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=30, help_text="Part of every saved link: never change it.")
    kind = models.CharField(
        max_length=8, choices=[(kind.value, kind.value) for kind in QuestionKind]
    )
    title = models.CharField(max_length=120)
    why = models.CharField(max_length=240)
    hint = models.CharField(max_length=240, blank=True)
    missing = models.CharField(max_length=120, help_text="Shown when nothing is chosen.")
    short = models.CharField(max_length=40, help_text="Its name in the list of answers.")
    combine = models.CharField(
        max_length=3,
        choices=[(each.value, each.value) for each in Combine],
        default=Combine.ALL.value,
        help_text="Of several answers a host must meet all, or any one is enough.",
    )
    when_unsure = models.SlugField(
        max_length=30,
        blank=True,
        help_text="The choice that 'not sure' stands for; empty: every choice stays possible.",
    )
    states = models.CharField(
        max_length=200,
        blank=True,
        help_text="The numbers that stand for 'not sure', separated by spaces.",
    )
    state_shares = models.CharField(
        max_length=200,
        blank=True,
        help_text="How common each of these numbers is, 0 to 1, in the same order.",
    )
    shares_reason = models.CharField(
        max_length=240, blank=True, help_text="Why the answers are taken to be that common."
    )
    shares_source = models.CharField(max_length=200, blank=True)
    shares_url = models.URLField(max_length=300, blank=True)
    shares_as_of = models.DateField(null=True, blank=True)
    low = models.PositiveBigIntegerField(default=0)
    high = models.PositiveBigIntegerField(default=0)

    class Meta:
        """In the order of the wizard."""

        ordering = ("rulebook", "order")
        constraints = [
            UniqueConstraint(fields=("rulebook", "key"), name="question_key_unique"),
            UniqueConstraint(fields=("rulebook", "order"), name="question_order_unique"),
            CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in QuestionKind]),
                name="question_kind_known",
            ),
            CheckConstraint(condition=Q(high__gte=models.F("low")), name="question_range"),
            CheckConstraint(
                condition=Q(states__regex="^[0-9 ]*$"),
                name="question_states_are_numbers",
                violation_error_message="Write whole numbers, separated by spaces.",
            ),
            CheckConstraint(
                condition=Q(state_shares__regex=r"^[0-9. ]*$"),
                name="question_state_shares_are_numbers",
                violation_error_message="Write numbers like 0.35, separated by spaces.",
            ),
            CheckConstraint(
                condition=Q(shares_reason="", shares_source="", shares_as_of__isnull=True)
                | ~Q(shares_reason="") & ~Q(shares_source="") & Q(shares_as_of__isnull=False),
                name="question_shares_have_reason_source_and_date",
                violation_error_message="Shares need a reason, a source and a date together.",
            ),
        ]


class AskedIf(Part):
    """Answers to an earlier question that lead to a question; one such row is enough."""

    natural_fields = ("question__rulebook__version", "question__key", "parent")

    question = models.ForeignKey(Question, models.CASCADE, related_name="conditions")
    parent = models.SlugField(max_length=30, help_text="The key of an earlier question.")
    answers = models.CharField(
        max_length=200,
        help_text="Its answers that lead here, separated by spaces; 'unsure' is one.",
    )

    class Meta:
        """One row for each earlier question."""

        ordering = ("question", "parent")
        verbose_name = "condition"
        constraints = [
            UniqueConstraint(fields=("question", "parent"), name="asked_if_parent_unique"),
            CheckConstraint(condition=~Q(answers=""), name="asked_if_has_answers"),
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
    share = models.FloatField(
        null=True,
        blank=True,
        help_text="How common the answer is, 0 to 1; empty: what is left, alike. The question "
        "holds the reason.",
    )

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
            CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=1),
                name="choice_share_range",
                violation_error_message="A share lies between 0 and 1.",
            ),
        ]
