"""The list of models, the page of one, several side by side, and all of it for programs."""

from datetime import UTC, date, datetime, time

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from apps.catalog.models import CatalogVersion, Gpu, Model
from apps.catalog.pages import comparison, detail, exports, facets, listing
from apps.catalog.pages.filters import parse
from apps.catalog.pages.model_scenarios import uses_of
from apps.catalog.snapshot import current_snapshot
from apps.common.htmx import render_page, wants_part


@require_safe
def model_list(request: HttpRequest) -> HttpResponse:
    """Show the models that the filters find, in one table."""
    page = listing.list_page(_selection(request), _today())
    response = render_page(request, "catalog/list.html", page, partial="catalog")
    if wants_part(request):
        # The address bar shows the short form of what was asked.
        response["HX-Push-Url"] = page.url
    return response


@require_safe
def model_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that is known of one model, with the source of each fact."""
    model, today = get_object_or_404(Model.objects.for_detail(), slug=slug), _today()
    page = detail.detail_page(model, today, Gpu.objects.all(), uses_of(slug, today))
    return render(request, "catalog/detail.html", {"page": page})


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show two to four models side by side."""
    snapshot = current_snapshot(_today())
    every = facets.index(snapshot).by_slug
    picked = comparison.pick(request.GET.getlist(comparison.PICK), every)
    page = comparison.compare_page(
        picked,
        every,
        Model.objects.named_by(picked.slugs).with_scores(),
        request.GET.get(comparison.DIFFERENCES) == "1",
        snapshot,
    )
    status = 400 if page.problem else 200
    return render(request, "catalog/compare.html", {"page": page}, status=status)


def _etag(request: HttpRequest) -> str:
    # A day changes prices and statuses without a row being written.
    return f'"{exports.FORMAT}-{CatalogVersion.current()}-{_today():%Y%m%d}"'


def _last_modified(request: HttpRequest) -> datetime:
    midnight = datetime.combine(_today(), time(), UTC)
    return max(midnight, CatalogVersion.changed() or midnight)


@require_safe
@condition(etag_func=_etag, last_modified_func=_last_modified)
def models_json(request: HttpRequest) -> HttpResponse:
    """Return a page of the filtered catalog for programs."""
    selection = _selection(request)
    if selection.query.problems:
        return _refused(selection)
    following = listing.next_url(selection, request.path)
    response = JsonResponse(exports.document(selection, following, request.build_absolute_uri))
    return _shared(response)


@require_safe
@condition(etag_func=_etag, last_modified_func=_last_modified)
def models_csv(request: HttpRequest) -> HttpResponseBase:
    """Return the whole filtered catalog for spreadsheets, line by line."""
    selection = _selection(request)
    if selection.query.problems:
        return _refused(selection)
    lines = exports.csv_lines(selection, request.build_absolute_uri)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="models.csv"'
    return _shared(response)


def _refused(selection: facets.Selection) -> HttpResponse:
    """Tell a program what it asked wrongly, instead of answering something else."""
    problems = [
        {"key": problem.key, "value": problem.value, "message": problem.message}
        for problem in selection.query.problems
    ]
    return JsonResponse({"problems": problems}, status=400)


def _shared[R: HttpResponseBase](response: R) -> R:
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, no-cache"
    return response


def _selection(request: HttpRequest) -> facets.Selection:
    index = facets.index(current_snapshot(_today()))
    pairs = [(key, value) for key, values in request.GET.lists() for value in values]
    return facets.Selection(index, parse(pairs, index.vocabulary))


def _today() -> date:
    return timezone.localdate()
