"""The editors' side of the scenarios and the guide."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from apps.common.format import UNKNOWN
from apps.editing.audited import AuditedAdmin
from apps.editing.inlines import StackedInline
from apps.scenarios.answers import only_in_drafts
from apps.scenarios.forms import AnswersForm, ScenarioForm, answer_fields, outcomes
from apps.scenarios.models import (
    Definition,
    EvidenceNote,
    FurtherSource,
    HybridPattern,
    PublishedDecision,
    Scenario,
    Statement,
    Takeaway,
    TradeOff,
)

SOURCE_FIELDS = ("source_title", "source_url", "source_date", "checked_on")


class AnswersAdmin(AuditedAdmin):
    """Rows with answers: the form asks the questions themselves."""

    form = AnswersForm
    readonly_fields: ClassVar[tuple[str, ...]] = ("only_in_drafts",)

    def get_form(
        self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Ask the questions of the rules as they are now."""
        form = type("AnswersForm", (self.form,), answer_fields())
        return super().get_form(request, obj, change, form=form, **kwargs)

    @admin.display(description="Asked only in a draft")
    def only_in_drafts(self, row: Scenario | PublishedDecision) -> str:
        """Name the answers that the published rules ignore until a draft is published."""
        return ", ".join(only_in_drafts(row.answers or {})) or UNKNOWN


class EvidenceNoteInline(StackedInline):
    """The evidence, beside the scenario that it speaks for or against."""

    model = EvidenceNote
    extra = 0


@admin.register(Scenario)
class ScenarioAdmin(AnswersAdmin):
    """Scenarios with their evidence."""

    markdown_fields = ("situation", "why", "when_not")
    list_display = ("title", "winner", "order", "checked_on")
    list_filter = ("winner", "checked_on")
    search_fields = ("title", "summary", "situation", "why", "when_not")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (EvidenceNoteInline,)
    form = ScenarioForm
    readonly_fields: ClassVar[tuple[str, ...]] = ("comes_out", "only_in_drafts")

    def get_fieldsets(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """Put the answers beside the winner that they lead to."""
        return (
            (None, {"fields": ("title", "slug", "order", "summary", "situation")}),
            ("Outcome", {"fields": ("winner", "comes_out", "why", "when_not")}),
            ("Answers", {"fields": ("link", *answer_fields(), "only_in_drafts")}),
            ("Source", {"fields": SOURCE_FIELDS}),
        )

    @admin.display(description="Its answers come out as")
    def comes_out(self, scenario: Scenario) -> str:
        """Name the winner that each version computes."""
        if scenario._state.adding:
            return "Computed when it is saved; a winner that the answers contradict is refused."
        return "; ".join(outcomes(scenario.answers or {}, scenario.winner))


class FurtherSourceInline(StackedInline):
    """More sources of a decision, in its form."""

    model = FurtherSource
    extra = 0


@admin.register(PublishedDecision)
class PublishedDecisionAdmin(AnswersAdmin):
    """Decisions that organisations published, with their sources."""

    list_display = ("organisation", "decided", "chosen_group", "confidence", "checked_on")
    list_filter = ("chosen_group", "confidence", "checked_on")
    search_fields = ("organisation", "sentence", "chosen")
    prepopulated_fields = {"slug": ("organisation",)}
    inlines = (FurtherSourceInline,)

    def get_fieldsets(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """Put what was needed before what was chosen."""
        chosen = ("chosen_group", "chosen_option", "chosen", "also_acceptable")
        return (
            (None, {"fields": ("organisation", "slug", "order", "sentence", "decided")}),
            ("What was chosen", {"fields": (*chosen, "confidence", "caveat")}),
            ("Answers", {"fields": ("link", *answer_fields(), "only_in_drafts")}),
            ("Source", {"fields": SOURCE_FIELDS}),
        )


@admin.register(Definition)
class DefinitionAdmin(AuditedAdmin):
    """Definitions."""

    markdown_fields = ("text", "examples")
    list_display = ("term", "order", "checked_on")
    search_fields = ("term", "text", "examples")
    prepopulated_fields = {"slug": ("term",)}
    fieldsets = (
        (None, {"fields": ("term", "slug", "order", "text", "examples")}),
        ("Source", {"fields": SOURCE_FIELDS}),
    )


@admin.register(TradeOff)
class TradeOffAdmin(AuditedAdmin):
    """Advantages and disadvantages of both sides."""

    markdown_fields = ("text",)
    list_display = ("title", "side", "kind", "criterion", "basis", "order", "checked_on")
    list_filter = ("side", "kind", "criterion", "basis", "checked_on")
    search_fields = ("title", "text")
    prepopulated_fields = {"slug": ("side", "title")}
    fieldsets = (
        (None, {"fields": ("side", "kind", "title", "slug", "order", "text")}),
        ("Method", {"fields": ("criterion", "basis")}),
        ("Source", {"fields": SOURCE_FIELDS}),
    )


@admin.register(HybridPattern)
class HybridPatternAdmin(AuditedAdmin):
    """Ways to split the work."""

    markdown_fields = ("text", "closed_part", "open_part")
    list_display = ("title", "order", "checked_on")
    search_fields = ("title", "text", "closed_part", "open_part")
    prepopulated_fields = {"slug": ("title",)}


@admin.register(Takeaway)
class TakeawayAdmin(AuditedAdmin):
    """What to remember."""

    list_display = ("slug", "text", "order", "checked_on")
    search_fields = ("text",)


@admin.register(Statement)
class StatementAdmin(AuditedAdmin):
    """What the guide says of itself."""

    markdown_fields = ("text",)
    list_display = ("title", "order", "checked_on")
    search_fields = ("title", "text")
    prepopulated_fields = {"slug": ("title",)}
