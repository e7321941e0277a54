"""The ways to get a model on one market under some assumptions, remembered by what is asked."""

from functools import cached_property

import numpy as np

from apps.money.arrays import Floats, Ints
from apps.money.assumptions import Assumptions
from apps.money.cache import Cache
from apps.money.machines import Machines
from apps.money.market import Market
from apps.money.needs import TO_BE_BOUGHT, Ask
from apps.money.offers import Middle, Offers
from apps.money.people import base_fte, gpu_fte
from apps.money.suitability import Requirements, relaxed
from apps.money.ways import Numbers, Ways
from apps.money.work import Kind

# A key, the two functions, and what holds the arrays.
_KEY_BYTES = 2_000
_MONTHS = 12


def _bytes_of_ways(_: object, ways: Ways | None) -> int:
    return _KEY_BYTES if ways is None else _KEY_BYTES + ways.table.nbytes


class Supply:
    """Finds the ways for what is asked: models at hosts that count, models on machines."""

    def __init__(self, market: Market, assumed: Assumptions, most_bytes: int) -> None:
        """Take the market and the assumptions; remember up to so many bytes."""
        self._market, self._assumed = market, assumed
        of_offers = most_bytes // 7
        self._offers = {
            kind: Offers(market, kind is Kind.HOSTED, of_offers)
            for kind in (Kind.CLOSED, Kind.HOSTED)
        }
        self.machines = Machines(market, assumed)
        self._known: Cache[tuple[Kind, Ask], Ways | None] = Cache(
            most_bytes - 2 * of_offers, _bytes_of_ways
        )

    def ways(self, kind: Kind, ask: Ask) -> Ways | None:
        """Return the ways for what is asked; where none suits, the nearest; None without any."""
        asked = self._of_kind(kind, ask)
        return self._known.get((kind, asked), lambda: self._search(kind, asked))

    def _of_kind(self, kind: Kind, ask: Ask) -> Ask:
        """Return what counts of an ask for one kind, so that equal searches are made once."""
        on_machines = self._is_on_machines(kind, ask)
        start_counts = self._ends[kind] or (not on_machines and self._changes[kind])
        return Ask(
            modality=ask.modality,
            tokens_in=ask.tokens_in,
            tokens_out=ask.tokens_out,
            reasoning=ask.reasoning,
            hosts=frozenset() if on_machines else ask.hosts,
            tuned=ask.tuned and kind in self._offers,
            hardware=ask.hardware if kind is Kind.OWNED else TO_BE_BOUGHT,
            starts_in=ask.starts_in if start_counts else 0.0,
        )

    def _is_on_machines(self, kind: Kind, ask: Ask) -> bool:
        """Tell whether a kind runs on machines: own weights are on no host's shared list."""
        return kind not in self._offers or (kind is Kind.HOSTED and ask.tuned)

    @cached_property
    def _ends(self) -> dict[Kind, bool]:
        """Tell whether any model of a kind has a day of its end."""
        found = {c.is_open for c in self._market.candidates if c.ends_on}
        return {kind: (kind is not Kind.CLOSED) in found for kind in Kind}

    @cached_property
    def _changes(self) -> dict[Kind, bool]:
        """Tell whether any price of a kind is announced for later."""
        found = {c.is_open for c in self._market.candidates for o in c.offers if o.later}
        return {kind: (kind is not Kind.CLOSED) in found for kind in Kind}

    def _search(self, kind: Kind, ask: Ask) -> Ways | None:
        if self._is_on_machines(kind, ask):
            return self.machines.ways(kind, ask)
        offers = self._offers[kind]
        if not offers.offers:
            return None
        priced = offers.priced(ask, self._assumed, kind is Kind.HOSTED)
        for stage in relaxed(ask):
            counts = offers.suitable(stage, ask)
            if counts.any():
                middle = offers.at_median(priced, counts)
                return self._at_hosts(kind, ask, offers, middle, stage)
        return None

    def _at_hosts(
        self, kind: Kind, ask: Ask, offers: Offers, middle: Middle, stage: Requirements
    ) -> Ways:
        """Return the models at their median that no better one undercuts."""

        def whole(places: Ints) -> Ways:
            return Ways(
                self._table(kind, ask, offers.eci[middle.models[places]], middle.usd[places]),
                lambda place: offers.hosted(middle, int(places[place]), ask, stage),
                lambda: whole(np.arange(middle.models.size)),
            )

        return whole(_undercutting(offers.eci[middle.models], middle.usd))

    def _table(self, kind: Kind, ask: Ask, eci: Floats, usd: Floats) -> Floats:
        training = self._assumed.training_usd / _MONTHS if ask.tuned else 0.0
        nothing = np.zeros(eci.size)
        return Numbers(
            eci=eci,
            request_usd=usd,
            seconds=nothing,
            replica_usd=nothing,
            gpus=nothing,
            spare=nothing,
            most=np.full(eci.size, np.inf),
            base_fte=np.full(eci.size, base_fte(self._assumed, kind)),
            gpu_fte=np.full(eci.size, gpu_fte(self._assumed, kind)),
            fixed_usd=np.full(eci.size, training),
            capital_usd=nothing,
        ).table


def _undercutting(eci: Floats, usd: Floats) -> Ints:
    """Return the places of those that are cheaper than all that are as good or better."""
    order = np.lexsort((usd, -eci))
    before = np.concatenate([[np.inf], np.minimum.accumulate(usd[order])[:-1]])
    return np.sort(order[usd[order] < before])
