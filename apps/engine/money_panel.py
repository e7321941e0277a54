"""The panel of the money: five options side by side, on the cost page and in a recommendation."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.common.format import (
    about,
    count,
    day,
    mean,
    number,
    requests,
    share,
    tokens,
    usd,
    usd_band,
    usd_tick,
)
from apps.decision.answers import Answers
from apps.decision.decide import Decision
from apps.engine import sentences
from apps.engine.contexts import CurveRow, MoneyRow, Panel
from apps.engine.engine import Engine
from apps.engine.labels import MOVES, ROLES, lack, override_text
from apps.money.break_even import Reason
from apps.money.hosting import WRITE_OFF_MONTHS, Grade
from apps.money.needs import HostNeeds, Needs, RestAt
from apps.money.offers import missing
from apps.money.options import OPTIONS, Option
from apps.money.outlook.comparable import alike, cheapest
from apps.money.outlook.curve import Crossing, Point, crossings, curve
from apps.money.outlook.report import Report
from apps.money.priced import OnApi, OnGpus, OptionPrice
from apps.money.pricing import Pricer
from apps.money.purchase import Purchase, purchase
from apps.money.suitability import Lack, LackKind
from apps.money.workload import DAYS_PER_MONTH
from apps.plots import Curve, CurvePoint, LogPlot, Mark, log_plot

_REST_AT = {
    RestAt.HOSTED: "hosted",
    RestAt.RENTED: "on rented GPUs",
    RestAt.OWNED: "on your own GPUs",
}
# Tells the three open options apart without colour.
_STYLES = {Option.SELF_CLOUD: 1, Option.SELF_ONPREM: 2}


@dataclass(frozen=True, slots=True)
class Shown:
    """An option as the panel shows it; `low` and `high` may span more than one workload."""

    price: OptionPrice
    low: float
    high: float
    ruled_out: str
    is_marked: bool
    score: float | None = None

    @property
    def option(self) -> Option:
        """The option."""
        return self.price.option


def of_report(engine: Engine, answers: Answers, found: Report, out: Mapping[Option, str]) -> Panel:
    """Return the panel of the cost page: the cheapest option that is left is marked."""
    shown = [
        Shown(
            price, price.low, price.high, out.get(price.option, ""), price.option is found.cheapest
        )
        for price in found.prices
    ]
    return _panel(engine, answers, found.needs, shown, found.curve, found.crossings, "Cheapest")


def of_decision(engine: Engine, decision: Decision) -> Panel:
    """Return the panel of a recommendation, whose picture is laid out once and kept beside it."""
    key = ("panel", decision.answers.canonical(engine.rulebook))
    return engine.kept(key, lambda: _of_decision(engine, decision))


def _of_decision(engine: Engine, decision: Decision) -> Panel:
    """Return the panel: the bands span every workload still possible."""
    needs = decision.needs
    pricer: Pricer = engine.pricer(decision.answers)
    shown = [
        Shown(
            result.price,
            result.low,
            result.high,
            f"Ruled out by {sentences.ruled_out(engine.rulebook, result.ruled_out_by)}"
            if result.feasible is False
            else "",
            result.option is decision.verdict.option,
            result.score,
        )
        for result in decision.options
    ]
    drawn, even = curve(pricer, needs), crossings(pricer, needs)
    return _panel(engine, decision.answers, needs, shown, drawn, even, "Recommended")


def _panel(
    engine: Engine,
    answers: Answers,
    needs: Needs,
    shown: Sequence[Shown],
    drawn: Sequence[Point],
    even: Sequence[Crossing],
    winner_word: str,
) -> Panel:
    return Panel(
        workload=workload(engine, answers, needs),
        compared=compared(needs),
        gaps=_gaps(engine, shown),
        rows=_rows(engine, shown, needs.ask.hosts),
        winner_word=winner_word,
        scored=any(one.score is not None for one in shown),
        picked=_picked(engine, answers),
        notes=_notes(engine, answers, needs, shown),
        gpus=tuple(
            gpu_sentence(engine, one.option, part) for one in shown for part in one.price.on_gpus
        ),
        purchase=tuple(line for one in shown for line in purchase_sentence(engine, answers, one)),
        curve_sentence=_curve_sentence(engine, shown, drawn),
        curve_plot=_plot(engine, needs, shown, drawn, even),
        curve_names=tuple(sentences.short(engine.rulebook, option) for option in OPTIONS),
        curve=tuple(
            CurveRow(
                point.volume,
                point.volume == needs.volume,
                tuple((price.low, price.expected, price.high) for price in point.prices),
            )
            for point in drawn
        ),
        break_evens=_break_evens(engine, shown, even),
        data_date=engine.market.as_of,
    )


def workload(engine: Engine, answers: Answers, needs: Needs) -> str:
    """Return what is priced, as a clause."""
    peak = engine.pricer(answers).peak(needs)
    return (
        f"{requests(needs.volume)} a day of {mean(needs.size.tokens_in)} tokens in and "
        f"{mean(needs.size.tokens_out)} out, {peak:g} times the mean in the busiest hour"
    )


def compared(needs: Needs) -> str:
    """Return by what the model of each option is chosen."""
    if needs.least_eci is not None:
        return (
            "Like with like: every option is priced with the cheapest suitable current model of "
            f"ECI {needs.least_eci:.0f} or above; a hybrid with one for its hard part."
        )
    return (
        "Every option is priced with the suitable current model that is worth most for this work: "
        "capability against price, weighed as in the score."
    )


def _gaps(engine: Engine, shown: Sequence[Shown]) -> tuple[str, ...]:
    """Return where an option cannot be had as asked, or at all: there like is not alike."""
    found = []
    for one in shown:
        name = sentences.name(engine.rulebook, one.option)
        if not one.price.parts:
            found.append(
                f"{name}: the catalog has no model that can be priced; the cost is unknown."
            )
        for part in one.price.parts:
            missing = sentences.listed([lack(each) for each in part.lacks])
            if missing:
                found.append(f"{name}, not alike: {part.candidate.name} is the nearest; {missing}.")
    return tuple(found)


def _rows(engine: Engine, shown: Sequence[Shown], hosts: HostNeeds) -> tuple[MoneyRow, ...]:
    """Return the five rows; their bars share one logarithmic scale."""
    known = [one for one in shown if math.isfinite(one.price.expected)]
    least = min((one.low for one in known), default=1.0)
    most = max((one.high for one in known), default=10.0)
    return tuple(_row(engine, one, least, most, hosts) for one in shown)


def _row(engine: Engine, one: Shown, least: float, most: float, hosts: HostNeeds) -> MoneyRow:
    expected = one.price.expected
    start, middle, end = (_place(v, least, most) for v in (one.low, expected, one.high))
    return MoneyRow(
        name=sentences.name(engine.rulebook, one.option),
        group=one.option.group.value,
        is_winner=one.is_marked,
        ruled_out=one.ruled_out,
        low=one.low,
        expected=expected,
        high=one.high,
        bills=one.price.bills_usd,
        people=one.price.people_usd,
        start=start,
        middle=middle,
        end=end,
        models=sentences.listed(
            [f"{part.candidate.name}{ROLES[part.role].behind}" for part in one.price.parts]
        ),
        hosts=tuple(host_sentence(part, hosts) for part in one.price.on_api),
        score=one.score,
    )


def host_sentence(part: OnApi, asked: HostNeeds) -> str:
    """Return where a model is bought: the host that is priced, of how many, and their range."""
    hosted, month = part.hosted, part.volume * DAYS_PER_MONTH
    name = hosted.offer.host.name
    country = f" ({hosted.offer.host.country})" if hosted.offer.host.country else ""
    told = f"{part.candidate.name} at {name}{country}"
    if hosted.hosts > 1:
        span = usd_band(hosted.low_usd * month, hosted.high_usd * month)
        told += f", the median of {count(hosted.hosts)} hosts that count: {span} a month"
    elif not any(lack.kind is LackKind.HOST for lack in part.lacks):
        told += ", the only host that counts"
    lacking = missing(hosted.cheapest.facts, asked)
    if not lacking or hosted.cheapest_usd >= hosted.low_usd:
        return f"{told}."
    why = lack(Lack(LackKind.HOST, " or ".join(sorted(lacking[0])), None))
    return (
        f"{told}. Cheapest of all, but it does not count: {hosted.cheapest.host.name}, "
        f"{usd(hosted.cheapest_usd * month)} a month ({why.removeprefix('at its host ')})."
    )


def purchase_sentence(engine: Engine, answers: Answers, one: Shown) -> tuple[str, ...]:
    """Return what own hardware is to buy: capital, power, waiting and write-off."""
    if one.option is not Option.SELF_ONPREM:
        return ()
    assumed = engine.pricer(answers).assumptions
    return tuple(_to_buy(purchase(part, assumed)) for part in one.price.on_machines)


def _to_buy(found: Purchase) -> str:
    there = found.count - found.to_buy
    has = f" ({count(there)} are there already)" if there else ""
    told = [f"{count(found.count)} × {found.name}{has}"]
    if found.capital_usd is None:
        told.append("its price to buy is not known")
    else:
        told.append(
            f"{usd(found.capital_usd)} before the first day at {usd(found.each_usd)} each, "
            f"{usd(found.write_off_usd)} a month over {WRITE_OFF_MONTHS} months"
        )
    if found.power_kw is None:
        told.append("its power is not known")
    else:
        told.append(
            f"{number(found.power_kw)} kW at full power, {usd(found.power_usd)} of electricity a "
            "month"
        )
    waits = found.lead_time or "the time until it is delivered is not known"
    return f"{'; '.join(told)}; {waits}. Servers, racks and network are not in the price."


def _place(value: float, least: float, most: float) -> float:
    """Return where an amount lies on the logarithmic scale, 0 to 100."""
    if not math.isfinite(value) or most <= least or least <= 0:
        return 0.0
    return 100 * math.log(max(value, least) / least) / math.log(most / least)


def _picked(engine: Engine, answers: Answers) -> str:
    """Return what was picked instead of what is cheapest: it changes every amount."""
    texts = [override_text(engine.market, key, value) for key, value in answers.overrides.items()]
    return f"Picked, not computed: {'; '.join(texts)}." if texts else ""


def _notes(
    engine: Engine, answers: Answers, needs: Needs, shown: Sequence[Shown]
) -> tuple[str, ...]:
    people = [one.price.people_usd for one in shown if one.price.parts] or [0.0]
    pricer = engine.pricer(answers)
    found = [
        f"Each amount is bills and people together; people are {usd(min(people))} to "
        f"{usd(max(people))} of a month."
        if max(people)
        else _no_people(pricer),
        "An API is priced at the median of the hosts that count: who runs it is on record, it is "
        "paid by the token, its price was seen within 90 days or by two sources, it is no router, "
        "and it promises what your answers ask for.",
        f"{_kept_inside(pricer, needs)}{share(pricer.hard_share(needs))} of the requests to its "
        "closed model and the rest to the cheapest open model that does easier work nearly as well "
        f"as the best, {_REST_AT[needs.rest_at]}.",
        "Requests that are sent again are billed by an API; GPUs are sized for the requests alone, "
        "at the part of their peak speed that is assumed.",
        _reasoning(engine, answers, needs, shown),
        *_announced(shown),
    ]
    moved = dict.fromkeys(moves for one in shown for moves in one.price.moved_by)
    if moved:
        listed = sentences.listed([MOVES[moves] for moves in MOVES if moves in moved])
        found.append(
            f"The bands move {listed}, whichever an option pays for. The bars share one "
            "logarithmic scale: equal steps are equal factors."
        )
    return tuple(note for note in found if note)


def _kept_inside(pricer: Pricer, needs: Needs) -> str:
    """Return how the sentence on a hybrid's shares begins."""
    if not needs.keeps_inside:
        return "The hybrid sends "
    kept = share(pricer.assumptions.sensitive_share)
    return f"The hybrid keeps {kept} of the requests inside, hard or not. Of the others it sends "


