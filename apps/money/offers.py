"""Models at hosts that bill each request: which hosts count, and what a request costs there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from apps.money.api import STEP_PRICES, TokenPrice, requests_priced, step_for
from apps.money.arrays import Bools, Floats, Ints
from apps.money.assumptions import Assumptions
from apps.money.cache import Cache
from apps.money.market import ALWAYS, Candidate, Market, Offer
from apps.money.needs import Ask, HostNeeds
from apps.money.suitability import (
    Lack,
    LackKind,
    Requirements,
    index,
    is_priced,
    is_there,
    may_be_picked,
    model_lacks,
    tie_order,
)
from apps.money.workload import DAYS_PER_MONTH

# Prices are those of the year that begins with the expected start (method, section 6).
_PRICED_DAYS = 365
_ROW_BYTES = 8 * (len(STEP_PRICES) + 2)


@dataclass(frozen=True, slots=True)
class HostedModel:
    """A model at the hosts that count: US dollars of one request at the median host.

    `offer` is that of the median host (of two in the middle the cheaper), `low_usd` and `high_usd`
    are the cheapest and the dearest of `hosts` hosts; `cheapest` is the cheapest offer of all that
    any host makes, with its price: it need not count.
    """

    candidate: Candidate
    offer: Offer
    request_usd: float
    low_usd: float
    high_usd: float
    hosts: int
    cheapest: Offer
    cheapest_usd: float
    lacks: tuple[Lack, ...]


class Offers:
    """The offers of a market's open models, or of its closed ones, as arrays."""

    def __init__(self, market: Market, is_open: bool, most_bytes: int) -> None:
        """Leave out models that may never be picked and offers that state no price.

        What is worked out is remembered up to so many bytes.
        """
        self._market = market
        found = [c for c in market.candidates if c.is_open is is_open and may_be_picked(c)]
        # Of equally dear hosts the first by name is told.
        priced = [(c, sorted(filter(is_priced, c.offers), key=_host_order)) for c in found]
        listed = sorted((pair for pair in priced if pair[1]), key=lambda pair: tie_order(pair[0]))
        self.models: tuple[Candidate, ...] = tuple(candidate for candidate, _ in listed)
        self.offers: tuple[Offer, ...] = tuple(o for _, offers in listed for o in offers)
        self.model_of: Ints = np.repeat(
            np.arange(len(listed)), [len(offers) for _, offers in listed]
        ).astype(np.int64)
        self.eci: Floats = np.array([index(candidate) for candidate in self.models])
        self._reasons: Bools = np.array([bool(c.reasons) for c in self.models], dtype=bool)
        self._room: Floats = np.array(
            [np.inf if o.context_tokens is None else o.context_tokens for o in self.offers]
        )
        # Of a host that sells a model in several regions one offer counts: the cheapest.
        hosts = {slug: n for n, slug in enumerate(sorted({o.host.slug for o in self.offers}))}
        self._seller: Ints = np.array([hosts[o.host.slug] for o in self.offers], dtype=np.int64)
        self._seller += self.model_of * len(hosts)
        self._lists: Cache[tuple[float, float], _Lists] = Cache(
            most_bytes * 3 // 8, _bytes_of_lists
        )
        self._fits: Cache[tuple[str, float | None, float], Bools] = Cache(
            most_bytes // 8, lambda _, fits: fits.nbytes + _ROW_BYTES
        )
        self._prices: Cache[tuple[float, ...], Priced] = Cache(
            most_bytes * 3 // 8, lambda _, found: found.usd.nbytes * 2 + _ROW_BYTES
        )
        self._lacking: Cache[HostNeeds, Ints] = Cache(most_bytes // 8, _bytes_of_lacking)

    def suitable(self, stage: Requirements, ask: Ask) -> Bools:
        """Tell of each offer whether it counts at one stage of relaxing."""
        found = self._fits.get(
            (stage.modality, stage.context, ask.starts_in), lambda: self._fitting(stage, ask)
        )
        lacking, least = self.lacking(ask.hosts), 0
        if stage.any_host and found.any():
            least = int(lacking[found].min())
        counts: Bools = found & (lacking == least)
        return counts

    def _fitting(self, stage: Requirements, ask: Ask) -> Bools:
        """Tell of each offer whether its model suits, and whether it takes such requests."""
        models = [
            stage.are_met_by(c) and is_there(c, self._market, ask.starts_in) for c in self.models
        ]
        found: Bools = np.array(models, dtype=bool)[self.model_of]
        return (
            found if stage.context is None else np.logical_and(found, self._room >= stage.context)
        )

    def lacking(self, hosts: HostNeeds) -> Ints:
        """Return how much each offer lacks of what is always asked and of what is asked here."""
        return self._lacking.get(hosts, lambda: self._count_lacking(hosts))

    def _count_lacking(self, hosts: HostNeeds) -> Ints:
        counted = {facts: len(missing(facts, hosts)) for facts in {o.facts for o in self.offers}}
        return np.array([counted[offer.facts] for offer in self.offers], dtype=np.int64)

    def priced(self, ask: Ask, assumed: Assumptions, is_open: bool) -> "Priced":
        """Return the US dollars of one request at each offer, over the year that is priced."""
        factor = assumed.tuned_factor if ask.tuned and not is_open else 1.0
        reasoning = ask.reasoning if assumed.reasoning is None else assumed.reasoning
        size = (ask.tokens_in, ask.tokens_out, reasoning, ask.starts_in)
        found = self._prices.get(size, lambda: self._price(ask, reasoning, assumed, is_open))
        return found if factor == 1.0 else Priced(found.usd * factor, found.order)

    def _price(self, ask: Ask, reasoning: float, assumed: Assumptions, is_open: bool) -> "Priced":
        lists = self._lists.get(
            (ask.tokens_in, ask.starts_in), lambda: self._lists_of(ask.tokens_in, ask.starts_in)
        )
        written = np.where(self._reasons, ask.tokens_out * reasoning, ask.tokens_out)
        listed = dict(zip(STEP_PRICES, lists.prices, strict=True))
        prices = negotiated(listed, *assumed.negotiated(is_open=is_open))
        of_list = requests_priced(
            prices,
            ask.tokens_in,
            written[self.model_of][lists.offer_of],
            assumed,
            lists.sells_batches,
        )
        usd: Floats = np.bincount(
            lists.offer_of, weights=of_list * lists.weight, minlength=len(self.offers)
        )
        return Priced(usd, np.lexsort((usd, self.model_of)))

    def _lists_of(self, tokens_in: float, starts_in: float) -> "_Lists":
        first = self._market.as_of + timedelta(days=starts_in * DAYS_PER_MONTH)
        rows, places, weights, batches = [], [], [], []
        for place, offer in enumerate(self.offers):
            for price, weight in year_of(offer, first):
                paid = step_for(price, tokens_in)
                rows.append([_number(getattr(paid, name)) for name in STEP_PRICES])
                places.append(place)
                weights.append(weight)
                batches.append(price.sells_batches)
        return _Lists(
            np.array(rows, dtype=float).reshape(-1, len(STEP_PRICES)).T,
            np.array(places, dtype=np.int64),
            np.array(weights, dtype=float),
            np.array(batches, dtype=bool),
        )

    def at_median(self, priced: "Priced", counts: Bools) -> "Middle":
        """Return each model at the median of the offers that count, in the order of equals.

        Of two in the middle it is the cheaper.
        """
        kept = priced.order[counts[priced.order]]
        _, first = np.unique(self._seller[kept], return_index=True)
        kept = kept[np.sort(first)]
        models = self.model_of[kept]
        starts = np.flatnonzero(np.concatenate([[True], models[1:] != models[:-1]]))
        numbers = np.diff(np.append(starts, models.size))
        middle = kept[starts + (numbers - 1) // 2]
        return Middle(
            models=models[starts],
            usd=priced.usd[middle],
            offers=middle,
            low=kept[starts],
            high=kept[starts + numbers - 1],
            hosts=numbers,
            priced=priced,
        )

    def hosted(self, middle: "Middle", place: int, ask: Ask, stage: Requirements) -> HostedModel:
        """Return one model at its median, with all that is told of it."""
        offer, candidate = self.offers[middle.offers[place]], self.models[middle.models[place]]
        usd, lacks = middle.priced.usd, []
        if stage.any_host:
            lacks += [*model_lacks(candidate, ask), *host_lacks(offer, ask)]
        if ask.tuned and not candidate.is_open:
            lacks.append(Lack(LackKind.TUNING, "own weights", None))
        cheapest = int(self._cheapest(middle.priced.order, int(middle.models[place])))
        return HostedModel(
            candidate=candidate,
            offer=offer,
            request_usd=float(middle.usd[place]),
            low_usd=float(usd[middle.low[place]]),
            high_usd=float(usd[middle.high[place]]),
            hosts=int(middle.hosts[place]),
            cheapest=self.offers[cheapest],
            cheapest_usd=float(usd[cheapest]),
            lacks=tuple(lacks),
        )

    def _cheapest(self, order: Ints, model: int) -> int:
        """Return the place of the cheapest of all offers of a model."""
        return int(order[np.searchsorted(self.model_of[order], model)])


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """US dollars of one request at each offer, and the offers by model and price."""

    usd: Floats
    order: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Middle:
    """Models at the median of the offers that count: places of model and offers, US dollars."""

    models: Ints
    usd: Floats
    offers: Ints
    low: Ints
    high: Ints
    hosts: Ints
    priced: Priced


@dataclass(frozen=True, slots=True, eq=False)
class _Lists:
    """Price lists: prices by name, the offer of each, its share of the year, whether in batches."""

    prices: Floats
    offer_of: Ints
    weight: Floats
    sells_batches: Bools


def _bytes_of_lists(_: object, lists: _Lists) -> int:
    arrays = (lists.prices, lists.offer_of, lists.weight, lists.sells_batches)
    return sum(array.nbytes for array in arrays) + _ROW_BYTES


def _bytes_of_lacking(_: object, lacking: Ints) -> int:
    return lacking.nbytes + _ROW_BYTES


def _host_order(offer: Offer) -> tuple[str, str]:
    return offer.host.slug, offer.note


def _number(usd: float | None) -> float:
    return np.nan if usd is None else usd


def negotiated(
    prices: dict[str, Floats], input_usd: float | None, output_usd: float | None
) -> dict[str, Floats]:
    """Return the prices with those that a person has; of its batches and cache none is known."""
    changed = dict(prices)
    if input_usd is not None:
        changed["input"] = np.full_like(prices["input"], input_usd)
        unknown = np.full_like(prices["input"], np.nan)
        changed |= dict.fromkeys(("cached", "batch_input", "batch_cached"), unknown)
    if output_usd is not None:
        changed["output"] = np.full_like(prices["output"], output_usd)
        changed["batch_output"] = np.full_like(prices["output"], np.nan)
    return changed


def year_of(offer: Offer, first: date) -> tuple[tuple[TokenPrice, float], ...]:
    """Return the price lists of an offer in the year from a day on, each with its share of it."""
    if not offer.later:
        return ((offer.price, 1.0),)
    last = first + timedelta(days=_PRICED_DAYS)
    changes = [(first, offer.price), *((max(day, first), price) for day, price in offer.later)]
    ends = [day for day, _ in changes[1:]] + [last]
    return tuple(
        (price, (min(end, last) - day).days / _PRICED_DAYS)
        for (day, price), end in zip(changes, ends, strict=True)
        if day < min(end, last)
    )


def missing(facts: frozenset[str], hosts: HostNeeds) -> tuple[frozenset[str], ...]:
    """Return what is lacking of what is always asked of a host and of what is asked here."""
    asked = (*(frozenset({fact}) for fact in ALWAYS), *sorted(hosts, key=sorted))
    return tuple(clause for clause in asked if not clause & facts)


def host_lacks(offer: Offer, ask: Ask) -> Sequence[Lack]:
    """Return what a host lacks, and how much room, of what is asked."""
    found = [
        Lack(LackKind.HOST, " or ".join(sorted(clause)), None)
        for clause in missing(offer.facts, ask.hosts)
    ]
    if offer.context_tokens is not None and offer.context_tokens < ask.size.context:
        found.append(Lack(LackKind.CONTEXT, ask.size.context, offer.context_tokens))
    return found
