"""Each section of the recommendation, from values alone: no request, no database."""

from dataclasses import replace

import pytest

from apps.common.format import usd
from apps.decision.answers import parse
from apps.decision.decide import Comparison, Decision, Line
from apps.decision.flips import Alternative, AskFirst, Change, FlipKind, Flips, VolumeFlip
from apps.decision.rulebook import StepKind
from apps.decision.uncertainty import Strength
from apps.decision.verdict import Verdict
from apps.decision.vocabulary import Criterion
from apps.engine.engine import Engine
from apps.money.options import OPTIONS, Option
from apps.money.work import Role
from apps.wizard.result import after
from apps.wizard.result.assumed import assumed_block
from apps.wizard.result.changes import changes_block
from apps.wizard.result.money import money_block
from apps.wizard.result.proof import proof_block
from apps.wizard.result.reasons import reasons_block
from apps.wizard.result.shortlist import models_block
from apps.wizard.result.verdict import verdict_block
from apps.wizard.result.why_not import why_not_block
from tests.visiting import STATES, WHOLE, Query

CLOSED, HOSTED, OWN = Option.CLOSED_API, Option.HOSTED_OPEN, Option.SELF_ONPREM


def decide(engine: Engine, answers: Query = WHOLE) -> Decision:
    """Return the decision of an address."""
    given = {key: (one,) if isinstance(one, str) else tuple(one) for key, one in answers.items()}
    return engine.decide(engine.known(parse(engine.rulebook, given)).answers)


def alternative(*changes: tuple[str, str, str], to: Option | None = CLOSED) -> Alternative:
    """Return changes of answers that lead to an option, or to none."""
    strength = Strength.ROBUST if to else Strength.CONFLICT
    outcome = Verdict(to.group if to else None, to, strength, 1.0, to)
    made = tuple(Change(*change) for change in changes)
    return Alternative(
        made, outcome, FlipKind.PREFERENCE, 1.0, loses_winner=False, leaves_alone=False
    )


@pytest.mark.parametrize("state", STATES)
def test_the_verdict_names_its_group_where_there_is_one(engine: Engine, state: str) -> None:
    answers, begins, ends = STATES[state]
    made = decide(engine, answers)
    block = verdict_block(engine, made)
    assert block.sentence.startswith(begins)
    assert block.sentence.endswith(ends)
    assert block.group == (made.verdict.group.value if made.verdict.group else "")
    assert bool(block.split) is (made.verdict.strength is Strength.SPLIT)
    assert bool(block.relax) is (made.verdict.strength is Strength.CONFLICT)


def test_a_possibility_of_several_answers_cannot_be_settled_by_one_link(engine: Engine) -> None:
    made = decide(engine, STATES["split"][0])
    for part, row in zip(made.parts, verdict_block(engine, made).split, strict=True):
        single = all(len(answers) == 1 for _, answers in part.condition)
        assert bool(row.settle_url) is single


@pytest.mark.parametrize(
    ("lines", "widths"),
    [((4.0, -2.0, 1.0), [100.0, 50.0, 25.0]), ((0.0,), [0.0])],
)
def test_the_longest_bar_is_that_of_the_largest_part(
    engine: Engine, lines: tuple[float, ...], widths: list[float]
) -> None:
    made = tuple(Line(Criterion.SPEED, points, 0.1, 50.0, 40.0) for points in lines)
    against = Comparison(HOSTED, CLOSED, sum(lines), made)
    block = reasons_block(engine, replace(decide(engine), comparisons=(against,)))
    assert block is not None
    assert [row.width for row in block.rows] == widths
    assert [row.points for row in block.rows] == list(lines)


def test_a_winner_that_scores_less_is_explained(engine: Engine) -> None:
    against = Comparison(HOSTED, CLOSED, -1.0, ())
    block = reasons_block(engine, replace(decide(engine), comparisons=(against,)))
    assert block is not None
    assert block.sum.startswith("The lines sum to −1.0 points")
    assert "wins more of the combinations all the same" in block.sum


