"""The pages of a version in the admin: what it changes, its impact, and publishing it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from apps.catalog.models import CatalogVersion
from apps.common.format import share
from apps.common.htmx import wants_part
from apps.common.today import today
from apps.decision.rulebook import Rulebook as Rules
from apps.editing import audit
from apps.editing.audited import AuditedAdmin
from apps.money.options import Option
from apps.rules import compile, impact, publishing, words
from apps.rules.differences import differences
from apps.rules.flow_map import flow_map
from apps.rules.models import Provenance, Rulebook, Status
from apps.rules.musts import weakened
from apps.rules.value_table import ValueTable

# So many sets of answers are asked in a request: it answers within a second or two.
_STEP = 500
_NOTHING = "Nothing is recommended"


class PublishForm(forms.Form):
    """The words of a version, and what its publisher confirms, each by itself."""

    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        label="What is new in this version, and why",
        help_text="Visitors read it in the list of versions.",
    )


class ReleaseAdmin(AuditedAdmin):
    """Versions with the pages on which they are compared, computed and published."""

    change_form_template = "admin/rules/rulebook/change_form.html"

    def get_urls(self) -> list[Any]:
        """Add the pages of a version."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/publish/", view(self.publish_view), name="rules_publish"),
            path("<int:pk>/impact/", view(require_POST(self.impact_view)), name="rules_impact"),
            path("<int:pk>/compare/", view(self.compare_view), name="rules_compare"),
            path("<int:pk>/map/", view(self.map_view), name="rules_map"),
            path("<int:pk>/values/", view(self.values_view), name="rules_values"),
            path("<int:pk>/copy/", view(require_POST(self.copy_view)), name="rules_copy"),
            *super().get_urls(),
        ]

    def _row(self, request: HttpRequest, pk: int) -> Rulebook:
        row = get_object_or_404(Rulebook.objects.with_everything(), pk=pk)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what publishing a draft would do, and do that when asked."""
        row = self._row(request, pk)
        form = PublishForm(request.POST or None, initial={"note": own_note(row)})
        if request.method == "POST":
            if not request.user.has_perm("rules.publish_rulebook"):
                raise PermissionDenied("You may not publish.")
            if form.is_valid() and self._publish(request, row, form.cleaned_data["note"]):
                return HttpResponseRedirect(reverse("admin:rules_rulebook_changelist"))
        return self._show(request, "admin/rules/publish.html", self._context(request, row, form))

    def _publish(self, request: HttpRequest, draft: Rulebook, note: str) -> bool:
        if not _is_weighed(draft):
            self.message_user(request, "Compute the impact of this draft first.", messages.ERROR)
            return False
        before = list(Rulebook.objects.published())
        confirmed = frozenset(request.POST.getlist("confirmed"))
        approval = publishing.Approval(note, request.user, confirmed)  # type: ignore[arg-type]
        audit.record([draft, *before])
        try:
            publishing.publish(draft, today(), approval)
        except publishing.NotPublishableError as error:
            for reason in error.reasons:
                self.message_user(request, reason, messages.ERROR)
            return False
        audit.record([draft], request.user, f"Published. {note}")
        audit.record(before, request.user, f"Retired by version {draft.version}.")
        self.message_user(request, f"Version {draft.version} is published.", messages.SUCCESS)
        return True

    def _context(self, request: HttpRequest, row: Rulebook, form: PublishForm) -> dict[str, Any]:
        rules, before = compile.compile_rulebook(row), publishing.published()
        reasons = publishing.reasons_against(row, today())
        return {
            "title": f"Publish version {row.version}",
            "row": row,
            "before": before,
            "form": form,
            "reasons": reasons,
            "weakened": weakened(before, rules) if before else (),
            "confirmed": request.POST.getlist("confirmed"),
            "changes": differences(before, rules) if before else (),
            "may_publish": request.user.has_perm("rules.publish_rulebook"),
            "is_own": publishing.is_own(row, request.user),  # type: ignore[arg-type]
            "preview": preview_url(row.version),
            "impact": impact_block(row, before, rules) if row.status == Status.DRAFT else None,
        }

    def impact_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask some more of the sample, and show what came of it."""
        row, before = self._row(request, pk), publishing.published()
        if row.status != Status.DRAFT or before is None:
            raise PermissionDenied("Impact is computed for a draft, against what is published.")
        rules = compile.compile_rulebook(row)
        versions = _versions(before, rules)
        story = Provenance.objects.of(row)
        found = versions.read(story.impact)
        versions.go_on(found, _STEP)
        Provenance.objects.filter(pk=row.pk).update(impact=found.as_json())
        if wants_part(request):
            context = {"row": row, "impact": _block(found, before, rules, row.version)}
            return TemplateResponse(request, "admin/rules/impact.html", context)
        return HttpResponseRedirect(reverse("admin:rules_publish", args=[pk]))

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show in words what differs between two versions."""
        row = self._row(request, pk)
        others = list(Rulebook.objects.exclude(pk=row.pk).order_by("-version"))
        with_ = request.GET.get("with", "")
        chosen = [one for one in others if str(one.version) == with_]
        chosen += [one for one in others if one.status == Status.PUBLISHED]
        other = next(iter(chosen + others), None)
        pair = sorted((row, other), key=lambda one: one.version) if other else None
        changes = differences(*map(compile.compiled, pair)) if pair else ()
        context = {
            "title": f"What differs: version {row.version}",
            "row": row,
            "others": others,
            "pair": pair,
            "changes": changes,
        }
        return self._show(request, "admin/rules/compare.html", context)

    def map_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the questions of a version as a picture, and as text."""
        row = self._row(request, pk)
        context = {
            "title": f"Map of version {row.version}",
            "row": row,
            "map": flow_map(compile.compile_rulebook(row)),
        }
        return self._show(request, "admin/rules/map.html", context)

    def values_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the values of the options as one table, and save them in a draft."""
        row = self._row(request, pk)
        may_change = self.has_change_permission(request, row)
        if request.method == "POST" and not may_change:
            raise PermissionDenied(f"Nothing was saved. {no_draft(row)}")
        rules = compile.compile_rulebook(row)
        form = ValueTable(request.POST or None, row=row, rules=rules)
        if form.is_valid():
            with audit.changing([row], request.user, "Values of the options."):
                form.save()
            self.message_user(request, "The values were saved.", messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        title = f"Values of the options in version {row.version}"
        context = {"title": title, "row": row, "form": form, "is_draft": may_change}
        return self._show(request, "admin/rules/values.html", context)

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Copy a version to a new draft: the way on, and the way back."""
        row = self._row(request, pk)
        if not request.user.has_perm("rules.change_rulebook"):
            raise PermissionDenied("You may not make drafts.")
        draft = self.copied(request, row)
        return HttpResponseRedirect(reverse("admin:rules_rulebook_change", args=[draft.pk]))

    def copied(self, request: HttpRequest, row: Rulebook) -> Rulebook:
        """Return the draft that a version was copied to."""
        draft = publishing.copy_to_draft(row)
        audit.record([draft], request.user, f"Copied from version {row.version}.")
        self.message_user(request, f"Draft {draft.version} was made.", messages.SUCCESS)
        return draft

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any | None = None,
    ) -> Any:
        """Show what stands in the way of publishing while the draft is edited."""
        if obj is not None:
            row = Rulebook.objects.with_everything().get(pk=obj.pk)
            draft = row.status == Status.DRAFT
            context["reasons"] = publishing.reasons_against(row, today()) if draft else ()
            context["is_draft"], context["preview"] = draft, preview_url(row.version)
        return super().render_change_form(request, context, add, change, form_url, obj)


