"""The recommendation page: the decision, part by part, in the order of the page."""

from collections.abc import Sequence

from django.urls import reverse

from apps.common.format import count, day, points, share, signed_points
from apps.decision import flow
from apps.decision.decide import Decision, OptionResult
from apps.decision.flips import Alternative, FlipKind
from apps.decision.reading import Problem
from apps.decision.rulebook import Kind, StepKind
from apps.decision.scoring import is_priced
from apps.decision.vocabulary import OPTIONS, Option
from apps.wizard import assumed, pages, sentences, shortlist, steps
from apps.wizard.calculator import panel
from apps.wizard.calculator.query import costs_url
from apps.wizard.engine import Engine
from apps.wizard.questions import answer_rows, answer_text

# A change from the result leads back to it.
_BACK = (steps.RESULT,)
_MOST_PAIRS = 5


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
        changes=_changes(now, decision),
        changes_notes=_changes_notes(now, decision),
        models=shortlist.rows(now, decision),
        models_notes=shortlist.notes(now, decision),
        why_not=_why_not(now, decision),
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
        if answers.assumptions or answers.picks
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
                condition=sentences.part_condition(now.rulebook, part),
                group=part.group.value if part.group else "",
                option_name=sentences.headline(now.rulebook, part.option)
                if part.option
                else "No option is left",
                detail=f"wins in {share(part.share)} of the combinations still open",
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
    return (
        f"The lines sum to {signed_points(why.difference)} points: "
        f"{sentences.name(now.rulebook, why.option)} {points(first.score)}, "
        f"{sentences.name(now.rulebook, why.other)} {points(second.score)}."
    )


def _changes(now: Engine, decision: Decision) -> tuple[pages.ChangeRow, ...]:
    shown: Sequence[Alternative] = decision.flips.singles or decision.flips.pairs[:_MOST_PAIRS]
    rows = []
    for alternative in shown:
        changed = decision.answers
        for change in alternative.changes:
            changed = changed.replace(change.question, change.after)
        group = alternative.verdict.group
        rows.append(
            pages.ChangeRow(
                condition=sentences.flip_condition(now.rulebook, alternative),
                outcome=sentences.outcome(now.rulebook, alternative.verdict),
                url=steps.result_url(now.rulebook, changed),
                group=group.value if group else "",
                is_veto=alternative.kind is FlipKind.VETO,
            )
        )
    if decision.volume_flip:
        found = decision.volume_flip
        number = next(q for q in now.rulebook.questions if q.kind is Kind.NUMBER)
        changed = decision.answers.replace(number.key, str(found.volume))
        rows.append(
            pages.ChangeRow(
                condition=f"At {count(found.volume)} requests a day",
                outcome=sentences.headline(now.rulebook, found.option)
                if found.option
                else "No recommendation",
                url=steps.result_url(now.rulebook, changed),
                group=found.group.value if found.group else "",
                is_veto=False,
            )
        )
    return tuple(rows)


def _changes_notes(now: Engine, decision: Decision) -> tuple[str, ...]:
    notes = []
    flips = decision.flips
    if not flips.singles and decision.answers.choices:
        notes.append("No change of a single answer leads to another group.")
        if not flips.pairs_searched:
            notes.append("Pairs of changes were not searched: too many answers are open.")
        elif not flips.pairs:
            notes.append("No change of two answers does either.")
        elif len(flips.pairs) > _MOST_PAIRS:
            notes.append(f"{count(len(flips.pairs))} pairs of changes do; the first are shown.")
    number = next((q for q in now.rulebook.questions if q.kind is Kind.NUMBER), None)
    if number and decision.answers.is_known(number.key) and decision.volume_flip is None:
        notes.append(
            f"No volume from {count(number.low)} to {count(number.high)} requests a day was "
            "found that changes the group."
            if decision.volume_searched
            else "The volume was not searched: too many answers are open."
        )
    for criterion, change, option in decision.close_weights[:1]:
        total = sum(choice for choice in decision.weights.values())
        text = now.rulebook.criteria[criterion].name
        more = "more" if change > 0 else "less"
        notes.append(
            f"The closest call among the weights: {abs(change):.2f} points of importance {more} "
            f"for {text.lower()} (now {share(decision.weights[criterion] / total)} of the weight) "
            f"would tie it with {sentences.name(now.rulebook, option)}."
        )
    return tuple(notes)


def _why_not(now: Engine, decision: Decision) -> tuple[pages.WhyNotRow, ...]:
    winner = decision.verdict.option
    return tuple(
        pages.WhyNotRow(
            name=now.rulebook.options[option].name,
            group=option.group.value,
            reason=_why_not_reason(now, decision, option),
            would_qualify=_would_qualify(now, decision.result(option)),
            score=None
            if decision.result(option).feasible is False
            else decision.result(option).score,
        )
        for option in OPTIONS
        if option is not winner
    )


def _why_not_reason(now: Engine, decision: Decision, option: Option) -> str:
    result = decision.result(option)
    if result.feasible is False:
        return f"Ruled out by {sentences.ruled_out(now.rulebook, result.ruled_out_by[:1])}."
    against = next((c for c in decision.comparisons if c.other is option), None)
    if against is None:
        return f"Wins in {share(result.acceptability)} of the combinations still open."
    if against.difference < 0:
        return (
            f"Scores {points(-against.difference)} points more on average, but wins in only "
            f"{share(result.acceptability)} of the combinations still open."
        )
    line = max(against.lines, key=lambda line: line.points)
    criterion = now.rulebook.criteria[line.criterion].name.lower()
    return (
        f"Scores {points(against.difference)} points less; most of it comes from {criterion} "
        f"({points(line.other_value)} of 100 against {points(line.value)})."
    )


def _would_qualify(now: Engine, result: OptionResult) -> str:
    if result.feasible is not False:
        return ""
    parts = []
    for key, answer in result.ruled_out_by:
        question = now.rulebook.by_key[key]
        others = [
            choice.label
            for choice in question.choices
            if choice.key != answer
            and result.option not in {veto.option for veto in choice.vetoes if not veto.only_if}
        ]
        if others:
            quoted = sentences.listed([f"“{label}”" for label in others], "or")
            parts.append(f"{question.short} were {quoted}")
    # A veto that needs two answers falls with either of them.
    word = "or" if _is_conditional(now, result) else "and"
    return f"Would qualify if {sentences.listed(parts, word)}." if parts else ""


def _is_conditional(now: Engine, result: OptionResult) -> bool:
    return len(result.ruled_out_by) > 1 and any(
        veto.only_if in result.ruled_out_by and veto.option is result.option
        for question in now.rulebook.questions
        for choice in question.choices
        for veto in choice.vetoes
        if (question.key, choice.key) in result.ruled_out_by
    )


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
