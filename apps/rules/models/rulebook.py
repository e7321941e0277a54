"""Versions of the rules with their questions and choices."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from apps.common.rows import is_unlocked
from apps.decision.rulebook import QuestionKind
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
            "questions__choices__checklist",
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
                condition=Q(kind__in=[kind.value for kind in QuestionKind]),
                name="question_kind_known",
            ),
            CheckConstraint(condition=Q(high__gte=models.F("low")), name="question_range"),
            CheckConstraint(
                condition=Q(states__regex="^[0-9 ]*$"),
                name="question_states_are_numbers",
                violation_error_message="Write whole numbers, separated by spaces.",
            ),
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