def _no_people(pricer: Pricer) -> str:
    if pricer.assumptions.people:
        return "People are taken to cost nothing."
    return "People are left out of every amount."


def _reasoning(engine: Engine, answers: Answers, needs: Needs, shown: Sequence[Shown]) -> str:
    """Return how the tokens of reasoning are counted, and for which models that is not known."""
    priced = {p.candidate.slug: p.candidate for one in shown for p in one.price.parts}
    reasons = [c.name for c in priced.values() if c.reasons]
    unknown = [c.name for c in priced.values() if c.reasons is None]
    given = engine.pricer(answers).assumptions.reasoning
    times = needs.ask.reasoning if given is None else given
    said = []
    if reasons:
        counted = (
            "the tokens out are taken to include them"
            if times == 1
            else f"{times:g} tokens are billed for each one out"
        )
        word = "reasons" if len(reasons) == 1 else "reason"
        said.append(
            f"Tokens of reasoning are billed as output; {sentences.listed(reasons)} {word}, and "
            f"{counted}."
        )
    if unknown:
        added = "" if times == 1 else ": no tokens are added there, which can make it look cheaper"
        said.append(f"Whether {sentences.listed(unknown, 'or')} reasons is not known{added}.")
    return " ".join(said)


def _announced(shown: Sequence[Shown]) -> Iterator[str]:
    """Yield the price changes that are announced for what is priced here."""
    offers = {
        (part.candidate.name, part.offer.host.name): part.offer
        for one in shown
        for part in one.price.on_api
    }
    for (name, host), offer in offers.items():
        for from_day, price in offer.later:
            yield (
                f"Announced: from {day(from_day)} {name} at {host} costs {usd(price.input)} in and "
                f"{usd(price.output)} out a million tokens; now it is {usd(offer.price.input)} and "
                f"{usd(offer.price.output)}."
            )


