"""Sentences that the page and the JSON share: each says what the decision computed, no more."""

from collections.abc import Mapping

from apps.common.format import about, count, mean, points, share, usd
from apps.decision import flow
from apps.decision.answers import Answers
from apps.decision.decide import Comparison, Consequence, Decision, Line, OptionResult, Part
from apps.decision.deciding_answers import Deciding, Turn
from apps.decision.flips import Alternative
from apps.decision.rulebook import QuestionKind, Rulebook
from apps.decision.uncertainty import Condition, Strength
from apps.decision.verdict import Verdict
from apps.decision.vocabulary import UNSURE, Criterion
from apps.money.options import Group, Option

_STRENGTH_WORDS = {
    Strength.ROBUST: "robust",
    Strength.LIKELY: "likely",
    Strength.LEANING: "leaning",
}


def name(rulebook: Rulebook, option: Option) -> str:
    """Return what the pages call an option."""
    return rulebook.options[option].name


def headline(rulebook: Rulebook, option: Option) -> str:
    """Return the group, always with the option: 'Open: hosted for you', 'Closed API'."""
    text = rulebook.options[option]
    return f"Open: {text.headline}" if option.group is Group.OPEN else text.name


def short(rulebook: Rulebook, option: Option) -> str:
    """Return what an option is called where room is short: 'Hosted for you', 'Closed API'."""
    text = rulebook.options[option]
    if option.group is not Group.OPEN:
        return text.name
    return f"{text.headline[:1].upper()}{text.headline[1:]}"