def no_draft(version: Rulebook) -> str:
    """Say why a version cannot be changed, and what can be done."""
    when = f"published on {version.published_on:%-d %B %Y}" if version.published_on else "retired"
    return (
        f"Version {version.version} is no draft any more: it was {when}. "
        "Copy it to a new draft, and type this there."
    )


def own_note(row: Rulebook) -> str:
    """Return what editors wrote of a version; what copying wrote says nothing."""
    return "" if row.note.startswith(publishing.COPIED) else row.note


def preview_url(version: int) -> str:
    """Return where the wizard runs with a version."""
    return f"{reverse('wizard:home')}rules/{version}/decide/"


def _versions(before: Rules, rules: Rules) -> impact.Versions:
    return impact.Versions(before, rules, today(), CatalogVersion.current())


def _is_weighed(row: Rulebook) -> bool:
    """Tell whether the impact of a draft is known as it is now."""
    before = publishing.published()
    if before is None or row.status != Status.DRAFT:
        return True
    versions = _versions(before, compile.compile_rulebook(row))
    return versions.read(Provenance.objects.of(row).impact).is_whole


def impact_block(row: Rulebook, before: Rules | None, rules: Rules) -> dict[str, Any] | None:
    """Return what is known of a draft's impact; None where nothing was published before."""
    if before is None:
        return None
    story = Provenance.objects.of(row)
    return _block(_versions(before, rules).read(story.impact), before, rules, row.version)


def _block(found: impact.Impact, before: Rules, rules: Rules, version: int) -> dict[str, Any]:
    def name(option: str) -> str:
        known = option in Option
        return words.option_name(rules, Option(option)) if known else _NOTHING

    def now(query: str) -> str:
        return f"{reverse('wizard:result')}?{query}"

    prefix = f"{reverse('wizard:home')}rules/{version}"
    moves = sorted(found.moves.items(), key=lambda pair: -pair[1])
    return {
        "found": found,
        "groups": share(found.groups_changed / max(found.done, 1)),
        "options": share(found.options_changed / max(found.done, 1)),
        "shares": [(name(o), share(a), share(b)) for o, a, b in impact.shares(found)],
        "moves": [(*map(name, move.split(" → ")), count) for move, count in moves],
        "examples": [
            (now(query), f"{prefix}/decide/result/?{query}", name(a), name(b))
            for query, a, b in found.examples
        ],
        "cases": [(title, name(a), name(b)) for title, a, b in found.cases],
    }
