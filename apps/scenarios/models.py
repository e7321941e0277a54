"""The scenarios and the guide as rows, each with its source and the day it was checked."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from apps.catalog.models.base import CatalogRow, RowQuerySet
from apps.common.citing import SourceDate, SourceNote
from apps.decision.answers import Answers
from apps.decision.rulebook import Rulebook
from apps.decision.vocabulary import CRITERIA, Criterion
from apps.money.options import GROUPS, Group, Option
from apps.scenarios.answers import read, validate_answers
from apps.scenarios.dates import middle_of, validate_period, validate_source_date

WINNER_CHOICES = [(group.value, group.value) for group in GROUPS]
OPTION_CHOICES = [
    (Option.CLOSED_API.value, "Closed API"),
    (Option.HOSTED_OPEN.value, "Open, hosted"),
    (Option.SELF_CLOUD.value, "Open, on rented GPUs"),
    (Option.SELF_ONPREM.value, "Open, on own hardware"),
    (Option.HYBRID.value, "Hybrid"),
]
CRITERION_CHOICES = [
    (Criterion.CAPABILITY.value, "Capability"),
    (Criterion.DATA_CONTROL.value, "Data control"),
    (Criterion.COST.value, "Cost"),
    (Criterion.OPERATIONS.value, "Ease of running"),
    (Criterion.SPEED.value, "Speed of start"),
    (Criterion.CUSTOMISATION.value, "Room to adapt"),
    (Criterion.INDEPENDENCE.value, "Independence"),
    (Criterion.SAFETY_SUPPORT.value, "Managed safety and support"),
    (Criterion.ELASTICITY.value, "Elasticity"),
]


class Basis(models.TextChoices):
    """What a statement rests on."""

    FACT = "fact", "Fact"
    JUDGEMENT = "judgement", "Judgement"


class Side(models.TextChoices):
    """Whose trade-off it is."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class TradeOffKind(models.TextChoices):
    """Which way a trade-off points."""

    ADVANTAGE = "advantage", "Advantage"
    DISADVANTAGE = "disadvantage", "Disadvantage"


class SluggedQuerySet[M: models.Model](RowQuerySet[M]):
    """Rows that are named by their slug and stand in an editor's order."""

    def in_order(self) -> Self:
        """Return the rows in the order of the page."""
        return self.order_by("order", "slug")


class ScenarioQuerySet(SluggedQuerySet["Scenario"]):
    """Scenarios."""

    def with_evidence(self) -> Self:
        """Load the evidence of all scenarios with one query."""
        return self.prefetch_related("evidence")


class DefinitionQuerySet(SluggedQuerySet["Definition"]):
    """Definitions."""


class TradeOffQuerySet(SluggedQuerySet["TradeOff"]):
    """Advantages and disadvantages of both sides."""


class HybridPatternQuerySet(SluggedQuerySet["HybridPattern"]):
    """Ways to split the work."""


class TakeawayQuerySet(SluggedQuerySet["Takeaway"]):
    """What to remember."""


class StatementQuerySet(SluggedQuerySet["Statement"]):
    """What the guide says of itself."""


class EvidenceNoteQuerySet(RowQuerySet["EvidenceNote"]):
    """Evidence notes."""


class PublishedDecisionQuerySet(SluggedQuerySet["PublishedDecision"]):
    """Decisions that organisations published."""

    def with_sources(self) -> Self:
        """Load the further sources of all decisions with one query."""
        return self.prefetch_related("further_sources")


class FurtherSourceQuerySet(RowQuerySet["FurtherSource"]):
    """Further sources of decisions."""


class Sourced(CatalogRow):
    """A row with a source, its date, and the day an editor last checked it.

    Pages show it beside the catalog: who keeps one of them is told of a change by the same version.
    """

    source_title = models.CharField(max_length=200)
    source_url = models.URLField(
        max_length=500, blank=True, help_text="Empty where the source has no known address."
    )
    source_date = models.CharField(
        max_length=10,
        validators=[validate_source_date],
        help_text="As exact as the source gives it: 2024, 2024-04 or 2024-04-30.",
    )
    checked_on = models.DateField(help_text="The day this was last compared with its source.")

    class Meta:
        """A source that is named and dated."""

        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            CheckConstraint(
                condition=~Q(source_title=""),
                name="%(class)s_source_named",
                violation_error_message="Name the source.",
            ),
            CheckConstraint(
                condition=Q(source_url="")
                | Q(source_url__startswith="https://")
                | Q(source_url__startswith="http://"),
                name="%(class)s_source_url_web",
                violation_error_message="The source's address must begin with https:// or http://.",
            ),
            CheckConstraint(
                condition=Q(source_date__regex=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
                name="%(class)s_source_dated",
                violation_error_message="Date the source: 2024, 2024-04 or 2024-04-30.",
            ),
        ]

    def cited(self) -> SourceNote:
        """Return the source for a page."""
        return SourceNote(
            title=self.source_title,
            url=self.source_url,
            dated=SourceDate(self.source_date),
            read_on=self.checked_on,
            was_read="checked on",
        )


