"""The list of models, the page of one, several side by side, and all of it for programs."""

from datetime import UTC, datetime, time

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import condition

from apps.catalog.models import (
    Capability,
    CatalogVersion,
    Gpu,
    Host,
    IndexScore,
    Model,
    Offer,
)
from apps.catalog.pages import comparison, detail, exports, facets, gap, hosts, listing
from apps.catalog.pages.filters import parse
from apps.catalog.pages.model_capability import task_levels
from apps.catalog.pages.model_scenarios import uses_of
from apps.catalog.snapshot import current_snapshot
from apps.common.csv_cells import csv_file
from apps.common.htmx import render_page
from apps.common.json import json_response, open_to_all
from apps.common.methods import public_page, read_only
from apps.common.today import today


@public_page
def model_list(request: HttpRequest) -> HttpResponse:
    """Show the models that the filters find, in one table."""
    page = listing.list_page(_selection(request), today())
    # The address bar shows the short form of what was asked.
    return render_page(request, "catalog/list.html", page, partial="catalog", push_url=page.url)


@public_page
def model_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that is known of one model, with the source of each fact."""
    model, day = get_object_or_404(Model.objects.for_detail(), slug=slug), today()
    page = detail.detail_page(model, day, Gpu.objects.all(), uses_of(slug, day), task_levels())
    return render_page(request, "catalog/detail.html", page)


@public_page
def host_list(request: HttpRequest) -> HttpResponse:
    """Show who serves models, narrowed by what they promise."""
    models, promises = Offer.objects.models_by_host(today()), request.GET.getlist(hosts.PROMISE)
    page = hosts.list_page(Host.objects.with_facts(), models, promises)
    return render_page(request, "catalog/hosts.html", page)


@public_page
def host_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who a host is, what it promises, and what it serves at which price."""
    host = get_object_or_404(Host.objects.with_facts(), slug=slug)
    page = hosts.detail_page(host, Offer.objects.of_host(host), today())
    return render_page(request, "catalog/host.html", page)


@public_page
def compare(request: HttpRequest) -> HttpResponse:
    """Show two to four models side by side."""
    snapshot = current_snapshot(today())
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
    return render_page(request, "catalog/compare.html", page, status=status)


@public_page
def open_gap(request: HttpRequest) -> HttpResponse:
    """Show how far the best open model is behind the best closed one, over time."""
    scores = IndexScore.objects.of_latest_snapshot(today()).select_related("source")
    page = gap.gap_page(scores, Capability.objects.of_the_model_itself())
    return render_page(request, "catalog/gap.html", page)


def _etag(request: HttpRequest) -> str:
    # A day changes prices and statuses without a row being written.
    return f'"{exports.FORMAT}-{CatalogVersion.current()}-{today():%Y%m%d}"'


def _last_modified(request: HttpRequest) -> datetime:
    midnight = datetime.combine(today(), time(), UTC)
    return max(midnight, CatalogVersion.changed() or midnight)


@read_only
@condition(etag_func=_etag, last_modified_func=_last_modified)
def models_json(request: HttpRequest) -> HttpResponse:
    """Return a page of the filtered catalog for programs."""
    selection = _selection(request, may_be_old=False)
    if selection.query.problems:
        return _refused(selection)
    following = listing.next_url(selection, request.path)
    document = exports.document(selection, following, request.build_absolute_uri)
    # A page holds up to a thousand models: no space is spent on showing them.
    return _shared(json_response(document, for_people=False))


@read_only
@condition(etag_func=_etag, last_modified_func=_last_modified)
def models_csv(request: HttpRequest) -> HttpResponseBase:
    """Return the whole filtered catalog for spreadsheets, line by line."""
    selection = _selection(request, may_be_old=False)
    if selection.query.problems:
        return _refused(selection)
    rows = exports.csv_rows(selection, request.build_absolute_uri)
    return _shared(open_to_all(csv_file("models.csv", rows)))


def _refused(selection: facets.Selection) -> HttpResponse:
    """Tell a program what it asked wrongly, instead of answering something else."""
    problems = [
        {"key": problem.key, "value": problem.value, "message": problem.message}
        for problem in selection.query.problems
    ]
    return json_response({"problems": problems}, 400)


def _shared[R: HttpResponseBase](response: R) -> R:
    response["Cache-Control"] = "public, no-cache"
    return response


def _selection(request: HttpRequest, *, may_be_old: bool = True) -> facets.Selection:
    """Return what is found; what is sent with the tag of a version may not be older."""
    index = facets.index(current_snapshot(today(), may_be_old=may_be_old))
    pairs = [(key, value) for key, values in request.GET.lists() for value in values]
    return facets.Selection(index, parse(pairs, index.vocabulary))
