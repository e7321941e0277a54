"""Which model stands for each option, and what its month then costs: method, section 4.

model(o) is the suitable model with the largest s_capability·v_capability + s_cost·v_cost, so that
at one price the better model stands, and the model that is valued is the one that is priced. Many
states are chosen for at once; one state is a batch of one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from apps.money.arrays import Bools, Floats, Ints
from apps.money.assumptions import Assumptions
from apps.money.needs import Ask, Needs, RestAt
from apps.money.options import OPTIONS, Option
from apps.money.people import fte_usd, stated_fte
from apps.money.ways import Menu, Numbers, Ways, bills_usd, people, replicas
from apps.money.work import REST_KINDS, SINGLE_KINDS, Kind
from apps.money.workload import SECONDS_PER_DAY
from apps.money.yardstick import Scale, Yardstick, worth_most

_CLOSED, _HYBRID = OPTIONS.index(Option.CLOSED_API), OPTIONS.index(Option.HYBRID)
_INSIDE = {RestAt.RENTED: Kind.RENTED, RestAt.OWNED: Kind.OWNED}


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """What n states ask: the asks that differ, the ask of each row, and its numbers (n)."""

    asks: Sequence[Ask]
    ask_of: Ints
    volume: Floats
    peak: Floats
    staffing: Floats
    difficulty: Floats
    slope: Floats
    easier_difficulty: Floats
    easier_slope: Floats
    hard_share: Floats
    keeps_inside: Bools
    sensitive: Floats
    rest_at: Ints
    capability_points: Floats
    cost_points: Floats
    least_eci: float | None = None

    @classmethod
    def of(cls, needs: Needs) -> "Demand":
        """Return the demand of a single state."""
        return cls(
            asks=(needs.ask,),
            ask_of=np.zeros(1, dtype=np.int64),
            volume=np.array([needs.volume]),
            peak=np.array([needs.peak]),
            staffing=np.array([needs.staffing]),
            difficulty=np.array([needs.hardest.difficulty]),
            slope=np.array([needs.hardest.slope]),
            easier_difficulty=np.array([needs.easier.difficulty]),
            easier_slope=np.array([needs.easier.slope]),
            hard_share=np.array([needs.hard_share]),
            keeps_inside=np.array([needs.keeps_inside]),
            sensitive=np.array([needs.sensitive]),
            rest_at=np.array([tuple(RestAt).index(needs.rest_at)]),
            capability_points=np.array([needs.stakes.capability]),
            cost_points=np.array([needs.stakes.cost]),
            least_eci=needs.least_eci,
        )

    def rows(self, which: Bools) -> "Demand":
        """Return the demand of some of the states."""
        if which.all():
            return self
        arrays = {
            name: getattr(self, name)[which]
            for name in self.__slots__
            if name not in {"asks", "least_eci"}
        }
        return Demand(asks=self.asks, least_eci=self.least_eci, **arrays)


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """The part of a hybrid beside its closed model, for each row.

    `usd` is its bills, `fleet_fte` its people where it runs on machines, `picked` the place of its
    way, `inside` that of the sensitive part (−1 where nothing must stay inside), `rest_inside`
    whether the rest runs with it; `ratio` is the chance of the inside model over the best.
    """

    usd: Floats
    fte: Floats
    picked: Ints
    inside: Ints
    rest_inside: Bools
    ratio: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """What stands for each option in each of n states, in the order of OPTIONS.

    `usd` is US dollars a month, people included, NaN where nothing can be priced; `ratio` the
    chance of the model over that of the best of the market; `picked` the place of each option's
    way among those that can win.
    """

    usd: Floats
    ratio: Floats
    yardstick: Yardstick
    picked: Ints
    rest: Rest

    @property
    def cost_values(self) -> Floats:
        """What cost is worth in the score; nothing where an option has no price to compare."""
        values = np.fmax(self.yardstick.value(self.usd), 0.0)
        return np.where(self.yardstick.known[:, None], values, 0.0)

    @property
    def cost_points(self) -> Floats:
        """How much cost counts in the score; nothing where an option has no price to compare."""
        return np.where(self.yardstick.known, self.yardstick.points, 0.0)


type Supplies = Callable[[Kind, Ask], Ways | None]


class Chooser:
    """Chooses among the ways of one market under one set of assumptions."""

    def __init__(
        self, supplies: Supplies, assumed: Assumptions, scale: Scale, best_eci: float
    ) -> None:
        """Take the source of ways, and the index of the best model of the market."""
        self._supplies, self._assumed, self._scale = supplies, assumed, scale
        self._best_eci = best_eci
        self._fte_usd = fte_usd(assumed)

    def choose(self, demand: Demand) -> Chosen:
        """Return what stands for each option in each state."""
        menus = {kind: self._menu(kind, demand) for kind in Kind}
        best = _chance(demand.difficulty, demand.slope, np.array(self._best_eci))
        usd = [self._usd(o, menus[kind].numbers, demand) for o, kind in SINGLE_KINDS.items()]
        ratios = [
            _chances(menus[kind].numbers, demand) / best[:, None] for kind in SINGLE_KINDS.values()
        ]
        rest = self._rest(menus, demand, best, self._yardstick(demand, usd, ratios))
        usd.append(self._hybrid_usd(menus[Kind.CLOSED].numbers, demand, rest))
        ratios.append(self._hybrid_ratios(ratios[_CLOSED], demand, rest))
        return self._picked(demand, usd, ratios, rest, menus)

    def _yardstick(
        self, demand: Demand, usd: Sequence[Floats], ratios: Sequence[Floats]
    ) -> Yardstick:
        return Yardstick.of(self._scale, demand.cost_points, usd, ratios)

    def _menu(self, kind: Kind, demand: Demand) -> Menu:
        found: dict[int, int] = {}
        ways: list[Ways | None] = []
        place_of = []
        for ask in demand.asks:
            one = self._supplies(kind, ask)
            if id(one) not in found:
                found[id(one)] = len(ways)
                ways.append(one)
            place_of.append(found[id(one)])
        return Menu(ways, np.array(place_of)[demand.ask_of])

    def _usd(self, option: Option, numbers: Numbers, demand: Demand) -> Floats:
        running = replicas(numbers, _busiest(demand.volume, demand.peak))
        bills = bills_usd(numbers, demand.volume, running, self._assumed.owned_gpus)
        stated = stated_fte(self._assumed, option)
        if stated is not None:
            return bills + stated * self._fte_usd
        return bills + people(numbers, running) * demand.staffing[:, None] * self._fte_usd

    def _hybrid_usd(self, closed: Numbers, demand: Demand, rest: Rest) -> Floats:
        hard = demand.volume * (1 - demand.sensitive) * demand.hard_share
        bills = bills_usd(closed, hard, np.ones((hard.size, closed.eci.shape[-1])))
        stated = stated_fte(self._assumed, Option.HYBRID)
        fte = rest.fte * demand.staffing if stated is None else np.full(hard.size, stated)
        return bills + (rest.usd + fte * self._fte_usd)[:, None]

    def _hybrid_ratios(self, closed: Floats, demand: Demand, rest: Rest) -> Floats:
        shared = demand.sensitive[:, None]
        inside = np.where(rest.inside >= 0, rest.ratio, 0.0)[:, None]
        found: Floats = (1 - shared) * self._scale.hybrid * closed + shared * inside
        return found

    def _rest(
        self, menus: Mapping[Kind, Menu], demand: Demand, best: Floats, yardstick: Yardstick
    ) -> Rest:
        count = demand.volume.size
        rest = Rest(
            np.full(count, np.inf),
            np.zeros(count),
            np.full(count, -1),
            np.full(count, -1),
            np.zeros(count, dtype=bool),
            np.zeros(count),
        )
        for place, rest_at in enumerate(RestAt):
            rows = demand.rest_at == place
            if rows.any():
                of_rows = (demand.rows(rows), best[rows], yardstick.rows(rows))
                self._fill_rest(rest, rest_at, rows, menus, *of_rows)
        return rest

    def _fill_rest(
        self,
        rest: Rest,
        rest_at: RestAt,
        rows: Bools,
        menus: Mapping[Kind, Menu],
        demand: Demand,
        best: Floats,
        yardstick: Yardstick,
    ) -> None:
        """Write the rest of the rows whose open part runs in one place."""
        kind = REST_KINDS[rest_at]
        numbers = _rows(menus[kind].numbers, rows)
        outside = demand.volume * (1 - demand.sensitive)
        easy = outside * (1 - demand.hard_share)
        picked, usd, fte = self._cheapest_rest(kind, numbers, easy, demand)
        keeps = demand.sensitive > 0
        if rest_at is RestAt.HOSTED or not keeps.any():
            _write(rest, rows, usd, fte, picked)
            return
        # What must stay inside goes to the model that is worth most there; the rest to the
        # cheapest that may have it: a host, or the machines that are there already.
        kept = demand.volume * demand.sensitive
        inside, ratio = self._inside(numbers, kept, demand, best, yardstick)
        alone_usd, alone_fte = self._fleet(numbers, kept, demand, inside)
        both_usd, both_fte = self._fleet(numbers, kept + easy, demand, inside)
        hosted = _rows(menus[Kind.HOSTED].numbers, rows)
        host, host_usd, _ = self._cheapest_rest(Kind.HOSTED, hosted, easy, demand)
        more_fte = (both_fte - alone_fte) * demand.staffing
        with_it = both_usd + more_fte * self._fte_usd <= alone_usd + host_usd
        usd = np.where(keeps, np.where(with_it, both_usd, alone_usd + host_usd), usd)
        fte = np.where(keeps, np.where(with_it, both_fte, alone_fte), fte)
        _write(rest, rows, usd, fte, np.where(keeps, np.where(with_it, inside, host), picked))
        rest.inside[rows] = np.where(keeps, inside, -1)
        rest.rest_inside[rows] = keeps & with_it
        rest.ratio[rows] = ratio

    def _cheapest_rest(
        self, kind: Kind, numbers: Numbers, volume: Floats, demand: Demand
    ) -> tuple[Ints, Floats, Floats]:
        """Return the cheapest way for easier work that is nearly as good as the best there."""
        running = replicas(numbers, _busiest(volume, demand.peak))
        bills = bills_usd(numbers, volume, running, self._assumed.owned_gpus)
        fte = self._rest_fte(kind, numbers, running)
        good = self._good_rest(numbers, demand)
        whole = bills + fte * demand.staffing[:, None] * self._fte_usd
        picked = np.argmin(np.where(good, whole, np.inf), axis=1)
        return picked, _at(bills, picked), _at(fte, picked)

    def _good_rest(self, numbers: Numbers, demand: Demand) -> Bools:
        """Tell which ways are nearly as good as the best for the easier work."""
        chance = _chance(
            demand.easier_difficulty[:, None], demand.easier_slope[:, None], numbers.eci
        )
        best = _chance(demand.easier_difficulty, demand.easier_slope, np.array(self._best_eci))
        good = chance >= self._scale.rest_floor * best[:, None]
        # Where none is good enough, those that are nearest to it.
        top = numbers.eci.max(axis=-1, keepdims=True)
        found: Bools = np.where(good.any(axis=1, keepdims=True), good, numbers.eci >= top)
        return found

    def _inside(
        self,
        numbers: Numbers,
        volume: Floats,
        demand: Demand,
        best: Floats,
        yardstick: Yardstick,
    ) -> tuple[Ints, Floats]:
        """Return the way that is worth most for the part that stays inside, and its ratio."""
        running = replicas(numbers, _busiest(volume, demand.peak))
        bills = bills_usd(numbers, volume, running, self._assumed.owned_gpus)
        fte = people(numbers, running) + self._assumed.people_fleet_hybrid
        whole = bills + fte * demand.staffing[:, None] * self._fte_usd
        ratio = _chances(numbers, demand) / best[:, None]
        # Its capability counts for its share of the requests.
        shared = replace(demand, capability_points=demand.capability_points * demand.sensitive)
        worth = self._worth(shared, whole, ratio, yardstick, numbers.eci)
        picked = worth_most(worth, numbers.eci, whole)
        return picked, _at(ratio, picked)

    def _fleet(
        self, numbers: Numbers, volume: Floats, demand: Demand, picked: Ints
    ) -> tuple[Floats, Floats]:
        """Return the bills and the people of given ways beside a closed model."""
        running = replicas(numbers, _busiest(volume, demand.peak))
        bills = bills_usd(numbers, volume, running, self._assumed.owned_gpus)
        fte = people(numbers, running) + self._assumed.people_fleet_hybrid
        return _at(bills, picked), _at(fte, picked)

    def _rest_fte(self, kind: Kind, numbers: Numbers, running: Floats) -> Floats:
        if kind is Kind.HOSTED:
            return np.full(running.shape, self._assumed.people_hybrid)
        return people(numbers, running) + self._assumed.people_fleet_hybrid

    def _picked(
        self,
        demand: Demand,
        usd: Sequence[Floats],
        ratios: Sequence[Floats],
        rest: Rest,
        menus: Mapping[Kind, Menu],
    ) -> Chosen:
        """Return the way of each option that is worth most."""
        count = demand.volume.size
        yardstick = self._yardstick(demand, usd, ratios)
        picked = np.zeros((count, len(OPTIONS)), dtype=np.int64)
        chosen_usd, chosen_ratio = np.zeros(picked.shape), np.zeros(picked.shape)
        for place, (found, ratio) in enumerate(zip(usd, ratios, strict=True)):
            eci = menus[SINGLE_KINDS.get(OPTIONS[place], Kind.CLOSED)].numbers.eci
            worth = self._worth(demand, found, ratio, yardstick, eci)
            picked[:, place] = worth_most(worth, eci, found)
            chosen_usd[:, place] = _at(found, picked[:, place])
            chosen_ratio[:, place] = _at(ratio, picked[:, place])
        return Chosen(
            usd=np.where(np.isfinite(chosen_usd), chosen_usd, np.nan),
            ratio=chosen_ratio,
            yardstick=yardstick,
            picked=picked,
            rest=rest,
        )

    def _worth(
        self, demand: Demand, usd: Floats, ratio: Floats, yardstick: Yardstick, eci: Floats
    ) -> Floats:
        if demand.least_eci is None:
            return yardstick.worth(demand.capability_points, ratio, usd)
        priced = np.isfinite(usd)
        able = priced & (eci >= demand.least_eci)
        nearest = priced & (eci >= np.where(priced, eci, -np.inf).max(axis=1, keepdims=True))
        return np.where(np.where(able.any(axis=1, keepdims=True), able, nearest), -usd, -np.inf)

    def ranked(
        self,
        demand: Demand,
        chosen: Chosen,
        option: Option,
        ways: Ways,
        kind: Kind,
        volume: float,
    ) -> list[int]:
        """Return the places of the ways that can be chosen for a piece of one state's work.

        What is worth most stands first, on the scale that the choice of that state was made on; for
        the rest of a hybrid the cheapest that is good enough.
        """
        numbers, volumes = ways.numbers, np.array([volume])
        one = Numbers(*(getattr(numbers, name)[None, :] for name in numbers.__slots__))
        if option is Option.HYBRID:
            usd = self._rest_usd(kind, one, volumes, demand)
            worth = np.where(self._good_rest(one, demand), -usd, -np.inf)
        else:
            usd = self._usd(option, one, replace(demand, volume=volumes))
            best = _chance(demand.difficulty, demand.slope, np.array(self._best_eci))
            ratio = _chances(one, demand) / best[:, None]
            worth = self._worth(demand, usd, ratio, chosen.yardstick, one.eci)
        order = np.lexsort((np.round(usd[0], 6), -one.eci[0], -worth[0]))
        return [place for place in order.tolist() if np.isfinite(worth[0, place])]

    def _rest_usd(self, kind: Kind, numbers: Numbers, volume: Floats, demand: Demand) -> Floats:
        running = replicas(numbers, _busiest(volume, demand.peak))
        bills = bills_usd(numbers, volume, running, self._assumed.owned_gpus)
        fte = self._rest_fte(kind, numbers, running)
        return bills + fte * demand.staffing[:, None] * self._fte_usd


def _busiest(volume: Floats, peak: Floats) -> Floats:
    busiest: Floats = volume / SECONDS_PER_DAY * peak
    return busiest


def _chance(difficulty: Floats, slope: Floats, eci: Floats) -> Floats:
    """Return 1/(1 + exp(−slope·(ECI − difficulty)))."""
    chance: Floats = 1.0 / (1.0 + np.exp(-slope * (np.fmax(eci, -1000.0) - difficulty)))
    return chance


def _chances(numbers: Numbers, demand: Demand) -> Floats:
    return _chance(demand.difficulty[:, None], demand.slope[:, None], numbers.eci)


def _at(table: Floats, picked: Ints) -> Floats:
    found: Floats = table[np.arange(picked.size), picked]
    return found


def _rows(numbers: Numbers, rows: Bools) -> Numbers:
    """Return the numbers of some rows; one row that all share stays as it is."""
    if rows.all() or numbers.eci.shape[0] == 1:
        return numbers
    return Numbers(*(getattr(numbers, name)[rows] for name in numbers.__slots__))


def _write(rest: Rest, rows: Bools, usd: Floats, fte: Floats, picked: Ints) -> None:
    rest.usd[rows] = usd
    rest.fte[rows] = fte
    rest.picked[rows] = picked
