"""Hosts with the facts that are known of them."""

from django.contrib import admin

from apps.catalog.models import Host, HostFact
from apps.editing.audited import AuditedAdmin
from apps.editing.forms import FieldForm
from apps.editing.importing import SheetAdmin
from apps.editing.inlines import TabularInline


class HostFactInline(TabularInline):
    """What is known of the host: a fact without a row is unknown."""

    model = HostFact
    autocomplete_fields = ("source",)
    extra = 0


@admin.register(Host)
class HostAdmin(AuditedAdmin):
    """Who serves models, and what each promises."""

    list_display = ("name", "kind", "provider", "closed_on")
    list_filter = ("kind",)
    list_select_related = ("provider",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("provider", "source")
    inlines = (HostFactInline,)


@admin.register(HostFact)
class HostFactAdmin(SheetAdmin):
    """All facts of hosts, to find what is old or unchecked."""

    form = FieldForm
    list_display = ("host", "fact", "value", "grade", "as_of")
    list_filter = ("fact", "grade", "value")
    list_select_related = ("host",)
    search_fields = ("host__name", "host__slug", "detail")
    autocomplete_fields = ("host", "source")
