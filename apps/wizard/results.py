"""The recommendation page: the decision, part by part, in the order of the page."""

from collections.abc import Sequence

from django.urls import reverse

from apps.common.format import count, day, points, share, signed_points
from apps.decision import flow
from apps.decision.address import Problem
from apps.decision.decide import Decision
from apps.decision.rulebook import Kind, StepKind
from apps.decision.scoring import is_priced
from apps.wizard import assumed, changes, pages, sentences, shortlist, steps, why_not
from apps.wizard.calculator import panel
from apps.wizard.calculator.query import costs_url
from apps.wizard.engine import Engine
from apps.wizard.questions import answer_rows, answer_text

# A change from the result leads back to it.
_BACK = (steps.RESULT,)


def result_page(now: Engine, decision: Decision, problems: Sequence[Problem]) -> pages.ResultPage:
    """Return everything that the recommendation page shows."""
    rulebook, answers = now.rulebook, decision.answers
    option = decision.verdict.option
    text = rulebook.options[option] if option else None
    following = flow.next_question(rulebook, answers)
    chosen = text.steps if text else ()
    return pages.ResultPage(
        title=sentences.verdict_sentence(rulebook, decision),
        verdict=_verdict(now, decision),
        problems=tuple(f"{p.message}. {_counts_as(now, p)}" for p in problems),
        split=_split(now, decision),
        relax=_relax(now, decision),
        deciding=_deciding(now, decision),
        money=panel.of_decision(now, decision),
        money_notes=_money_notes(now, decision),
        costs_url=costs_url(now, answers, decision.priced_state),
        reasons_heading=_reasons_heading(now, decision),
        reasons=_reasons(now, decision),
        reasons_sum=_reasons_sum(now, decision),
        changes_intro=changes.intro(now, decision),
        changes=changes.rows(now, decision),
        changes_notes=changes.notes(now, decision),
        models=shortlist.rows(now, decision),
        models_notes=shortlist.notes(now, decision),
        why_not=why_not.rows(now, decision),
        no_model=rulebook.no_model,
        answers=answer_rows(rulebook, answers, then=_BACK),
        unsure=_unsure(now, decision),
        not_asked=_not_asked(now, decision),
        assumed=assumed.rows(now, answers, lambda changed: steps.result_url(rulebook, changed)),
        assumed_url=reverse("wizard:result"),
        assumed_kept=tuple(
            pair for pair in answers.canonical(rulebook) if pair[0] not in answers.assumptions
        ),
        reset_url=steps.result_url(rulebook, assumed.without_any(answers))
        if answers.assumptions or answers.overrides
        else "",
        checklists=_checklists(now, decision),
        risks=text.risks if text else (),
        trial=tuple(step for step in chosen if step.kind is StepKind.TRIAL),
        path_out=tuple(step for step in chosen if step.kind is StepKind.PATH_OUT),
        reverse=tuple(step for step in chosen if step.kind is StepKind.REVERSE),
        proof=_proof(now, decision),
        rules_version=rulebook.version,
        data_date=now.market.as_of,
        open_questions=len(flow.open_questions(rulebook, answers)),
        continue_url=steps.question_url(rulebook, following.key, answers) if following else "",
        method_url=reverse("wizard:method"),
        json_url=steps.result_url(rulebook, answers, "wizard:result-json"),
        start_again_url=reverse("wizard:start"),
    )


def _verdict(now: Engine, decision: Decision) -> pages.VerdictBlock:
    group = decision.verdict.group
    return pages.VerdictBlock(
        group=group.value if group else "",
        sentence=sentences.verdict_sentence(now.rulebook, decision),
        strength=decision.verdict.strength.value,
        detail=sentences.verdict_detail(now.rulebook, decision),
    )


def _split(now: Engine, decision: Decision) -> tuple[pages.SplitRow, ...]:
    rows = []
    for part in decision.parts:
        settled = decision.answers
        for key, answers in part.condition:
            settled = settled.replace(key, answers[0])
        only_one = all(len(answers) == 1 for _, answers in part.condition)
        rows.append(
            pages.SplitRow(
                condition=sentences.condition(now.rulebook, part.condition),
                group=part.group.value if part.group else "",
                option_name=sentences.headline(now.rulebook, part.option)
                if part.option
                else "No option is left",
                detail=sentences.part_detail(part),
                settle_url=steps.result_url(now.rulebook, settled) if only_one else "",
            )
        )
    return tuple(rows)


def _relax(now: Engine, decision: Decision) -> tuple[pages.DecidingRow, ...]:
    return tuple(
        pages.DecidingRow(
            name=sentences.listed([now.rulebook.by_key[key].short for key, _ in answers]),
            answer=sentences.ruled_out(now.rulebook, answers),
            detail="Without this at least one option is left.",
            change_url=steps.question_url(now.rulebook, answers[0][0], decision.answers, _BACK),
        )
        for answers in decision.relax
        if answers
    )