def gpu_sentence(engine: Engine, option: Option, part: OnGpus) -> str:
    """Return the GPUs of a part with what of them is idle, in use and in money."""
    fleet = part.fleet
    speed = (
        "Speed measured." if part.grade is Grade.MEASURED else "Speed or memory estimated, ½ to 2×."
    )
    noun = "replica" if fleet.replicas == 1 else "replicas"
    return (
        f"{sentences.name(engine.rulebook, option)}: {part.candidate.name} on {count(fleet.gpus)} "
        f"{part.gpu.name}, {count(fleet.replicas)} {noun} of {count(fleet.gpus_per_replica)}, at "
        f"{usd(part.deployment.hourly)} an hour each. {share(fleet.utilisation)} of their time is "
        f"used: {usd(part.idle_usd)} of {usd(part.month.gpu_usd)} a month buys idle hours. {speed}"
    )


def _break_evens(
    engine: Engine, shown: Sequence[Shown], even: Sequence[Crossing]
) -> tuple[str, ...]:
    """Return each pair's sentence, and with it why a pair is no choice here."""
    among, out_of = _compared(shown), {one.option for one in shown if one.ruled_out}
    said = []
    for crossing in even:
        pair = (crossing.api, crossing.own)
        out = [sentences.name(engine.rulebook, o) for o in pair if o in out_of]
        unlike = "" if all(o in among for o in pair) else " Not like with like: see above."
        aside = f" Ruled out here: {sentences.listed(out)}." if out else unlike
        said.append(f"{break_even(engine, crossing)}{aside}")
    return tuple(said)


