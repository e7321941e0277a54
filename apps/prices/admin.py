"""The queue of what sources of prices say otherwise: accept or refuse, singly or in bulk."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from apps.editing import effects
from apps.editing.audited import ModelAdmin
from apps.prices import accepting
from apps.prices.accepting import Outcome
from apps.prices.models import Proposal, SourceCopy
from apps.prices.values import FIELDS

_WORDS = {
    "input": "Input",
    "output": "Output",
    "cached": "Cached input",
    "cache_write": "Writing to a cache",
    "cache_write_1h": "Writing to a cache for an hour",
    "batch_in": "Batch input",
    "batch_out": "Batch output",
    "batch_cached": "Batch cached input",
}
# More problems than this are counted instead of told one by one.
_TOLD = 5


class StateFilter(admin.SimpleListFilter):
    """Shows what waits unless something else is asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return every state but the one that is shown at first, and all."""
        others = [(s.value, str(s.label)) for s in Proposal.State if s != Proposal.State.WAITING]
        return [*others, ("all", "All")]

    def choices(self, changelist: ChangeList) -> Any:
        """Name the first choice, which is what waits."""
        for place, choice in enumerate(super().choices(changelist)):
            yield choice | {"display": "Waiting"} if place == 0 else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the proposals in a state."""
        if self.value() == "all":
            return queryset
        return queryset.filter(state=self.value() or Proposal.State.WAITING)