def listed(parts: list[str], word: str = "and") -> str:
    """Join words as a sentence does."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def joined(phrases: list[str], word: str = "and") -> str:
    """Join clauses, saying only once the words that all of them begin with.

    'your data may go to any vendor or to a vendor …' and not 'your data … or your data …'.
    """
    words = [text.split(" ") for text in phrases]
    shared = 0
    for column in zip(*words, strict=False):
        if len(set(column)) > 1:
            break
        shared += 1
    # One word in common is an accident, and a clause must keep some of its own.
    if len(phrases) < 2 or shared < 2 or any(len(one) == shared for one in words):
        return listed(phrases, word)
    rest = listed([" ".join(one[shared:]) for one in words], word)
    return f"{' '.join(words[0][:shared])} {rest}"


def wins(number: float) -> str:
    """Return in how many combinations something wins: 'all', '59% of the', 'none of the'."""
    if number >= 1:
        return "all"
    return f"{share(number)} of the" if number > 0 else "none of the"


def phrase(rulebook: Rulebook, key: str, answer: str) -> str:
    """Return an answer as a clause that can follow 'because' or 'if'."""
    question = rulebook.by_key[key]
    if question.kind is QuestionKind.NUMBER:
        return f"there are {mean(float(answer))} requests a day"
    choice = question.by_key[answer]
    return choice.phrase or f"{question.short} is “{choice.label}”"


def label(rulebook: Rulebook, key: str, answer: str) -> str:
    """Return an answer as it stands on the question page."""
    question = rulebook.by_key[key]
    if answer == UNSURE:
        return "Not sure"
    if question.kind is QuestionKind.NUMBER:
        return f"{mean(float(answer))} a day"
    return question.by_key[answer].label


def verdict_sentence(rulebook: Rulebook, decision: Decision) -> str:
    """Return the verdict with its strength: 'Hybrid, narrowly'."""
    verdict = decision.verdict
    if verdict.strength is Strength.CONFLICT:
        return "No option meets all of these answers"
    if verdict.strength is Strength.SPLIT:
        keys = {key: None for part in decision.parts for key, _ in part.condition}
        shorts = [f"the {rulebook.by_key[key].short.lower()}" for key in keys]
        return f"It depends on {listed(shorts)}"
    if verdict.option is None:
        return "No recommendation yet"
    lead = headline(rulebook, verdict.option)
    if decision.why is None:
        return f"{lead}, the only option left"
    return f"{lead}, {strength(rulebook, decision)}"


def strength(rulebook: Rulebook, decision: Decision) -> str:
    """Return how sure a verdict is, in words: the one place that decides it.

    Limits are compared with what is shown, after rounding.
    """
    verdict, limits = decision.verdict, rulebook.thresholds
    if verdict.option is None or decision.why is None:
        return ""
    if decision.states > 1:
        return _STRENGTH_WORDS[verdict.strength]
    lead = round(decision.why.difference, 1)
    if lead < limits.close_call:
        return "but too close to call"
    return "clearly" if lead >= limits.clear else "narrowly"


def verdict_detail(rulebook: Rulebook, decision: Decision) -> str:
    """Return how sure the verdict is, and how near the next option comes."""
    verdict = decision.verdict
    if verdict.strength is Strength.CONFLICT:
        return "Each option is ruled out by at least one answer. One of them has to give."
    if verdict.strength is Strength.SPLIT:
        return (
            "A must-have is not known, and it is never averaged over: each possibility is "
            "decided apart."
        )
    if verdict.option is not None and decision.why is None:
        return "Every other option is ruled out by a must-have."
    if decision.states > 1 or decision.why is None:
        return _share_detail(rulebook, decision)
    why = decision.why
    gap = (
        f"{name(rulebook, why.option)} scores {points(decision.result(why.option).score)} of 100, "
        f"{name(rulebook, why.other)} comes next with {points(decision.result(why.other).score)}."
    )
    if round(why.difference, 9) == 0:
        return f"{gap} Equal scores go to the option that is easier to undo."
    if round(why.difference, 1) < rulebook.thresholds.close_call:
        limit = f"{rulebook.thresholds.close_call:g}"
        return f"{gap} A lead under {limit} points is within what the judgements can carry."
    return gap


def _share_detail(rulebook: Rulebook, decision: Decision) -> str:
    verdict, leader = decision.verdict, decision.verdict.leading
    if leader is None:
        return ""
    word = "" if decision.complete else "sampled "
    part = "all" if verdict.share == 1 else f"{share(verdict.share)} of"
    sentence = (
        f"{leader.group.value} wins in {part} {count(decision.states)} {word}combinations of the "
        "answers that are still open."
    )
    if verdict.option is None:
        limit = share(rulebook.thresholds.leaning)
        return f"{sentence} Under {limit} nothing is recommended; answer a little more."
    if decision.why is not None:
        result = decision.result(verdict.option)
        other = decision.result(decision.why.other)
        sentence += (
            f" On average {name(rulebook, verdict.option)} scores {points(result.score)} of 100, "
            f"{name(rulebook, other.option)} {points(other.score)}"
        )
        sentence += f"{_where_possible(decision, other)}."
    return sentence


def _where_possible(decision: Decision, other: OptionResult) -> str:
    """Say why an option that scores more does not win: it is not always possible."""
    if other.feasible is None and decision.why is not None and decision.why.difference < 0:
        return ", but a must-have that is not known rules it out in some of them"
    return ""


def condition(rulebook: Rulebook, parts: Condition) -> str:
    """Return the answers to must-haves that are decided together: 'If your data …'."""
    clauses = [
        joined([phrase(rulebook, key, answer) for answer in answers], "or")
        for key, answers in parts
    ]
    return "If " + ", and ".join(clauses) if clauses else "Otherwise"


def part_detail(part: Part) -> str:
    """Return how often what a part leads to wins there."""
    if part.group is None:
        return "Every option is ruled out by a must-have."
    if part.share >= 1:
        return f"{part.group.value} wins whatever the other answers are."
    return f"{part.group.value} wins in {share(part.share)} of the combinations that are then left."


def reason(rulebook: Rulebook, decision: Decision, why: Comparison, line: Line) -> str:
    """Return one line of a comparison as a sentence."""
    criterion = rulebook.criteria[line.criterion]
    ahead, behind = why.option, why.other
    value, other = line.value, line.other_value
    if line.value < line.other_value:
        ahead, behind, value, other = behind, ahead, other, value
    if round(value, 1) == round(other, 1):
        return f"No difference between them: both {points(value)} of 100."
    sentence = (
        f"{name(rulebook, ahead)} {criterion.better}: {points(value)} of 100 against "
        f"{points(other)}"
    )
    if line.criterion is Criterion.COST:
        first, second = decision.result(ahead).price, decision.result(behind).price
        sentence += f" ({usd(first.expected)} a month against {usd(second.expected)})"
    because = _because(rulebook, decision.answers, line.criterion)
    weight = f"; it carries {share(line.weight)} of the weight"
    return f"{sentence}{weight}{because}."


def _because(rulebook: Rulebook, answers: Answers, criterion: Criterion) -> str:
    """Return the answer that makes a criterion count most, as a clause."""
    weighed = [
        (choice.points[criterion], question.key, choice.key)
        for question in rulebook.questions
        if (choice := question.by_key.get(answers.get(question.key)))
        and choice.points.get(criterion, 0) > 0
    ]
    if not weighed:
        return ""
    most = max(weighed, key=lambda entry: entry[0])
    return f", because {phrase(rulebook, most[1], most[2])}"


def deciding(rulebook: Rulebook, lead: Option, found: Deciding) -> str:
    """Return what rests on an answer: what it rules out, or by how much it helps the winner."""
    if found.turn is not None and not found.rules_out and not found.saves_from:
        return _turn(rulebook, found.question, found.turn)
    if found.rules_out:
        return f"rules out {listed([name(rulebook, option) for option in found.rules_out])}"
    if found.saves_from:
        others = [f"“{label(rulebook, found.question, key)}”" for key in found.saves_from]
        return f"with {listed(others, 'or')} {name(rulebook, lead)} would be ruled out"
    return (
        f"{name(rulebook, lead)} leads by {points(found.points)} points more than with the other "
        "answers to this question, on average"
    )


def _turn(rulebook: Rulebook, question: str, turn: Turn) -> str:
    """Return under which other answer another group would win."""
    then = (
        f"{headline(rulebook, turn.option)} would win" if turn.option else "nothing would be clear"
    )
    if turn.volume is not None:
        return f"at about {about(turn.volume)} requests a day {then}"
    return f"with “{label(rulebook, question, turn.answer)}” {then}"


def consequence(rulebook: Rulebook, decision: Decision, found: Consequence) -> str:
    """Return what the recommended option asks of the team, beside the verdict."""
    option = decision.verdict.option
    if option is None:
        return ""
    criterion = rulebook.criteria[found.criterion]
    told = (
        f"{name(rulebook, option)} does badly at {criterion.name.lower()}, "
        f"{points(found.value)} of 100, which carries {share(found.weight)} of the weight"
    )
    fte = decision.result(option).price.fte
    if found.criterion is Criterion.OPERATIONS and fte:
        told += f": it takes about {mean(round(fte, 1))} full-time people"
    return f"{told}."


def flip_condition(rulebook: Rulebook, alternative: Alternative) -> str:
    """Return a change as a condition."""
    clauses = [phrase(rulebook, c.question, c.after) for c in alternative.changes]
    return f"If {listed(clauses)}"


def outcome(rulebook: Rulebook, verdict: Verdict) -> str:
    """Return a verdict in a few words."""
    if verdict.option is not None:
        return headline(rulebook, verdict.option)
    words = {
        Strength.SPLIT: "It depends on a must-have that is not known",
        Strength.CONFLICT: "No option is left",
    }
    return words.get(verdict.strength, "No recommendation: too much is open")


def ruled_out(rulebook: Rulebook, answers: tuple[tuple[str, str], ...]) -> str:
    """Return the answers that rule an option out, as a clause."""
    return listed([f"“{label(rulebook, key, answer)}”" for key, answer in answers])


def reasons_ruled_out(rulebook: Rulebook, answers: Answers) -> Mapping[Option, str]:
    """Return for each option that is ruled out for certain the first answers that do it."""
    found: dict[Option, str] = {}
    for question, key, veto in flow.vetoes(rulebook, answers):
        both = ((question.key, key), *((veto.only_if,) if veto.only_if else ()))
        found.setdefault(veto.option, ruled_out(rulebook, both))
    return found
