"""The list of models, and the page of one model."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.catalog import detail, listing
from apps.catalog.models import Model


@require_safe
def model_list(request: HttpRequest) -> HttpResponse:
    """Show all models in one table, in the order of `sort`."""
    today = timezone.localdate()
    models = Model.objects.listed().with_offers_on(today)
    page = listing.list_page(models, request.GET.get("sort", ""), today)
    return render(request, "catalog/list.html", {"page": page})


@require_safe
def model_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that is known of one model, with the source of each fact."""
    model = get_object_or_404(Model.objects.for_detail(), slug=slug)
    page = detail.detail_page(model, timezone.localdate())
    return render(request, "catalog/detail.html", {"page": page})
