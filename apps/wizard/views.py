"""The front page, the questions and the recommendation: read the URL, ask the engine, render."""

from typing import assert_never

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from apps.catalog.models import BenchmarkDifficulty, Gpu, Model, Offer, ThroughputProfile
from apps.common.htmx import redirect, render_page
from apps.common.json import json_response
from apps.common.methods import public_page
from apps.decision import flow
from apps.engine import links
from apps.engine.request import Visit, read
from apps.rules.models import Rulebook
from apps.scenarios.models import Scenario
from apps.wizard import contexts, history, questions, routing
from apps.wizard.method.page import Rows, method_page
from apps.wizard.result.page import result_page
from apps.wizard.result_json import document


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show what OpenWeigh is for, and the way in."""
    engine = read(request).engine
    page = contexts.HomePage(
        questions=len(engine.rulebook.questions),
        models=Model.objects.listed().count(),
        offers=Offer.objects.count(),
        scenarios=questions.scenario_links(engine.rulebook, Scenario.objects.in_order()),
    )
    return render_page(request, "wizard/home.html", page)


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how far the pages meet the guidelines, and what was checked."""
    page = contexts.AccessibilityPage(contact=settings.CONTACT)
    return render_page(request, "wizard/accessibility.html", page)


@public_page
def start(request: HttpRequest) -> HttpResponse:
    """Show the start of the wizard; answers in the URL are kept."""
    visit = read(request)
    rulebook = visit.engine.rulebook
    scenarios = questions.scenario_links(rulebook, Scenario.objects.in_order())
    page = questions.start_page(rulebook, visit.answers, scenarios)
    return render_page(request, "wizard/start.html", page)


@public_page
def question(request: HttpRequest, key: str) -> HttpResponse:
    """Ask one question, or lead on to where the answers lead."""
    visit = read(request)
    rulebook = visit.engine.rulebook
    if key not in rulebook.by_key:
        raise Http404("There is no such question.")
    way = routing.way(rulebook, visit.given)
    outcome = flow.resolve(rulebook, rulebook.by_key[key], visit.parsed, way)
    match outcome:
        case flow.Finished():
            return redirect(request, links.outcome_url(rulebook, outcome), whole=True)
        case flow.Asking() if outcome.question.key != key:
            return redirect(request, links.outcome_url(rulebook, outcome), whole=False)
        case flow.Asking():
            return _ask(request, visit, outcome)
        case never:
            assert_never(never)


def _ask(request: HttpRequest, visit: Visit, asking: flow.Asking) -> HttpResponse:
    page = questions.question_page(visit.engine, asking, visit.given)
    status = 422 if page.form.errors else 200
    # The address bar shows the page that is shown; an error is no place to go back to.
    url = "false" if page.form.errors else links.outcome_url(visit.engine.rulebook, asking)
    return render_page(
        request, "wizard/question.html", page, partial="step", status=status, push_url=url
    )


@public_page
def standing(request: HttpRequest) -> HttpResponse:
    """Show how the options stand, as a part of a question's page or on its own."""
    visit = read(request)
    if not visit.answers.choices:
        return redirect(request, links.start_url(visit.engine.rulebook, visit.answers), whole=True)
    page = questions.standing_page(visit.engine, visit.answers)
    return render_page(request, "wizard/standing.html", page, partial="standing")


@public_page
def result(request: HttpRequest) -> HttpResponse:
    """Show the recommendation."""
    visit = read(request)
    page = result_page(visit.engine, visit.engine.decide(visit.answers), visit.problems)
    return render_page(request, "wizard/result.html", page)


@public_page
def result_json(request: HttpRequest) -> HttpResponse:
    """Return the recommendation for programs."""
    visit = read(request)
    decision = visit.engine.decide(visit.answers)
    return json_response(document(visit.engine, decision, visit.problems))


@public_page
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Show the method with all tables behind it."""
    rows = Rows(
        difficulties=BenchmarkDifficulty.objects.of_latest_snapshot(),
        gpus=Gpu.objects.with_sources(),
        profiles=ThroughputProfile.objects.with_sources(),
    )
    return render_page(request, "wizard/method.html", method_page(read(request).engine, rows))


@public_page
def versions(request: HttpRequest) -> HttpResponse:
    """List the versions of the rules that were ever published."""
    page = history.versions_page(Rulebook.objects.with_story())
    return render_page(request, "wizard/versions.html", page)


@public_page
def version(request: HttpRequest, version: int) -> HttpResponse:
    """Show what a version of the rules changed."""
    row = Rulebook.objects.with_story().filter(version=version).first()
    if row is None:
        raise Http404("There is no such version.")
    return render_page(request, "wizard/version.html", history.version_page(row))
