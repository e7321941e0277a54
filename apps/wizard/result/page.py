"""The recommendation page: the decision, part by part, in the order of the page."""

from collections.abc import Sequence

from django.urls import reverse

from apps.common.format import count, day, points, share, signed_points
from apps.decision import flow
from apps.decision.address import Problem
from apps.decision.decide import Decision
from apps.decision.rulebook import Kind, StepKind
from apps.decision.scoring import is_priced
from apps.engine import assumption_rows, links, money_panel, sentences
from apps.engine.engine import Engine
from apps.engine.links import costs_url
from apps.wizard import contexts, routing
from apps.wizard.questions import answer_rows, answer_text
from apps.wizard.result import changes, shortlist, why_not

# A change from the result leads back to it.
_BACK = (routing.RESULT,)


def result_page(
    engine: Engine, decision: Decision, problems: Sequence[Problem]
) -> contexts.ResultPage:
    """Return everything that the recommendation page shows."""
    rulebook, answers = engine.rulebook, decision.answers
    option = decision.verdict.option
    text = rulebook.options[option] if option else None
    following = flow.next_question(rulebook, answers)
    chosen = text.steps if text else ()
    return contexts.ResultPage(
        title=sentences.verdict_sentence(rulebook, decision),
        verdict=_verdict(engine, decision),
        problems=tuple(f"{p.message}. {_counts_as(engine, p)}" for p in problems),
        split=_split(engine, decision),
        relax=_relax(engine, decision),
        deciding=_deciding(engine, decision),
        money=money_panel.of_decision(engine, decision),
        money_notes=_money_notes(engine, decision),
        costs_url=costs_url(engine, answers, decision.priced_state),
        reasons_heading=_reasons_heading(engine, decision),
        reasons=_reasons(engine, decision),
        reasons_sum=_reasons_sum(engine, decision),
        changes_intro=changes.intro(engine, decision),
        changes=changes.rows(engine, decision),
        changes_notes=changes.notes(engine, decision),
        models=shortlist.rows(engine, decision),
        models_notes=shortlist.notes(engine, decision),
        why_not=why_not.rows(engine, decision),
        no_model=rulebook.no_model,
        answers=answer_rows(rulebook, answers, then=_BACK),
        unsure=_unsure(engine, decision),
        not_asked=_not_asked(engine, decision),
        assumed=assumption_rows.rows(
            engine, answers, lambda changed: links.result_url(rulebook, changed)
        ),
        assumed_url=reverse("wizard:result"),
        assumed_kept=tuple(
            pair for pair in answers.canonical(rulebook) if pair[0] not in answers.assumptions
        ),
        reset_url=links.result_url(rulebook, assumption_rows.without_any(answers))
        if answers.assumptions or answers.overrides
        else "",
        checklists=_checklists(engine, decision),
        risks=text.risks if text else (),
        trial=tuple(step for step in chosen if step.kind is StepKind.TRIAL),
        path_out=tuple(step for step in chosen if step.kind is StepKind.PATH_OUT),
        reverse=tuple(step for step in chosen if step.kind is StepKind.REVERSE),
        proof=_proof(engine, decision),
        rules_version=rulebook.version,
        data_date=engine.market.as_of,
        open_questions=len(flow.open_questions(rulebook, answers)),
        continue_url=links.question_url(rulebook, following.key, answers) if following else "",
        method_url=reverse("wizard:method"),
        json_url=links.result_url(rulebook, answers, "wizard:result-json"),
        start_again_url=reverse("wizard:start"),
    )


def _verdict(engine: Engine, decision: Decision) -> contexts.VerdictBlock:
    group = decision.verdict.group
    return contexts.VerdictBlock(
        group=group.value if group else "",
        sentence=sentences.verdict_sentence(engine.rulebook, decision),
        strength=decision.verdict.strength.value,
        detail=sentences.verdict_detail(engine.rulebook, decision),
    )


def _split(engine: Engine, decision: Decision) -> tuple[contexts.SplitRow, ...]:
    rows = []
    for part in decision.parts:
        settled = decision.answers
        for key, answers in part.condition:
            settled = settled.replace(key, answers[0])
        only_one = all(len(answers) == 1 for _, answers in part.condition)
        rows.append(
            contexts.SplitRow(
                condition=sentences.condition(engine.rulebook, part.condition),
                group=part.group.value if part.group else "",
                option_name=sentences.headline(engine.rulebook, part.option)
                if part.option
                else "No option is left",
                detail=sentences.part_detail(part),
                settle_url=links.result_url(engine.rulebook, settled) if only_one else "",
            )
        )
    return tuple(rows)


def _relax(engine: Engine, decision: Decision) -> tuple[contexts.DecidingRow, ...]:
    return tuple(
        contexts.DecidingRow(
            name=sentences.listed([engine.rulebook.by_key[key].short for key, _ in answers]),
            answer=sentences.ruled_out(engine.rulebook, answers),
            detail="Without this at least one option is left.",
            change_url=links.question_url(engine.rulebook, answers[0][0], decision.answers, _BACK),
        )
        for answers in decision.relax
        if answers
    )