class Slugged(Sourced):
    """A sourced row that is named by its slug."""

    natural_fields = ("slug",)

    slug = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Sourced.Meta):
        """In the order of the page."""

        abstract = True
        ordering = ("order", "slug")


class Scenario(Slugged):
    """A situation, the side that wins in it, and the answers that say so."""

    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=160, help_text="The reason in one sentence.")
    situation = models.TextField(help_text="The same facts as the answers, in prose.")
    winner = models.CharField(max_length=6, choices=WINNER_CHOICES)
    why = models.TextField()
    when_not = models.TextField(help_text="When this does not hold.")
    answers = models.JSONField(
        validators=[validate_answers],
        help_text="As in the wizard's addresses; what takes several answers takes a list.",
    )

    objects = ScenarioQuerySet.as_manager()

    class Meta(Slugged.Meta):
        """One of the three groups wins, for answers that are given."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Slugged.Meta.constraints,
            CheckConstraint(
                condition=Q(winner__in=[group.value for group in GROUPS]),
                name="scenario_winner_known",
                violation_error_message="The winner is Closed, Open or Hybrid.",
            ),
            CheckConstraint(
                condition=~Q(answers={}),
                name="scenario_has_answers",
                violation_error_message="Give the answers that lead to the winner.",
            ),
        ]

    def __str__(self) -> str:
        """Name the scenario by its title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the scenario's page."""
        return reverse("scenarios:detail", args=[self.slug])

    def answers_under(self, rulebook: Rulebook) -> Answers:
        """Return the answers as the rules of a version read them."""
        return read(rulebook, self.answers)


class EvidenceNote(Sourced):
    """One thing that speaks for a scenario's winner, or against it."""

    natural_fields = ("scenario__slug", "order")

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="evidence")
    order = models.PositiveSmallIntegerField()
    text = models.TextField()
    basis = models.CharField(max_length=9, choices=Basis, default=Basis.FACT)

    objects = EvidenceNoteQuerySet.as_manager()

    class Meta(Sourced.Meta):
        """One note a place."""

        ordering = ("scenario", "order")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            UniqueConstraint(
                fields=("scenario", "order"),
                name="evidencenote_order_unique",
                violation_error_message="Another note of this scenario has this place.",
            ),
            CheckConstraint(
                condition=Q(basis__in=Basis.values),
                name="evidencenote_basis_known",
                violation_error_message="A note is a fact or a judgement.",
            ),
        ]

    def __str__(self) -> str:
        """Name the note by its scenario and place."""
        return f"{self.scenario.slug} {self.order}"


class Definition(Slugged):
    """What a word means here."""

    term = models.CharField(max_length=60)
    text = models.TextField()
    examples = models.TextField(help_text="Examples and the day they were true.")

    objects = DefinitionQuerySet.as_manager()

    def __str__(self) -> str:
        """Name the definition by its term."""
        return self.term


class TradeOff(Slugged):
    """An advantage or a disadvantage of one side, tied to a criterion of the method."""

    side = models.CharField(max_length=6, choices=Side)
    kind = models.CharField(max_length=12, choices=TradeOffKind)
    title = models.CharField(max_length=80)
    text = models.TextField()
    criterion = models.CharField(max_length=20, choices=CRITERION_CHOICES)
    basis = models.CharField(max_length=9, choices=Basis, default=Basis.JUDGEMENT)

    objects = TradeOffQuerySet.as_manager()

    class Meta(Slugged.Meta):
        """Only words that the method knows."""

        verbose_name = "trade-off"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Slugged.Meta.constraints,
            CheckConstraint(
                condition=Q(side__in=Side.values),
                name="tradeoff_side_known",
                violation_error_message="A trade-off belongs to one of the two sides.",
            ),
            CheckConstraint(
                condition=Q(kind__in=TradeOffKind.values),
                name="tradeoff_kind_known",
                violation_error_message="A trade-off is an advantage or a disadvantage.",
            ),
            CheckConstraint(
                condition=Q(criterion__in=[criterion.value for criterion in CRITERIA]),
                name="tradeoff_criterion_known",
                violation_error_message="The criterion must be one of the method's nine.",
            ),
            CheckConstraint(
                condition=Q(basis__in=Basis.values),
                name="tradeoff_basis_known",
                violation_error_message="A trade-off is a fact or a judgement.",
            ),
        ]

    def __str__(self) -> str:
        """Name the trade-off by its side and title."""
        return f"{self.get_side_display()}: {self.title}"


class HybridPattern(Slugged):
    """A way to split the work between a closed and an open model."""

    title = models.CharField(max_length=80)
    text = models.TextField()
    closed_part = models.TextField(help_text="What goes to the closed model.")
    open_part = models.TextField(help_text="What goes to the open model.")

    objects = HybridPatternQuerySet.as_manager()

    def __str__(self) -> str:
        """Name the pattern by its title."""
        return self.title