def break_even(engine: Engine, crossing: Crossing) -> str:
    """Return from which volume on one's own GPUs stay cheaper, or an honest never."""
    api, own = (sentences.name(engine.rulebook, o) for o in (crossing.api, crossing.own))
    found = crossing.found
    if found.reason is Reason.NEVER or found.volume is None:
        said = (
            f"{own} against {api}: never, at any volume. GPUs that are busy in every peak hour "
            f"serve a request for {usd(found.self_request_usd)}, the API for "
            f"{usd(found.api_request_usd)}."
        )
    elif found.reason is Reason.ALWAYS:
        said = f"{own} against {api}: cheaper from the first request on."
    else:
        said = (
            f"{own} against {api}: cheaper from about {about(found.volume)} requests a day on, "
            f"at {usd(crossing.usd)} a month for each."
        )
    return f"{said}{_within_bands(crossing)}"


def _within_bands(crossing: Crossing) -> str:
    """Return between which volumes the break-even lies at the ends of the bands."""
    first, last = (end.volume for end in crossing.ends)
    if first is None:
        return " That holds at both ends of the bands." if crossing.found.volume is None else ""
    if last is None:
        return (
            " Within the bands it cannot be told: with dear requests and cheap GPUs it is "
            f"{_from(first)}, the other way round never."
        )
    return f" Within the bands: {_from(first)} at one end, {_from(last)} at the other."