def test_nothing_is_compared_where_one_option_is_left(engine: Engine) -> None:
    assert reasons_block(engine, replace(decide(engine), comparisons=())) is None


def flips(
    *singles: Alternative, pairs: tuple[Alternative, ...] = (), searched: bool = True
) -> Flips:
    """Return what was found of a decision for a hosted open model."""
    base = Verdict(HOSTED.group, HOSTED, Strength.ROBUST, 1.0, HOSTED)
    return Flips(base, singles, pairs, searched)


ONE = alternative(("team", "devops", "nobody"))
PAIR = alternative(("team", "devops", "nobody"), ("priority", "cost", "quality"), to=None)
INTROS: dict[str, tuple[Flips, int, tuple[str, ...]]] = {
    "a single answer": (flips(ONE), 1, ()),
    "a pair": (
        flips(pairs=(PAIR,)),
        1,
        ("No change of a single answer leads to another group.", "Two changes together do."),
    ),
    "many pairs": (
        flips(pairs=(PAIR,) * 7),
        5,
        (
            "No change of a single answer leads to another group.",
            "7 pairs of changes do; 5 of them are shown here.",
        ),
    ),
    "nothing": (
        flips(),
        0,
        (
            "No change of a single answer leads to another group.",
            "No change of two answers does either.",
        ),
    ),
    "not searched": (
        flips(searched=False),
        0,
        (
            "No change of a single answer leads to another group.",
            "Pairs of changes were not searched: too many answers are open.",
        ),
    ),
}


@pytest.mark.parametrize(("found", "rows", "intro"), INTROS.values(), ids=INTROS)
def test_what_was_found_and_what_was_looked_for_in_vain(
    engine: Engine, found: Flips, rows: int, intro: tuple[str, ...]
) -> None:
    block = changes_block(engine, replace(decide(engine), flips=found, volume_flip=None))
    assert len(block.rows) == rows
    assert block.intro == intro


def test_a_change_without_a_recommendation_names_no_group(engine: Engine) -> None:
    found = flips(alternative(("team", "devops", "nobody"), to=None))
    row = changes_block(engine, replace(decide(engine), flips=found)).rows[0]
    assert (row.group, row.outcome) == ("", "No option is left")
    assert "team=nobody" in row.url


def test_the_volume_that_flips_is_a_change_like_the_others(engine: Engine) -> None:
    flip = VolumeFlip(1234567, upwards=True, group=OWN.group, option=OWN)
    block = changes_block(engine, replace(decide(engine), volume_flip=flip))
    row = block.rows[-1]
    assert row.condition == "At about 1,230,000 requests a day"
    assert row.group == "Open"
    assert "volume=1234567" in row.url
    assert not any("No volume" in note for note in block.notes)


@pytest.mark.parametrize(
    ("searched", "note"),
    [
        (True, "No volume from 1 to 1,000,000,000 requests a day was found"),
        (False, "The volume was not searched: too many answers are open."),
    ],
)
def test_a_volume_that_was_not_found_is_told(engine: Engine, searched: bool, note: str) -> None:
    made = replace(decide(engine), volume_flip=None, volume_searched=searched)
    assert changes_block(engine, made).notes[0].startswith(note)


def test_the_weight_that_comes_closest_is_told_in_points(engine: Engine) -> None:
    for change, word in ((1.5, "1.50 more points"), (-0.25, "0.25 fewer points")):
        made = replace(decide(engine), close_weights=((Criterion.COST, change, CLOSED),))
        note = changes_block(engine, made).notes[-1]
        assert note.startswith("Of all weights, cost comes closest")
        assert word in note
        assert note.endswith("Closed API would draw level.")


def test_every_other_option_has_its_reason(engine: Engine) -> None:
    made = decide(engine)
    block = why_not_block(engine, made)
    assert made.verdict.option is not None
    others = [option for option in OPTIONS if option is not made.verdict.option]
    assert [row.name for row in block.rows] == [engine.rulebook.options[o].name for o in others]
    for option, row in zip(others, block.rows, strict=True):
        is_out = made.result(option).feasible is False
        assert row.reason.startswith("Ruled out by") is is_out
        assert bool(row.would_qualify) is is_out


