"""A rulebook that would break a page or a computation is named before it is published."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from apps.decision.checks import problems
from apps.decision.rulebook import HostClause, Parameter, Question, QuestionKind, Rulebook, Veto
from apps.decision.vocabulary import Criterion
from apps.money.options import Option
from tests.world import World

type Change = Callable[[Rulebook], Rulebook]


def on(key: str, change: Callable[[Question], Question]) -> Change:
    def changed(rulebook: Rulebook) -> Rulebook:
        questions = tuple(change(q) if q.key == key else q for q in rulebook.questions)
        return replace(rulebook, questions=questions)

    return changed


def with_assumption(key: str, **changes: Any) -> Change:
    """Change a row of the assumptions."""
    return lambda r: replace(
        r, assumptions=tuple(replace(a, **changes) if a.key == key else a for a in r.assumptions)
    )


def without_question(key: str) -> Change:
    return lambda rulebook: replace(
        rulebook, questions=tuple(q for q in rulebook.questions if q.key != key)
    )


def with_choice(question_key: str, place: int, /, **fields: object) -> Change:
    def change(question: Question) -> Question:
        choices = list(question.choices)
        choices[place] = replace(choices[place], **fields)  # type: ignore[arg-type]
        return replace(question, choices=tuple(choices))

    return on(question_key, change)


def requires(question_key: str, clause: HostClause) -> Change:
    """Let a choice ask something of the hosts."""
    return with_choice(question_key, 1, requires=(clause,))


def parameter(question_key: str, key: Parameter, value: float | None) -> Change:
    """Change the number that the first choice of a question hands over, or take it away."""

    def change(question: Question) -> Question:
        first, *others = question.choices
        rest = {k: v for k, v in first.parameters.items() if k is not key}
        given = rest if value is None else {**rest, key: value}
        return replace(question, choices=(replace(first, parameters=given), *others))

    return on(question_key, change)


def test_the_published_rules_have_no_problem(world: World) -> None:
    assert problems(world.rulebook) == ()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without_question("volume"), "Exactly one question must ask for the number of requests"),
        (without_question("size"), "Exactly one question must ask for the size"),
        (without_question("modality"), "no question “modality”"),
        (without_question("traffic"), "must hand “peak” to the costs"),
        (without_question("boundary"), "depends on “boundary”, which is not asked before it"),
        (on("task", lambda q: replace(q, title=" ")), "no text for “title”"),
        (on("task", lambda q: replace(q, choices=q.choices[:1])), "at least two choices"),
        (on("task", lambda q: replace(q, key="next")), "cannot be a key"),
        (on("task", lambda q: replace(q, key="team")), "“team” is the key of two rows"),
        (on("volume", lambda q: replace(q, states=())), "no numbers that stand for"),
        (on("volume", lambda q: replace(q, states=(0,))), "outside its own range"),
        (on("volume", lambda q: replace(q, low=0)), "must take numbers from 1 on"),
        (
            on("scope", lambda q: replace(q, asked_if=(("boundary", frozenset({"moon"})),))),
            "depends on “moon”",
        ),
        (with_choice("team", 0, key="unsure"), "“unsure” is an answer to every question"),
        (with_choice("modality", 1, key="smell"), "does not know what “smell” needs"),
        (with_choice("audience", 1, points={Criterion.SAFETY_SUPPORT: 0.5}), "does the same as"),
        (with_choice("traffic", 0, parameters={}), "“steady” has no “peak”"),
        (with_choice("traffic", 0, parameters={Parameter.PEAK: 0.5}), "no possible “peak”"),
        (with_choice("size", 0, parameters={}), "“short” has no tokens"),
        (
            with_choice("boundary", 0, vetoes=(Veto(Option.HYBRID, ("scope", "some")),)),
            "waits for an answer that does not exist",
        ),
        (
            with_choice("rules", 1, vetoes=(Veto(Option.CLOSED_API),)),
            "cannot weigh or rule out anything",
        ),
        # What is asked of hosts
        (requires("rules", HostClause(frozenset({"cheap"}))), "“cheap”, which no host is known by"),
        (
            requires("boundary", HostClause(frozenset({"hipaa"}), unless="team")),
            "only while “team” names nothing, and no question with several answers",
        ),
        # Hardware of one's own
        (without_question("hardware"), "no question “hardware”"),
        (on("hardware", lambda q: replace(q, when_unsure="")), "the choice that “not sure” stands"),
        (on("hardware", lambda q: replace(q, when_unsure="abacus")), "“abacus” stands for “not"),
        (with_choice("hardware", 0, key="abacus"), "do not know what “abacus” is"),
        # Shares
        (with_choice("connection", 0, share=0.95), "no more than 1, not 1.05"),
        (with_choice("connection", 0, share=0.85), "add up to 0.95 instead of 1"),
        (with_choice("connection", 0, share=-0.1), "within 0 and 1"),
        (on("connection", lambda q: replace(q, shares_basis=None)), "shares without a reason"),
        (with_choice("hardware", 0, share=0.5), "its shares weigh nothing"),
        (on("volume", lambda q: replace(q, state_shares=(0.5, 0.5))), "one share for each of its"),
        # Numbers for the costs
        (parameter("task", Parameter.DIFFICULTY, None), "has no “difficulty”"),
        (parameter("task", Parameter.DIFFICULTY, 20.0), "20 is no possible “difficulty”"),
        (parameter("task", Parameter.SLOPE, 0.0), "0 is no possible “slope”"),
        (parameter("task", Parameter.REST_DIFFICULTY, None), "has no “rest-difficulty”"),
        (parameter("task", Parameter.REST_SLOPE, None), "has no “rest-slope”"),
        (parameter("task", Parameter.REASONING, 0.5), "no possible “reasoning”"),
        (parameter("deadline", Parameter.STARTS_IN, None), "has no “starts-in”"),
        (parameter("training", Parameter.TUNED, 0.5), "0.5 is no possible “tuned”"),
        (parameter("team", Parameter.STAFFING, None), "“team”: “nobody” has no “staffing”"),
        (parameter("stage", Parameter.STAFFING, 0.0), "0 is no possible “staffing”"),
        (with_choice("scope", 1, parameters={}), "must say by “sensitive” and 1"),
        (with_choice("scope", 0, parameters={Parameter.SENSITIVE: 1.0}), "Exactly one answer must"),
        (parameter("audience", Parameter.PEAK, 2.0), "Exactly one question, always asked, must"),
        (
            lambda r: replace(r, base=r.base | {(Criterion.SPEED, Option.HYBRID): 50.0}),
            "speed and hybrid follows from its parts",
        ),
        (
            with_choice("team", 0, deltas={(Criterion.OPERATIONS, Option.HYBRID): -5.0}),
            "operations and hybrid follows from its parts",
        ),
        (lambda r: replace(r, base={}), "There is no value for capability and closed-api"),
        (
            lambda r: replace(r, base=r.base | {(Criterion.SPEED, Option.CLOSED_API): 101.0}),
            "is not within 0 and 100",
        ),
        (lambda r: replace(r, options={}), "There is no text for the option hybrid"),
        (
            lambda r: replace(
                r, options=r.options | {Option.HYBRID: replace(r.options[Option.HYBRID], risks=())}
            ),
            "no risk with a trip-wire",
        ),
        (
            lambda r: replace(
                r, options=r.options | {Option.HYBRID: replace(r.options[Option.HYBRID], steps=())}
            ),
            "no next step of the kind “trial”",
        ),
        (lambda r: replace(r, criteria={}), "There is no text for the criterion cost"),
        (lambda r: replace(r, assumptions=r.assumptions[1:]), "assumption “retry” is missing"),
        (
            lambda r: replace(
                r, assumptions=(*r.assumptions, replace(r.assumptions[0], key="luck"))
            ),
            "No formula uses the assumption “luck”",
        ),
        (
            lambda r: replace(
                r, assumptions=(replace(r.assumptions[0], default=None), *r.assumptions[1:])
            ),
            "“retry” has no default",
        ),
        (with_assumption("growth", high=5.0), "“growth” allows more than the formulas take"),
        (with_assumption("efficiency", low=0.0), "“efficiency” allows more than the formulas"),
        (
            with_assumption("cached", high=1.5),
            "“cached” allows more than the formulas take: 0 to 1",
        ),
        (
            on("volume", lambda q: replace(q, high=10**10)),
            "“volume” must not take more than 1,000,000,000",
        ),
        (
            on("size", lambda q: replace(q, high=10**8)),
            "“size” must not take more than 10,000,000 tokens",
        ),
    ],
)
def test_what_would_break_is_named(world: World, change: Change, sentence: str) -> None:
    assert any(sentence in problem for problem in problems(change(world.rulebook)))


def test_every_kind_of_question_is_used(world: World) -> None:
    assert {question.kind for question in world.rulebook.questions} == set(QuestionKind)
