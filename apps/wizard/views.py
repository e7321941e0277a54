"""The front page, the questions and the recommendation: read the URL, ask the engine, render."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.catalog.models import Gpu, Model, Offer, ThroughputProfile, TierGrade
from apps.common.htmx import redirect, render_page, wants_part
from apps.engine import links
from apps.engine.request import engine_for, pairs_of
from apps.scenarios.models import Scenario
from apps.wizard import contexts, method, questions, routing
from apps.wizard.result.page import result_page
from apps.wizard.result_json import document


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what OpenWeigh is for, and the way in."""
    engine = engine_for(request)
    page = contexts.HomePage(
        questions=len(engine.rulebook.questions),
        models=Model.objects.listed().count(),
        offers=Offer.objects.count(),
        scenarios=questions.scenario_links(engine.rulebook, Scenario.objects.in_order()),
    )
    return render_page(request, "wizard/home.html", page)


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the start of the wizard; answers in the URL are kept."""
    engine = engine_for(request)
    answers = engine.read(pairs_of(request)).answers
    scenarios = questions.scenario_links(engine.rulebook, Scenario.objects.in_order())
    page = questions.start_page(engine.rulebook, answers, scenarios)
    return render_page(request, "wizard/start.html", page)


@require_safe
def question(request: HttpRequest, key: str) -> HttpResponse:
    """Ask one question, or lead on to where the answers lead."""
    engine = engine_for(request)
    if key not in engine.rulebook.by_key:
        raise Http404("There is no such question.")
    step = routing.step(engine, engine.rulebook.by_key[key], pairs_of(request))
    if step.leads_to:
        is_result = step.leads_to.startswith(reverse("wizard:result"))
        return redirect(request, step.leads_to, whole=is_result)
    page = questions.question_page(engine, step, request.GET)
    status = 422 if page.errors else 200
    response = render_page(request, "wizard/question.html", page, partial="step", status=status)
    if wants_part(request):
        # The address bar shows the page that is shown; an error is no place to go back to.
        url = links.question_url(engine.rulebook, key, step.answers, step.then)
        response["HX-Push-Url"] = "false" if page.errors else url
    return response


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """Show the recommendation."""
    engine = engine_for(request)
    parsed = engine.read(pairs_of(request))
    page = result_page(engine, engine.decide(parsed.answers), parsed.problems)
    return render_page(request, "wizard/result.html", page)


@require_safe
def result_json(request: HttpRequest) -> HttpResponse:
    """Return the recommendation for programs."""
    engine = engine_for(request)
    parsed = engine.read(pairs_of(request))
    found = document(engine, engine.decide(parsed.answers), parsed.problems)
    response = JsonResponse(found, json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Show the method with all tables behind it."""
    rows = method.Rows(
        tiers=TierGrade.objects.with_models_and_sources(),
        gpus=Gpu.objects.with_sources(),
        profiles=ThroughputProfile.objects.with_sources(),
    )
    return render_page(request, "wizard/method.html", method.page(engine_for(request), rows))
