"""The cost page, the same for programs and spreadsheets, and the bill that prefills it."""

import csv
from io import StringIO
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from apps.calculator import bill, formulas
from apps.calculator import costs_json as document
from apps.calculator.build import cost_page
from apps.calculator.query import cost_query
from apps.common.htmx import render_page, wants_part
from apps.engine.request import read


@require_safe
def costs(request: HttpRequest) -> HttpResponse:
    """Show what five options cost for one workload."""
    visit = read(request, any_size=True)
    query, problems = cost_query(visit)
    page = cost_page(visit.engine, query, problems, visit.typed)
    status = 422 if page.errors else 200
    response = render_page(request, "calculator/costs.html", page, partial="costs", status=status)
    if wants_part(request):
        response["HX-Push-Url"] = "false" if page.errors else page.url
    return response


@require_safe
def costs_json(request: HttpRequest) -> HttpResponse:
    """Return the costs for programs; what is wrong is named by field."""
    visit = read(request, any_size=True)
    query, problems = cost_query(visit)
    asked, more = formulas.read(visit)
    if problems or more:
        return _json(document.problems_document([*problems, *more]), 422)
    return _json(document.document(visit.engine, query, asked), 200)


@require_safe
def costs_csv(request: HttpRequest) -> HttpResponse:
    """Return the costs for spreadsheets, a number a line."""
    visit = read(request, any_size=True)
    query, problems = cost_query(visit)
    if problems:
        return _json(document.problems_document(problems), 422)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(document.HEADER)
    # Every cell is a number or a word of this program: none can be a formula.
    writer.writerows(document.lines(visit.engine, query))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="costs.csv"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


# Nothing is written and nobody is signed in here, so there is nothing that a forged form could do;
# the token would cost a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def costs_bill(request: HttpRequest) -> HttpResponse:
    """Prefill the cost page with a month's usage; the file is read in memory and forgotten."""
    visit = read(request, any_size=True)
    engine, (query, problems) = visit.engine, cost_query(visit)
    if request.method != "POST":
        return HttpResponseRedirect(query.url(engine.rulebook))
    # Before anything reads the body: no other handler may put the file on a disk.
    request.upload_handlers = [_InMemory(request)]
    try:
        filled = bill.prefilled(engine, query, bill.usage_of(request))
    except bill.BillError as error:
        typed = {} if error.is_unread else request.POST.dict()
        page = cost_page(engine, query, problems, typed, error.problems)
        return render_page(request, "calculator/costs.html", page, status=422)
    response = HttpResponseRedirect(filled.url(engine.rulebook))
    # See Other: the browser asks for the page, and reloading it sends nothing again.
    response.status_code = 303
    return response


class _InMemory(MemoryFileUploadHandler):
    """Keeps every file in memory: its size was looked at before."""

    def handle_raw_input(self, *args: object, **kwargs: object) -> None:
        """Take the file whatever its size."""
        self.activated = True


def _json(found: dict[str, Any], status: int) -> HttpResponse:
    options = {"indent": 1, "ensure_ascii": False}
    response = JsonResponse(found, status=status, json_dumps_params=options)
    response["Access-Control-Allow-Origin"] = "*"
    return response