def _deciding(now: Engine, decision: Decision) -> tuple[pages.DecidingRow, ...]:
    lead = decision.verdict.leading
    if lead is None:
        return ()
    return tuple(
        pages.DecidingRow(
            name=now.rulebook.by_key[found.question].short,
            answer=answer_text(now.rulebook.by_key[found.question], decision.answers),
            detail=sentences.deciding(now.rulebook, lead, found),
            change_url=steps.question_url(now.rulebook, found.question, decision.answers, _BACK),
        )
        for found in decision.deciding
    )


def _money_notes(now: Engine, decision: Decision) -> tuple[str, ...]:
    """Return which unsure answers the amounts depend on, with the case that is shown."""
    shown = [
        f"{question.short.lower()} (shown: "
        f"{sentences.label(now.rulebook, question.key, decision.priced_state[question.key].key)})"
        for question in now.tables.questions
        if is_priced(question) and not decision.answers.is_known(question.key)
    ]
    if not shown:
        return ()
    return (
        f"Not sure yet: {sentences.listed(shown)}. The amounts are those of the median case; the "
        "bands reach from the cheapest to the dearest case that is still possible.",
    )


def _reasons_heading(now: Engine, decision: Decision) -> str:
    why = decision.why
    if why is None:
        return ""
    first, second = (sentences.name(now.rulebook, o) for o in (why.option, why.other))
    return f"{first} against {second}"


def _reasons(now: Engine, decision: Decision) -> tuple[pages.ReasonRow, ...]:
    why = decision.why
    if why is None:
        return ()
    widest = max((abs(line.points) for line in why.lines), default=0.0) or 1.0
    return tuple(
        pages.ReasonRow(
            criterion=now.rulebook.criteria[line.criterion].name,
            sentence=sentences.reason(now.rulebook, decision.answers, decision, why, line),
            points=line.points,
            width=100 * abs(line.points) / widest,
            weight=line.weight,
            value=line.value,
            other_value=line.other_value,
        )
        for line in why.lines
    )


def _reasons_sum(now: Engine, decision: Decision) -> str:
    why = decision.why
    if why is None:
        return ""
    first, second = decision.result(why.option), decision.result(why.other)
    leader, other = (sentences.name(now.rulebook, o) for o in (why.option, why.other))
    sum_of_lines = (
        f"The lines sum to {signed_points(why.difference)} points: {leader} "
        f"{points(first.score)}, {other} {points(second.score)}."
    )
    if why.difference >= 0:
        return sum_of_lines
    # With open answers the shares of the combinations decide, not the means.
    unless = f", because {other} is ruled out in some of them" if second.feasible is None else ""
    return f"{sum_of_lines} {leader} wins more of the combinations all the same{unless}."


def _unsure(now: Engine, decision: Decision) -> tuple[pages.UnsureRow, ...]:
    rows = []
    for place, found in enumerate(decision.ask_first):
        question = now.rulebook.by_key[found.question]
        rows.append(
            pages.UnsureRow(
                name=question.short,
                why=question.why,
                detail=(
                    f"The lead changes under {share(found.share)} of its answers."
                    if found.share
                    else "No answer to it alone changes the lead."
                ),
                url=steps.question_url(now.rulebook, question.key, decision.answers, _BACK),
                is_first=place == 0 and found.share > 0,
            )
        )
    return tuple(rows)


def _not_asked(now: Engine, decision: Decision) -> tuple[str, ...]:
    asked = flow.asked(now.rulebook, decision.answers)
    return tuple(
        f"{question.short}: not asked, because it can change nothing for these answers."
        for question in now.rulebook.questions
        if question not in asked and question.key not in decision.answers
    )


def _counts_as(now: Engine, problem: Problem) -> str:
    if problem.key in {assumption.key for assumption in now.rulebook.assumptions}:
        return "The default is used."
    return "It counts as not answered."


def _checklists(now: Engine, decision: Decision) -> tuple[pages.ChecklistBlock, ...]:
    return tuple(
        pages.ChecklistBlock(choice.label, choice.checklist)
        for question in now.rulebook.questions
        if question.kind is Kind.SEVERAL
        for key in decision.answers.several.get(question.key, ())
        if (choice := question.by_key.get(key)) and choice.checklist
    )


def _proof(now: Engine, decision: Decision) -> tuple[str, ...]:
    rulebook = now.rulebook
    published = f", published {day(rulebook.published_on)}" if rulebook.published_on else ""
    looked = (
        "Every combination of the answers that are still open was scored."
        if decision.complete
        else f"{count(decision.states)} balanced samples of the open answers were scored; the same "
        "answers always give the same samples."
    )
    return (
        f"Rules: version {rulebook.version}{published}. Prices and facts in force on "
        f"{day(now.market.as_of)}.",
        "Score: each option has a value from 0 to 100 on nine criteria; your answers say how much "
        "each criterion counts; the score is the weighted mean. A must-have removes an option "
        "before any score is compared.",
        looked
        if decision.states > 1
        else "All answers that matter are known: one state was scored.",
    )