def test_the_first_open_answer_is_worth_finding_out_only_if_it_can_change_the_lead(
    engine: Engine,
) -> None:
    for share, first in ((0.5, "Team"), (0.0, None)):
        asked = (AskFirst("team", share), AskFirst("traffic", 0.0))
        block = assumed_block(engine, replace(decide(engine), ask_first=asked))
        assert len(block.unsure) == 2
        found = block.find_out_first
        assert (found.name if found else None) == (
            engine.rulebook.by_key["team"].short if first else None
        )


def test_the_form_of_the_assumptions_hands_on_every_answer_but_them(engine: Engine) -> None:
    made = decide(engine, {**WHOLE, "retry": "0.1"})
    block = assumed_block(engine, made)
    assert "retry" not in dict(block.hidden_inputs)
    assert dict(block.hidden_inputs).keys() == WHOLE.keys()
    assert "retry" not in block.reset_url
    assert [row.key for row in block.rows if row.reset_url] == ["retry"]
    assert assumed_block(engine, decide(engine)).reset_url == ""


def test_the_amounts_say_which_answers_they_wait_for(engine: Engine) -> None:
    assert money_block(engine, decide(engine)).note == ""
    note = money_block(engine, decide(engine, STATES["open"][0])).note
    assert note.startswith("Not sure yet: ")
    assert engine.rulebook.by_key["volume"].short.lower() in note


def test_what_follows_is_that_of_the_recommended_option(engine: Engine) -> None:
    made = decide(engine)
    assert made.verdict.option is not None
    text = engine.rulebook.options[made.verdict.option]
    steps = after.steps(engine, made)
    assert steps is not None
    assert steps.trial == tuple(s.text for s in text.steps if s.kind is StepKind.TRIAL)
    assert steps.path_out == tuple(s.text for s in text.steps if s.kind is StepKind.PATH_OUT)
    assert steps.reverse == tuple(s.text for s in text.steps if s.kind is StepKind.REVERSE)
    assert after.risks(engine, made) == text.risks
    assert [block.name for block in after.checklists(engine, made)] == [
        engine.rulebook.by_key["rules"].by_key[key].label for key in ("gdpr", "hipaa")
    ]


def test_nothing_follows_where_nothing_is_recommended(engine: Engine) -> None:
    made = decide(engine, STATES["none"][0])
    assert after.steps(engine, made) is None
    assert after.risks(engine, made) == ()


@pytest.mark.parametrize(
    ("states", "complete", "line"),
    [
        (1, True, "All answers that matter are known: one state was scored."),
        (12, True, "Every combination of the answers that are still open was scored."),
        (4096, False, "4,096 balanced samples of the open answers were scored"),
    ],
)
def test_the_proof_says_how_much_was_scored(
    engine: Engine, states: int, complete: bool, line: str
) -> None:
    made = replace(decide(engine), states=states, complete=complete)
    assert proof_block(engine, made).lines[-1].startswith(line)


def test_a_model_is_told_against_those_for_the_same_work(engine: Engine) -> None:
    made = decide(engine)
    block = models_block(engine, made)
    priced = [part for _, part in made.shortlist]
    assert [row.name for row in block.rows] == [part.candidate.name for part in priced]
    roles = dict.fromkeys(part.role for part in priced)
    for role in roles:
        told = [
            (part, row) for part, row in zip(priced, block.rows, strict=True) if part.role is role
        ]
        (first, row), *others = told
        word = "The cheapest" if role is Role.REST else "Worth most"
        assert row.why.startswith(f"{word} of the ")
        for part, other in others:
            more = part.monthly_usd - first.monthly_usd
            word = "more" if more > 0 else "less"
            against = f"{usd(abs(more))} {word} than" if round(more, 6) else "as much as"
            assert f"{against} {first.candidate.name}." in other.why
    assert block.rows[0].status == "Current"


def test_nothing_is_listed_before_an_option_is_recommended(engine: Engine) -> None:
    block = models_block(engine, replace(decide(engine), shortlist=()))
    assert (block.rows, block.note) == ((), "")