def _deciding(engine: Engine, decision: Decision) -> tuple[contexts.DecidingRow, ...]:
    lead = decision.verdict.leading
    if lead is None:
        return ()
    return tuple(
        contexts.DecidingRow(
            name=engine.rulebook.by_key[found.question].short,
            answer=answer_text(engine.rulebook.by_key[found.question], decision.answers),
            detail=sentences.deciding(engine.rulebook, lead, found),
            change_url=links.question_url(engine.rulebook, found.question, decision.answers, _BACK),
        )
        for found in decision.deciding
    )


def _money_notes(engine: Engine, decision: Decision) -> tuple[str, ...]:
    """Return which unsure answers the amounts depend on, with the case that is shown."""
    priced = decision.priced_state
    shown = [
        f"{question.short.lower()} (shown: "
        f"{sentences.label(engine.rulebook, question.key, priced[question.key].key)})"
        for question in engine.tables.questions
        if is_priced(question) and not decision.answers.is_known(question.key)
    ]
    if not shown:
        return ()
    return (
        f"Not sure yet: {sentences.listed(shown)}. The amounts are those of the median case; the "
        "bands reach from the cheapest to the dearest case that is still possible.",
    )


def _reasons_heading(engine: Engine, decision: Decision) -> str:
    why = decision.why
    if why is None:
        return ""
    first, second = (sentences.name(engine.rulebook, o) for o in (why.option, why.other))
    return f"{first} against {second}"


def _reasons(engine: Engine, decision: Decision) -> tuple[contexts.ReasonRow, ...]:
    why = decision.why
    if why is None:
        return ()
    widest = max((abs(line.points) for line in why.lines), default=0.0) or 1.0
    return tuple(
        contexts.ReasonRow(
            criterion=engine.rulebook.criteria[line.criterion].name,
            sentence=sentences.reason(engine.rulebook, decision.answers, decision, why, line),
            points=line.points,
            width=100 * abs(line.points) / widest,
            weight=line.weight,
            value=line.value,
            other_value=line.other_value,
        )
        for line in why.lines
    )


def _reasons_sum(engine: Engine, decision: Decision) -> str:
    why = decision.why
    if why is None:
        return ""
    first, second = decision.result(why.option), decision.result(why.other)
    leader, other = (sentences.name(engine.rulebook, o) for o in (why.option, why.other))
    sum_of_lines = (
        f"The lines sum to {signed_points(why.difference)} points: {leader} "
        f"{points(first.score)}, {other} {points(second.score)}."
    )
    if why.difference >= 0:
        return sum_of_lines
    # With open answers the shares of the combinations decide, not the means.
    unless = f", because {other} is ruled out in some of them" if second.feasible is None else ""
    return f"{sum_of_lines} {leader} wins more of the combinations all the same{unless}."


def _unsure(engine: Engine, decision: Decision) -> tuple[contexts.UnsureRow, ...]:
    rows = []
    for place, found in enumerate(decision.ask_first):
        question = engine.rulebook.by_key[found.question]
        rows.append(
            contexts.UnsureRow(
                name=question.short,
                why=question.why,
                detail=(
                    f"The lead changes under {share(found.share)} of its answers."
                    if found.share
                    else "No answer to it alone changes the lead."
                ),
                url=links.question_url(engine.rulebook, question.key, decision.answers, _BACK),
                is_first=place == 0 and found.share > 0,
            )
        )
    return tuple(rows)


def _not_asked(engine: Engine, decision: Decision) -> tuple[str, ...]:
    asked = flow.asked(engine.rulebook, decision.answers)
    return tuple(
        f"{question.short}: not asked, because it can change nothing for these answers."
        for question in engine.rulebook.questions
        if question not in asked and question.key not in decision.answers
    )


def _counts_as(engine: Engine, problem: Problem) -> str:
    if problem.key in {assumption.key for assumption in engine.rulebook.assumptions}:
        return "The default is used."
    return "It counts as not answered."


def _checklists(engine: Engine, decision: Decision) -> tuple[contexts.ChecklistBlock, ...]:
    return tuple(
        contexts.ChecklistBlock(choice.label, choice.checklist)
        for question in engine.rulebook.questions
        if question.kind is Kind.SEVERAL
        for key in decision.answers.several.get(question.key, ())
        if (choice := question.by_key.get(key)) and choice.checklist
    )


def _proof(engine: Engine, decision: Decision) -> tuple[str, ...]:
    rulebook = engine.rulebook
    published = f", published {day(rulebook.published_on)}" if rulebook.published_on else ""
    looked = (
        "Every combination of the answers that are still open was scored."
        if decision.complete
        else f"{count(decision.states)} balanced samples of the open answers were scored; the same "
        "answers always give the same samples."
    )
    return (
        f"Rules: version {rulebook.version}{published}. Prices and facts in force on "
        f"{day(engine.market.as_of)}.",
        "Score: each option has a value from 0 to 100 on nine criteria; your answers say how much "
        "each criterion counts; the score is the weighted mean. A must-have removes an option "
        "before any score is compared.",
        looked
        if decision.states > 1
        else "All answers that matter are known: one state was scored.",
    )