@admin.register(Proposal)
class ProposalAdmin(ModelAdmin):
    """Proposals are decided on, never edited: each keeps who decided and when."""

    list_display = (
        "offered",
        "difference",
        "largest_change",
        "starts",
        "reason",
        "said_by",
    )
    list_filter = (StateFilter, "field", "dataset", "automatic")
    list_select_related = ("model", "host", "source", "agrees", "decided_by")
    search_fields = ("model__name", "model__slug", "host_slug", "host_model_id")
    ordering = ("state", "-change", "model__name", "host_slug")
    actions = ("accept", "refuse")
    change_form_template = "admin/prices/proposal/change_form.html"
    fields = (
        "model",
        "offered_by",
        "field",
        "difference",
        "largest_change",
        "starts",
        ("source", "agrees"),
        "read_on",
        "reason",
        "state",
        ("automatic", "decided_by", "decided_at"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: only a source proposes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: what was decided stays on record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may decide, which is to change the prices."""
        return super().has_change_permission(request, obj) and request.user.has_perm(
            "catalog.change_price"
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return every field: a proposal is accepted or refused as it is."""
        return [
            name
            for entry in self.fields
            for name in (entry if isinstance(entry, tuple) else (entry,))
        ]

    @admin.display(description="model and host", ordering="model__name")
    def offered(self, proposal: Proposal) -> str:
        """Return the model with its host: few columns, so that the list shows the reason, too."""
        return f"{proposal.model}, {self.offered_by(proposal)}"

    @admin.display(description="sources")
    def said_by(self, proposal: Proposal) -> str:
        """Return who says so, and who agrees."""
        agrees = f"; {proposal.agrees} agrees" if proposal.agrees else ""
        return f"{proposal.source}{agrees}"

    @admin.display(description="host and id")
    def offered_by(self, proposal: Proposal) -> str:
        """Return the host with its id of the model."""
        host = proposal.host.name if proposal.host else proposal.host_slug
        return f"{host}: {proposal.host_model_id}"

    @admin.display(description="change", ordering="change")
    def largest_change(self, proposal: Proposal) -> str:
        """Return the largest change of a known price; a dash where nothing was known."""
        return "–" if proposal.change is None else f"{proposal.change:.0%}"

    @admin.display(description="old and new")
    def difference(self, proposal: Proposal) -> SafeString:
        """Return what would change, a line for each fact."""
        told = ((line,) for line in lines(proposal))
        return format_html_join("\n", '<div class="nowrap">{}</div>', told)

    @admin.action(description="Accept the selected proposals", permissions=["change"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        """Put the selected proposals into the catalog."""
        self._decide(
            request, list(queryset.values_list("pk", flat=True)), accepting.accept, "accepted"
        )

    @admin.action(description="Refuse the selected proposals", permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        """Refuse the selected proposals until their source says something else."""
        self._decide(
            request, list(queryset.values_list("pk", flat=True)), accepting.refuse, "refused"
        )

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Accept or refuse the one proposal, as the button says."""
        if "_accept" in request.POST:
            self._decide(request, [obj.pk], accepting.accept, "accepted")
        elif "_refuse" in request.POST:
            self._decide(request, [obj.pk], accepting.refuse, "refused")
        return HttpResponseRedirect(self._next_url(obj))

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any | None = None,
    ) -> Any:
        """Lead on to the next one without deciding on this one."""
        if obj is not None:
            context["next_url"] = self._next_url(obj)
            context["waiting"] = Proposal.objects.waiting().count()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _next_url(self, proposal: Proposal) -> str:
        """Return the page of what waits after a proposal in the list; at its end, the list."""
        waiting = Proposal.objects.filter(Q(state=Proposal.State.WAITING) | Q(pk=proposal.pk))
        order = list(waiting.order_by(*self.ordering[1:], "pk").values_list("pk", flat=True))
        place = order.index(proposal.pk)
        others = order[place + 1 :] + order[:place]
        if not others:
            return reverse("admin:prices_proposal_changelist")
        return reverse("admin:prices_proposal_change", args=[others[0]])

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save nothing of the form: somebody else may have decided since it was opened."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log nothing of the form, which changes nothing: the proposal keeps its decision."""
        return None

    def _decide(
        self,
        request: HttpRequest,
        ids: list[int],
        act: Callable[..., Outcome],
        word: str,
    ) -> None:
        with effects.told(request, "catalog"):
            outcome = act(ids, request.user, timezone.now())
        for problem in outcome.problems[:_TOLD]:
            self.message_user(request, f"Not {word}: {problem}", messages.ERROR)
        if len(outcome.problems) > _TOLD:
            more = len(outcome.problems) - _TOLD
            self.message_user(request, f"{more:,} more were not {word}.", messages.ERROR)
        decided = len(ids) - outcome.done - len(outcome.problems)
        if decided:
            self.message_user(request, f"{decided:,} had been decided on before.", messages.WARNING)
        self.message_user(request, f"{outcome.done:,} of {len(ids):,} {word}.")


@admin.register(SourceCopy)
class SourceCopyAdmin(ModelAdmin):
    """The last good copies, to look at."""

    list_display = ("name", "read_on", "entries", "sha256", "origin", "kept_at")
    fields = ("name", "origin", "read_on", "entries", "sha256", "kept_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: a refresh keeps them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: a copy is what its source said."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: the next refresh is measured by it."""
        return False


def lines(proposal: Proposal) -> list[str]:
    """Return what a proposal would change, a line for each fact."""
    new: dict[str, Any] = proposal.new
    if proposal.field == Proposal.Field.STATUS:
        old: dict[str, Any] = proposal.old or {}
        words = {"status": "Status", "deprecated_on": "Ends on"}
        return [
            f"{words[name]}: {old.get(name) or '–'} → {new.get(name) or '–'}"
            for name in words
            if old.get(name) != new.get(name)
        ]
    if proposal.field == Proposal.Field.OFFER:
        found = [line for one in new["lists"] for line in _price_lines(one, {"steps": []})]
        ends = [f"Ends on {new['deprecated_on']}"] if new["deprecated_on"] else []
        notes = [new["note"]] if new["note"] else []
        return [*(found or ["No price"]), f"Status: {new['status']}", *ends, *notes]
    return _price_lines(new, proposal.old or {"steps": []})


def _price_lines(new: dict[str, Any], old: dict[str, Any]) -> list[str]:
    before = {step["above"]: step for step in old["steps"]}
    after = {step["above"]: step for step in new["steps"]}
    found = []
    for above in sorted(before.keys() | after.keys()):
        where = f" above {above:,} tokens" if above else ""
        for name in FIELDS:
            was, now = before.get(above, {}).get(name), after.get(above, {}).get(name)
            if was == now:
                continue
            prices = " → ".join("–" if p is None else f"${p}" for p in (was, now))
            found.append(f"{_WORDS[name]}{where}: {prices if old['steps'] else f'${now}'}")
    return found