def _from(volume: float) -> str:
    return f"about {about(volume)} a day" if volume else "the first request"


def _compared(shown: Sequence[Shown]) -> tuple[Option, ...]:
    """Return the options that are left and alike: only these are called cheaper than others."""
    left = [one.option for one in shown if not one.ruled_out]
    return alike([one.price for one in shown], left)


def _curve_sentence(engine: Engine, shown: Sequence[Shown], drawn: Sequence[Point]) -> str:
    """Return what the picture shows: the range, and who is cheapest where."""
    left = _compared(shown)
    runs: list[tuple[float, Option]] = []
    for point in drawn:
        best = cheapest(point.prices, left)
        if best is not None and (not runs or runs[-1][1] is not best):
            runs.append((point.volume, best))
    if not runs:
        return "None of the options can be priced."
    first, last = drawn[0].volume, drawn[-1].volume
    span = (
        f"Cost a month from {about(first)} to {about(last)} requests a day, both axes logarithmic"
    )
    name = sentences.name(engine.rulebook, runs[0][1])
    if len(left) == 1:
        return f"{span}: {name} is the only option that is left to compare."
    told = [f"{name} is cheapest"]
    told += [
        f"from {about(volume)} on {sentences.name(engine.rulebook, option)}"
        for volume, option in runs[1:]
    ]
    told[0] += " throughout" if len(runs) == 1 else " first"
    return f"{span}: of the volumes that are drawn, {', '.join(told)}."


def _plot(
    engine: Engine,
    needs: Needs,
    shown: Sequence[Shown],
    drawn: Sequence[Point],
    even: Sequence[Crossing],
) -> LogPlot | None:
    curves = []
    for place, one in enumerate(shown):
        points = tuple(
            CurvePoint(
                point.volume,
                point.prices[place].low,
                point.prices[place].expected,
                point.prices[place].high,
            )
            for point in drawn
        )
        curves.append(
            Curve(
                sentences.short(engine.rulebook, one.option),
                one.option.group.value.lower(),
                _STYLES.get(one.option, 0),
                bool(one.ruled_out),
                points,
            )
        )
    first, last, among = drawn[0].volume, drawn[-1].volume, _compared(shown)
    marks = [
        Mark(crossing.found.volume, crossing.usd)
        for crossing in even
        if {crossing.api, crossing.own} <= set(among)
        and crossing.found.volume
        and crossing.usd
        and first <= crossing.found.volume <= last
    ]
    here = (needs.volume, f"{about(needs.volume)} a day")
    return log_plot(curves, here, marks, "Requests a day", "US dollars a month", tokens, usd_tick)