class Takeaway(Slugged):
    """One thing to remember."""

    text = models.TextField()

    objects = TakeawayQuerySet.as_manager()


class Statement(Slugged):
    """What the guide says of itself: where it comes from, and what it is not."""

    title = models.CharField(max_length=120)
    text = models.TextField()

    objects = StatementQuerySet.as_manager()

    def __str__(self) -> str:
        """Name the statement by its title."""
        return self.title


class Confidence(models.TextChoices):
    """How sure it is that the decision was taken as it is told here."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class PublishedDecision(Slugged):
    """What an organisation chose and why, told by itself or by others, beside its answers.

    It is what the rules are reported against, and never what they are made to fit.
    """

    organisation = models.CharField(max_length=120)
    sentence = models.CharField(
        max_length=300, help_text="What it needed, in one sentence and in words of your own."
    )
    decided = models.CharField(
        max_length=21,
        validators=[validate_period],
        help_text="When it decided, as exact as the source gives it: 2024, 2024-04, 2024-04-30, "
        "or a period: 2024/2025. The prices of the middle of it count.",
    )
    chosen_group = models.CharField(max_length=6, choices=WINNER_CHOICES)
    chosen_option = models.CharField(
        max_length=20, choices=OPTION_CHOICES, blank=True, help_text="Empty where it is not told."
    )
    chosen = models.CharField(max_length=160, help_text="The models and where they run, in words.")
    also_acceptable = models.CharField(
        max_length=6,
        choices=WINNER_CHOICES,
        blank=True,
        help_text="Another group that would fit what is told as well; empty: none.",
    )
    confidence = models.CharField(
        max_length=6,
        choices=Confidence,
        help_text="How sure it is that the sources tell what was chosen, and why.",
    )
    caveat = models.CharField(
        max_length=200, blank=True, help_text="What a reader must know of the sources."
    )
    answers = models.JSONField(
        validators=[validate_answers],
        help_text="What the sources tell, as in the wizard's addresses; the rest stays open.",
    )

    objects = PublishedDecisionQuerySet.as_manager()

    class Meta(Slugged.Meta):
        """A known group was chosen, by one of its own options."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Slugged.Meta.constraints,
            CheckConstraint(
                condition=Q(chosen_group__in=[group.value for group in GROUPS]),
                name="decision_group_known",
                violation_error_message="What was chosen is Closed, Open or Hybrid.",
            ),
            CheckConstraint(
                condition=Q(chosen_option="")
                | Q(
                    *(
                        Q(
                            chosen_group=group.value,
                            chosen_option__in=[o.value for o in Option if o.group is group],
                        )
                        for group in GROUPS
                    ),
                    _connector=Q.OR,
                ),
                name="decision_option_of_group",
                violation_error_message="The option must be one of the chosen group.",
            ),
            CheckConstraint(
                condition=Q(also_acceptable="") | ~Q(also_acceptable=F("chosen_group")),
                name="decision_other_acceptable",
                violation_error_message="What else is acceptable is another group.",
            ),
            CheckConstraint(
                condition=Q(confidence__in=Confidence.values),
                name="decision_confidence_known",
                violation_error_message="Confidence is high, medium or low.",
            ),
            CheckConstraint(
                condition=~Q(answers={}),
                name="decision_has_answers",
                violation_error_message="Give the answers that the sources tell.",
            ),
        ]

    def __str__(self) -> str:
        """Name the decision by who took it."""
        return self.organisation

    def get_absolute_url(self) -> str:
        """Return the address of the decision's page."""
        return reverse("scenarios:decision", args=[self.slug])

    @property
    def day(self) -> date:
        """The day whose market counts: the middle of what is known."""
        return middle_of(self.decided)

    @property
    def acceptable(self) -> tuple[Group, ...]:
        """The groups that agree with what was chosen, which stands first."""
        return tuple(Group(one) for one in (self.chosen_group, self.also_acceptable) if one)

    def answers_under(self, rulebook: Rulebook) -> Answers:
        """Return the answers as the rules of a version read them."""
        return read(rulebook, self.answers)


class FurtherSource(Sourced):
    """Another source of a published decision."""

    natural_fields = ("decision__slug", "order")

    decision = models.ForeignKey(PublishedDecision, models.CASCADE, related_name="further_sources")
    order = models.PositiveSmallIntegerField()

    objects = FurtherSourceQuerySet.as_manager()

    class Meta(Sourced.Meta):
        """One source a place."""

        ordering = ("decision", "order")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            UniqueConstraint(
                fields=("decision", "order"),
                name="furthersource_order_unique",
                violation_error_message="Another source of this decision has this place.",
            ),
        ]

    def __str__(self) -> str:
        """Name the source."""
        return self.source_title
