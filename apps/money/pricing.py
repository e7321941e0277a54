"""What the five options cost for what a state of answers needs.

Each option is priced with the model that stands for it, and that model is recommended. A price is a
pure function of market, assumptions, scale and needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite, nan

import numpy as np

from apps.money.api import requests_usd
from apps.money.assumptions import Assumptions
from apps.money.break_even import BreakEven, Plan, break_even_of_best
from apps.money.cache import Cache
from apps.money.choice import Chooser, Chosen, Demand
from apps.money.hosting import Deployment, Grade, models_on_gpus
from apps.money.market import Candidate, Gpu, Market
from apps.money.needs import Needs, RequestSize
from apps.money.offers import HostedModel
from apps.money.options import OPTIONS, Option
from apps.money.people import base_fte, fte_usd, gpu_fte, stated_fte
from apps.money.priced import Moves, OnApi, OnGpus, OptionPrice, Priced
from apps.money.quotes import Quotes
from apps.money.suitability import index, may_be_picked
from apps.money.supply import Supply
from apps.money.ways import Way, Ways
from apps.money.work import REST_KINDS, SINGLE_KINDS, Kind, Role
from apps.money.workload import Workload
from apps.money.yardstick import Scale

# What a pricer remembers, all in all, and what the choice for one set of needs takes of it.
MOST_BYTES = 8_000_000
_CHOSEN_BYTES = 2_500
# What is remembered of the offers of a single model.
_BID_BYTES = 50_000
# People may be half or twice what is expected.
_BAND = 2.0


class Pricer:
    """Prices of one market under one set of assumptions, remembered as they are asked for."""

    def __init__(
        self,
        market: Market,
        assumptions: Assumptions,
        scale: Scale | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """Take the market, the assumptions and how dollars become points."""
        self.market, self.assumptions = market, assumptions
        self.scale = scale or Scale()
        setups = {
            Option.CLOSED_API: assumptions.setup_closed,
            Option.HOSTED_OPEN: assumptions.setup_hosted,
            Option.SELF_CLOUD: assumptions.setup,
            Option.SELF_ONPREM: assumptions.setup_onprem,
            Option.HYBRID: assumptions.setup_hybrid,
        }
        self._fte_usd = fte_usd(assumptions)
        self._setup = {option: months * self._fte_usd for option, months in setups.items()}
        self.best_eci = best_eci(market)
        self._supply = Supply(market, assumptions, most_bytes * 7 // 8)
        self._quotes = Quotes(assumptions, self._supply)
        self._chooser = Chooser(self._supply.ways, assumptions, self.scale, self.best_eci)
        self._chosen: Cache[Needs, Chosen] = Cache(most_bytes // 8, lambda *_: _CHOSEN_BYTES)

    def assumed(self, needs: Needs) -> Needs:
        """Return the needs with what the assumptions say instead of them."""
        said = self.assumptions
        peak = needs.peak if said.peak is None else said.peak
        share = needs.hard_share if said.hard_share is None else said.hard_share
        kept = said.sensitive_share if needs.keeps_inside else 0.0
        return replace(needs, peak=peak, hard_share=share, sensitive=kept)

    def peak(self, needs: Needs) -> float:
        """Return the busiest hour's rate over the mean one: the assumption, or what is needed."""
        return self.assumed(needs).peak

    def hard_share(self, needs: Needs) -> float:
        """Return the part of a hybrid's requests that its closed model gets."""
        return self.assumed(needs).hard_share

    def written(self, candidate: Candidate, needs: Needs) -> RequestSize:
        """Return the size of a request with the tokens that a model adds which reasons."""
        given = self.assumptions.reasoning
        return needs.size.written_by(candidate, needs.ask.reasoning if given is None else given)

    def billed(self, candidate: Candidate | None, needs: Needs) -> Workload:
        """Return requests as they are billed: a model that reasons writes more than its answer."""
        written = self.written(candidate, needs) if candidate else needs.size
        said = self.assumptions
        return Workload(
            volume=needs.volume,
            tokens_in=written.tokens_in,
            tokens_out=written.tokens_out,
            cached=said.cached,
            batch=said.batch,
            retry=said.retry,
            batch_discount=said.batch_discount,
        )

    def people_usd(self, option: Option, needs: Needs, gpus: int = 0) -> float:
        """Return the US dollars a month of the people of an option in one way, with its GPUs."""
        stated = stated_fte(self.assumptions, option)
        kind = SINGLE_KINDS[option]
        each = gpu_fte(self.assumptions, kind)
        computed = (base_fte(self.assumptions, kind) + each * gpus) * needs.staffing
        return (computed if stated is None else stated) * self._fte_usd

    def setup_usd(self, option: Option) -> float:
        """Return US dollars of the work before the first day, paid once."""
        return self._setup[option]

    def choose(self, demand: Demand) -> Chosen:
        """Return what stands for each option in each of many states.

        What is assumed of peak, hard and sensitive share takes the place of what the states say.
        """
        said, count = self.assumptions, demand.volume.size
        return self._chooser.choose(
            replace(
                demand,
                sensitive=np.where(demand.keeps_inside, said.sensitive_share, 0.0),
                peak=demand.peak if said.peak is None else np.full(count, said.peak),
                hard_share=demand.hard_share
                if said.hard_share is None
                else np.full(count, said.hard_share),
            )
        )

    def _choice(self, needs: Needs) -> Chosen:
        return self._chosen.get(needs, lambda: self._chooser.choose(Demand.of(needs)))

    def expected(self, needs: Needs) -> tuple[float, ...]:
        """Return US dollars a month in the order of OPTIONS; NaN where nothing can be priced."""
        return tuple(self._choice(self.assumed(needs)).usd[0].tolist())

    def detail(self, needs: Needs) -> tuple[OptionPrice, ...]:
        """Return the same amounts in the same order, with bands and models."""
        assumed = self.assumed(needs)
        chosen = self._choice(assumed)
        return tuple(self._option(option, assumed, chosen) for option in OPTIONS)

    def _option(self, option: Option, needs: Needs, chosen: Chosen) -> OptionPrice:
        place = OPTIONS.index(option)
        expected = float(chosen.usd[0, place])
        if not isfinite(expected):
            return OptionPrice(option, nan, nan, nan, nan, nan, nan, (), ())
        parts = tuple(self._parts(option, needs, chosen))
        fte = self._fte(option, needs, chosen, parts)
        people_usd = fte * self._fte_usd
        moved = dict.fromkeys(moves for part in parts for moves in part.moved_by)
        if people_usd:
            moved[Moves.PEOPLE] = None
        return OptionPrice(
            option=option,
            low=sum((part.low_usd for part in parts), people_usd / _BAND),
            expected=sum((part.monthly_usd for part in parts), people_usd),
            high=sum((part.high_usd for part in parts), people_usd * _BAND),
            people_usd=people_usd,
            fte=fte,
            ratio=float(chosen.ratio[0, place]),
            parts=parts,
            moved_by=tuple(moved),
        )

    def _parts(self, option: Option, needs: Needs, chosen: Chosen) -> Iterator[Priced]:
        place, volume = OPTIONS.index(option), needs.volume
        kind = SINGLE_KINDS.get(option)
        if kind is not None:
            way = self._way(kind, needs, int(chosen.picked[0, place]))
            yield self._quotes.priced(way, kind, Role.ALL, volume, needs)
            return
        outside = volume * (1 - needs.sensitive)
        closed = self._way(Kind.CLOSED, needs, int(chosen.picked[0, place]))
        hard = outside * needs.hard_share
        yield self._quotes.priced(closed, Kind.CLOSED, Role.HARD, hard, needs)
        easy = outside * (1 - needs.hard_share)
        yield from self._rest(needs, chosen, easy)

    def _rest(self, needs: Needs, chosen: Chosen, easy: float) -> Iterator[Priced]:
        kind, rest = REST_KINDS[needs.rest_at], chosen.rest
        picked, inside = int(rest.picked[0]), int(rest.inside[0])
        if inside < 0:
            yield self._quotes.priced(self._way(kind, needs, picked), kind, Role.REST, easy, needs)
            return
        kept, way = needs.volume * needs.sensitive, self._way(kind, needs, inside)
        if rest.rest_inside[0]:
            yield self._quotes.priced(way, kind, Role.INSIDE, kept + easy, needs)
            return
        host = self._way(Kind.HOSTED, needs, picked)
        yield self._quotes.priced(host, Kind.HOSTED, Role.REST, easy, needs)
        yield self._quotes.priced(way, kind, Role.INSIDE, kept, needs)

    def _way(self, kind: Kind, needs: Needs, place: int) -> Way:
        ways = self._ways(kind, needs)
        return ways.way(place)

    def _ways(self, kind: Kind, needs: Needs) -> Ways:
        found = self._supply.ways(kind, needs.ask)
        if found is None:
            raise LookupError(f"nothing does {kind} for {needs.ask}")
        return found

    def _fte(
        self, option: Option, needs: Needs, chosen: Chosen, parts: tuple[Priced, ...]
    ) -> float:
        stated = stated_fte(self.assumptions, option)
        if stated is not None:
            return stated
        kind = SINGLE_KINDS.get(option)
        if kind is None:
            return float(chosen.rest.fte[0]) * needs.staffing
        ways = self._ways(kind, needs)
        base = float(ways.numbers.base_fte[int(chosen.picked[0, OPTIONS.index(option)])])
        gpus = sum(part.fleet.gpus for part in parts if isinstance(part, OnGpus))
        return (base + gpu_fte(self.assumptions, kind) * gpus) * needs.staffing

    def alternatives(self, needs: Needs, option: Option, count: int = 3) -> tuple[Priced, ...]:
        """Return the models that are worth most for an option, each once, the standing one first.

        Of a hybrid: the models of its open part, the cheapest that are good enough first. Empty
        where nothing can be priced.
        """
        assumed = self.assumed(needs)
        chosen = self._choice(assumed)
        standing = self._option(option, assumed, chosen)
        if not standing.parts:
            return ()
        first = standing.parts[-1]
        kind = SINGLE_KINDS.get(option) or self._kind_of(first, assumed)
        ways = self._ways(kind, assumed).every()
        demand = Demand.of(assumed)
        places = self._chooser.ranked(demand, chosen, option, ways, kind, first.volume)
        found = {first.candidate.slug: first}
        for place in places:
            if len(found) >= count:
                break
            way = ways.way(place)
            if way.candidate.slug not in found:
                found[way.candidate.slug] = self._quotes.priced(
                    way, kind, first.role, first.volume, assumed
                )
        return tuple(found.values())[:count]

    def _kind_of(self, part: Priced, needs: Needs) -> Kind:
        if isinstance(part, OnApi):
            return Kind.HOSTED
        return REST_KINDS[needs.rest_at]

    def on_each_gpu(self, needs: Needs, option: Option) -> tuple[tuple[Gpu, OnGpus | None], ...]:
        """Return the model that an option runs itself on each GPU of the market.

        On each at its cheapest; None where it does not fit, was not measured or has no price.
        Empty for an option that runs nothing on GPUs.
        """
        assumed = self.assumed(needs)
        parts = self._option(option, assumed, self._choice(assumed)).on_gpus
        if not parts:
            return ()
        part, kind = parts[-1], SINGLE_KINDS.get(option) or REST_KINDS[assumed.rest_at]
        by_gpu = {
            model.gpu.slug: self._quotes.cheapest(model, kind, part.volume, assumed)
            for model in models_on_gpus(self.market, part.candidate)
        }
        return tuple(
            (gpu, self._quotes.on_gpus(found, kind, part.role, part.volume, assumed))
            if (found := by_gpu.get(gpu.slug)) is not None
            else (gpu, None)
            for gpu in self.market.gpus
        )

    def bid(self, candidate: Candidate, needs: Needs) -> HostedModel | None:
        """Return one model as its hosts list it: at those that count, else at the nearest.

        None where nobody states a price. A model of one's own is on no list: its base is priced.
        """
        kind = Kind.HOSTED if candidate.is_open else Kind.CLOSED
        alone = replace(self.market, candidates=(candidate,))
        ways = Supply(alone, self.assumptions, _BID_BYTES).ways(
            kind, replace(needs.ask, tuned=False)
        )
        way = ways.way(0) if ways else None
        return way if isinstance(way, HostedModel) else None

    def rented(self, slug: str, needs: Needs) -> Deployment | None:
        """Return the cheapest way to run one model on rented GPUs; None where there is none.

        An estimated speed stands for none that is measured within its band (method, section 6).
        """
        assumed = self.assumed(needs)
        cheapest = [
            one
            for model in self._supply.machines.on_gpus(slug)
            if (one := self._quotes.cheapest(model, Kind.RENTED, assumed.volume, assumed))
        ]
        rate = self._quotes.busiest(assumed.volume, assumed)
        months = sorted(
            ((self._quotes.month_usd(one, rate), one.order, one) for one in cheapest),
            key=lambda row: row[:2],
        )
        within = [one for usd, _, one in months if usd <= _BAND * months[0][0]]
        measured = (one for one in within if one.model.grade is Grade.MEASURED)
        return next(measured, within[0] if within else None)

    def break_even(
        self, needs: Needs, api: Option = Option.CLOSED_API, own: Option = Option.SELF_CLOUD
    ) -> BreakEven | None:
        """Return the requests a day from which self-hosting stays cheaper than an API.

        `own` is one of the two self-hosted options, `api` one of the two on an API; on both sides
        stands the model that is priced today, at each volume on the GPUs that are cheapest there.
        None where either cannot be priced by the request and by the GPU.
        """
        sides = self._sides(needs, api, own)
        if sides is None:
            return None
        return self._break_even(sides, sides.hosted.request_usd, 1.0)

    def break_even_range(
        self, needs: Needs, api: Option = Option.CLOSED_API, own: Option = Option.SELF_CLOUD
    ) -> tuple[BreakEven, BreakEven] | None:
        """Return the break-evens at both ends of the bands, that of a dear API first.

        The API at the high end of its band meets one's own GPUs at the low end of theirs, then the
        other way round.
        """
        sides = self._sides(needs, api, own)
        if sides is None:
            return None
        hosted = sides.hosted
        return (
            self._break_even(sides, max(hosted.high_usd, hosted.request_usd * _BAND), _BAND),
            self._break_even(sides, min(hosted.low_usd, hosted.request_usd / _BAND), 1 / _BAND),
        )

    def _sides(self, needs: Needs, api: Option, own: Option) -> "_Sides | None":
        assumed = self.assumed(needs)
        chosen = self._choice(assumed)
        bought, run = (self._option(option, assumed, chosen) for option in (api, own))
        if not bought.on_api or not run.on_gpus:
            return None
        return _Sides(assumed, SINGLE_KINDS[own], bought, run)

    def _break_even(self, sides: "_Sides", request_usd: float, dearer: float) -> BreakEven:
        """Return the break-even at a price of a request on the API.

        There people cost so many times what is expected; on one's own side all is as much cheaper.
        """
        gpu_usd = 0.0
        if stated_fte(self.assumptions, sides.run.option) is None:
            each = gpu_fte(self.assumptions, sides.kind) * sides.needs.staffing
            gpu_usd = each * self._fte_usd
        fixed_usd = sides.run.people_usd - gpu_usd * sides.gpus
        return break_even_of_best(
            request_usd,
            sides.bought.people_usd * dearer + sides.training_usd,
            self._plans(sides, dearer, gpu_usd / dearer),
            max(0.0, fixed_usd / dearer),
        )

    def _plans(self, sides: "_Sides", dearer: float, gpu_people_usd: float) -> list[Plan]:
        """Return the ways to run the model that stands, so many times cheaper than expected."""
        machines, needs = self._supply.machines, sides.needs
        return [
            Plan(
                one.serving(self.assumptions, needs.peak, self.assumptions.spare),
                one.hourly / dearer,
                one.infra,
                gpu_people_usd,
            )
            for model in machines.on_gpus(sides.run.on_gpus[0].candidate.slug)
            for one in machines.deployments(
                model,
                sides.kind,
                needs.ask,
                1 / dearer if model.grade is Grade.ESTIMATED else 1.0,
            )
        ]


@dataclass(frozen=True, slots=True)
class _Sides:
    """An option on an API and one on GPUs of the given kind, as they stand for the same needs."""

    needs: Needs
    kind: Kind
    bought: OptionPrice
    run: OptionPrice

    @property
    def hosted(self) -> HostedModel:
        """The model on the API."""
        return self.bought.on_api[0].hosted

    @property
    def training_usd(self) -> float:
        """US dollars a month of the API that do not go with its requests."""
        part = self.bought.on_api[0]
        return max(0.0, part.monthly_usd - requests_usd(part.volume, part.request_usd))

    @property
    def gpus(self) -> int:
        """GPUs that run today."""
        return sum(part.fleet.gpus for part in self.run.on_gpus)


def best_eci(market: Market) -> float:
    """Return the index of the best model that may be picked on the market's day."""
    return max((index(c) for c in market.candidates if may_be_picked(c)), default=0.0)
