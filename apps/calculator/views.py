"""The cost page, the same for programs and spreadsheets, and the bill that prefills it."""

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from apps.calculator import bill, formulas
from apps.calculator import costs_json as document
from apps.calculator.build import cost_page
from apps.calculator.query import cost_query
from apps.calculator.read_back import read_again, read_back
from apps.common.csv_cells import csv_file
from apps.common.htmx import render_page
from apps.common.json import json_response, open_to_all
from apps.common.methods import public_page
from apps.engine.request import read
from apps.usage.values import Bill


@public_page
def costs(request: HttpRequest) -> HttpResponse:
    """Show what five options cost for one workload."""
    visit = read(request, any_size=True)
    query, problems = cost_query(visit)
    page = cost_page(visit.engine, query, problems, visit.typed)
    status = 422 if page.errors else 200
    url = "false" if page.errors else page.url
    return render_page(
        request, "calculator/costs.html", page, partial="costs", status=status, push_url=url
    )


@public_page
def costs_json(request: HttpRequest) -> HttpResponse:
    """Return the costs for programs; what is wrong is named by field."""
    visit = read(request, any_size=True)
    query, problems = cost_query(visit)
    asked, more = formulas.read(visit)
    if problems or more:
        return json_response(document.problems_document([*problems, *more]), 422)
    return json_response(document.document(visit.engine, query, asked))


@public_page
def costs_csv(request: HttpRequest) -> HttpResponseBase:
    """Return the costs for spreadsheets, a number a line."""
    visit = read(request, any_size=True)
    query, problems = cost_query(visit)
    if problems:
        return json_response(document.problems_document(problems), 422)
    # Computed before the first line is sent: what fails later could no longer be answered.
    rows = [document.HEADER, *document.lines(visit.engine, query)]
    return open_to_all(csv_file("costs.csv", rows))


# Nothing is written and nobody is signed in here, so there is nothing that a forged form could do;
# the token would cost a cookie.
@csrf_exempt
def costs_bill(request: HttpRequest) -> HttpResponse:
    """Prefill the cost page with a month's usage; a file is read back first, and forgotten."""
    visit = read(request, any_size=True)
    engine, (query, problems) = visit.engine, cost_query(visit)
    if request.method != "POST":
        return HttpResponseRedirect(query.url(engine.rulebook))
    # Before anything reads the body: no other handler may put the file on a disk.
    request.upload_handlers = [_InMemory(request)]
    try:
        usage = bill.usage_of(request)
        if isinstance(usage, Bill):
            page = read_back(engine, query, usage)
            return render_page(request, "calculator/bill.html", page)
        filled = bill.prefilled(engine, query, usage)
    except bill.BillError as error:
        typed = {} if error.is_unread else request.POST.dict()
        if again := read_again(engine, query, typed, error.problems):
            return render_page(request, "calculator/bill.html", again, status=422)
        wrong = cost_page(engine, query, problems, typed, error.problems)
        return render_page(request, "calculator/costs.html", wrong, status=422)
    response = HttpResponseRedirect(filled.url(engine.rulebook))
    # See Other: the browser asks for the page, and reloading it sends nothing again.
    response.status_code = 303
    return response


class _InMemory(MemoryFileUploadHandler):
    """Keeps every file in memory: its size was looked at before."""

    def handle_raw_input(self, *args: object, **kwargs: object) -> None:
        """Take the file whatever its size."""
        self.activated = True
