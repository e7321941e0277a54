"""The rules in the admin: drafts are edited, published versions are only read."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from apps.editing.audited import AuditedAdmin
from apps.editing.forms import FieldForm
from apps.editing.inlines import TabularInline
from apps.rules import labels
from apps.rules.forms import ParameterForm, PointForm, QuestionForm
from apps.rules.models import (
    AskedIf,
    Assumption,
    BaseValue,
    ChecklistItem,
    Choice,
    ChoiceParameter,
    CriterionText,
    HostRequirement,
    OptionRisk,
    OptionStep,
    OptionText,
    Part,
    PointEffect,
    Question,
    Rulebook,
    Status,
    ValueEffect,
    Versioned,
    VetoEffect,
)
from apps.rules.releases import ReleaseAdmin, no_draft


class DraftOnly:
    """Changing and deleting is for drafts; a published or retired version stays as it was."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say at each field what it means."""
        # A mix-in before ModelAdmin, which has the method; on its own it has no such parent.
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and not field.help_text:
            field.help_text = labels.HELP.get(db_field.name, "")
        return field

    def has_change_permission(self, request: HttpRequest, obj: Versioned | None = None) -> bool:
        """Refuse a change of what is not a draft."""
        # A mix-in before ModelAdmin, which has the method; on its own it has no such parent.
        allowed: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return allowed and _is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Versioned | None = None) -> bool:
        """Refuse to delete what is not a draft."""
        allowed: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return allowed and _is_draft(obj)


def _is_draft(row: Versioned | None) -> bool:
    try:
        return row is None or row.is_draft
    except ObjectDoesNotExist:
        # It belonged to what is gone, so that it cannot come back.
        return False


class DraftAdmin(DraftOnly, AuditedAdmin):
    """A table of versions or of their parts."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Say it where a version was published while the form was open."""
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if request.method == "POST" and row is not None and not _is_draft(row):
            raise PermissionDenied(f"Nothing was saved. {no_draft(version_of(row))}")
        return super().changeform_view(request, object_id, form_url, extra_context)


def version_of(row: Versioned) -> Rulebook:
    """Return the version that a row belongs to."""
    return Rulebook.objects.get(version=row.natural_key()[0])


class DraftInline(DraftOnly, TabularInline):
    """Rows below another row, read-only unless it belongs to a draft."""

    extra = 0

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer criteria, options and parameters by what the pages call them."""
        words = labels.of(db_field.name)
        if words:
            kwargs["choices"] = [("", "---------"), *words]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Versioned | None = None) -> bool:
        """Refuse new rows in what is not a draft."""
        return super().has_add_permission(request, obj) and _is_draft(obj)


def inline(table: type[models.Model], form: type[FieldForm] = FieldForm) -> type[DraftInline]:
    """Return an inline for a table."""
    members = {"model": table, "form": form, "__module__": __name__}
    return type(f"{table.__name__}Inline", (DraftInline,), members)


@admin.register(Rulebook)
class RulebookAdmin(DraftAdmin, ReleaseAdmin):
    """Versions, with the way from one to the next."""

    list_display = ("version", "status", "published_on", "note")
    list_filter = ("status",)
    readonly_fields = ("version", "status", "published_on")
    inlines = (inline(BaseValue), inline(Assumption), inline(CriterionText))
    actions = ("copy_to_draft",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A version begins as the copy of another."""
        return False

    def has_recover_permission(self, request: HttpRequest) -> bool:
        """Who makes drafts brings them back."""
        return request.user.has_perm("rules.change_rulebook")

    @admin.action(description="Copy to a new draft", permissions=["change"])
    def copy_to_draft(
        self, request: HttpRequest, queryset: models.QuerySet[Rulebook]
    ) -> HttpResponse | None:
        """Copy each chosen version."""
        for rulebook in queryset:
            self.copied(request, rulebook)
        return None


class PartAdmin(DraftAdmin):
    """A part of a version; new parts are added to drafts only."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        """Begin in the newest draft."""
        draft = Rulebook.objects.filter(status=Status.DRAFT).order_by("-version").first()
        return {"rulebook": str(draft.pk)} if draft else {}

    def get_form(
        self, request: HttpRequest, obj: Part | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Offer only rows of drafts to belong to; where a row belongs once, it stays."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        owner = self.model.owner()
        if owner.name in form.base_fields:
            rows = owner.related_model.objects
            only = {"pk": getattr(obj, owner.attname)} if obj else {}
            only |= {owner.related_model.path("status"): Status.DRAFT}
            form.base_fields[owner.name].queryset = rows.filter(**only)
        return form


class ChoiceInline(DraftInline):
    """Answers with what each does, in words."""

    model = Choice
    show_change_link = True
    readonly_fields = ("does",)

    def get_formset(self, request: HttpRequest, obj: Question | None = None, **kwargs: Any) -> Any:
        """Read once what all answers do."""
        self.deeds = labels.deeds(obj) if obj else {}
        return super().get_formset(request, obj, **kwargs)

    @admin.display(description="What it does")
    def does(self, choice: Choice) -> SafeString | str:
        """Return what an answer does; it is changed on a page of its own."""
        if choice._state.adding:
            return "Save it first; then change what it does on its own page."
        clauses = self.deeds.get(choice.key, ())
        return format_html_join("", "<div>{}</div>", ((one,) for one in clauses)) or "Nothing yet."


def _answer_label(choice: Choice) -> str:
    return f"{choice.question.short}: {choice.label}"


@admin.register(Question)
class QuestionAdmin(PartAdmin):
    """Questions with their choices."""

    form = QuestionForm
    list_display = ("key", "rulebook", "order", "kind", "title")
    list_filter = ("rulebook",)
    search_fields = ("key", "title", "why")
    inlines = (inline(AskedIf), ChoiceInline)


class VetoInline(DraftInline):
    """Vetoes, each perhaps beside an answer of the same version."""

    model = VetoEffect
    fk_name = "choice"

    def get_formset(self, request: HttpRequest, obj: Choice | None = None, **kwargs: Any) -> Any:
        """Offer the answers of the choice's version; a choice that is not saved has none yet."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        fields = formset.form.base_fields
        if "only_if" in fields:
            version = obj.question.rulebook_id if obj else None
            answers = Choice.objects.filter(question__rulebook=version)
            answers = answers.exclude(question=obj.question if obj else None)
            fields["only_if"].queryset = answers.select_related("question__rulebook")
            fields["only_if"].label_from_instance = _answer_label
        return formset


@admin.register(Choice)
class ChoiceAdmin(PartAdmin):
    """Choices with everything that they do."""

    list_display = ("key", "question", "label", "consequence")
    list_filter = ("question__rulebook",)
    list_select_related = ("question__rulebook",)
    search_fields = ("key", "label", "question__key")
    inlines = (
        inline(ValueEffect),
        inline(PointEffect, PointForm),
        VetoInline,
        inline(ChoiceParameter, ParameterForm),
        inline(HostRequirement),
        inline(ChecklistItem),
    )


@admin.register(OptionText)
class OptionTextAdmin(PartAdmin):
    """Options with their risks and next steps."""

    list_display = ("option", "rulebook", "name", "headline")
    list_filter = ("rulebook",)
    inlines = (inline(OptionRisk), inline(OptionStep))
