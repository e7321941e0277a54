"""Every way to run a market's open models on machines, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, inf

import numpy as np

from apps.money.arrays import Bools, Floats, Ints
from apps.money.assumptions import Assumptions
from apps.money.hosting import (
    Deployment,
    Grade,
    Machine,
    ModelOnDevice,
    ModelOnGpu,
    capital_usd,
    deployments,
    device_gb,
    device_usd,
    hourly_usd,
    models_on_devices,
    models_on_gpus,
    most_devices,
    on_device,
    wants_gpus,
)
from apps.money.market import Candidate, Market
from apps.money.memory import (
    GPU_COUNTS,
    RESERVED_GB,
    TTFT_SECONDS,
    USABLE,
    USER_TOKENS_PER_SECOND,
    WEIGHTS_OVERHEAD,
    AnyArchitecture,
)
from apps.money.needs import GPU_SERVER, Ask, RequestSize
from apps.money.people import base_fte, gpu_fte
from apps.money.suitability import index, is_there, may_be_picked, relaxed, tie_order
from apps.money.ways import Numbers, Ways
from apps.money.work import Kind
from apps.money.workload import HOURS_PER_MONTH

# Under so many points two indices are about equal (method, section 4).
NOISE = 3.0
# An estimated speed may be half or twice what is true.
BAND = 2.0
_MONTHS = 12
_BYTES_PER_GB = 1e9


@dataclass(frozen=True, slots=True, eq=False)
class _Rigs:
    """Models on machines, each so many to a replica; one row each, in the order of equals.

    `of` is the model on its machine, `model` the place of the model, `machines` how many hold one
    replica. Memory is decimal gigabytes; `a`, `b`, `c` are seconds as in a profile, of a device the
    seconds of a token that it writes.
    """

    of: tuple[ModelOnGpu | ModelOnDevice, ...]
    model: Ints
    machines: Floats
    is_device: Bools
    measured: Bools
    eci: Floats
    left_gb: Floats
    layer_bytes: Floats
    whole_layers: Floats
    window_layers: Floats
    window: Floats
    copies: Floats
    a: Floats
    b: Floats
    c: Floats


class Machines:
    """What the open models of a market run on, under one set of assumptions."""

    def __init__(self, market: Market, assumed: Assumptions) -> None:
        """Leave out models that may never be picked."""
        self._market, self._assumed = market, assumed
        models = [c for c in market.candidates if c.is_open and may_be_picked(c)]
        self.models = tuple(sorted(models, key=tie_order))
        self._room = np.array([c.context_tokens or inf for c in self.models])
        self._reasons = np.array([bool(c.reasons) for c in self.models], dtype=bool)

    @cached_property
    def _on_gpus(self) -> tuple[tuple[ModelOnGpu, ...], ...]:
        return tuple(models_on_gpus(self._market, candidate) for candidate in self.models)

    @cached_property
    def _rigs(self) -> _Rigs:
        listed: list[tuple[int, ModelOnGpu | ModelOnDevice, int]] = []
        for place, candidate in enumerate(self.models):
            on: tuple[ModelOnGpu | ModelOnDevice, ...] = (
                *self._on_gpus[place],
                *models_on_devices(self._market, candidate),
            )
            for one in on:
                counts = GPU_COUNTS if isinstance(one, ModelOnGpu) else GPU_COUNTS[:1]
                listed += ((place, one, count) for count in counts)
        listed.sort(key=lambda row: _order(*row))
        return _rigs(listed)

    def ways(self, kind: Kind, ask: Ask) -> Ways | None:
        """Return the ways to run suitable models; where none suits, the nearest to suitable.

        A way that another one of its model always beats is left out.
        """
        if not self._rigs.of:
            return None
        numbers, fits = self._numbers(kind, ask)
        places = self._suitable(ask, fits)
        if not places.size:
            return None
        places = self._of_models(numbers, places)
        best = places[_undominated(numbers.take(places))]
        return self._ways(kind, ask, numbers.take(best), best)

    def _suitable(self, ask: Ask, fits: Bools) -> Ints:
        """Return the places of the rigs whose models suit at the first stage that has any."""
        for stage in relaxed(ask):
            suitable = np.array(
                [
                    stage.are_met_by(c) and is_there(c, self._market, ask.starts_in)
                    for c in self.models
                ],
                dtype=bool,
            )
            places = np.flatnonzero(fits & suitable[self._rigs.model])
            if places.size:
                return places
        return np.zeros(0, dtype=np.int64)

    def _of_models(self, numbers: Numbers, places: Ints) -> Ints:
        """Return the places of the ways that can win for their model."""
        rigs = self._rigs
        places = places[~_outdone_by_measured(numbers.take(places), rigs.measured[places])]
        models = rigs.model[places]
        kept = [
            group[_undominated(numbers.take(group))]
            for group in (places[models == one] for one in np.unique(models))
        ]
        found = np.concatenate(kept)
        found.sort()
        return found

    def _ways(self, kind: Kind, ask: Ask, numbers: Numbers, places: Ints) -> Ways:
        return Ways(
            numbers.table,
            lambda place: self._way(kind, ask, int(places[place])),
            lambda: self._every(kind, ask),
        )

    def _every(self, kind: Kind, ask: Ask) -> Ways:
        numbers, fits = self._numbers(kind, ask)
        places = self._of_models(numbers, self._suitable(ask, fits))
        return self._ways(kind, ask, numbers.take(places), places)

    def _way(self, kind: Kind, ask: Ask, place: int) -> Machine:
        """Return a way by the formulas for a single one."""
        one, size = self._rigs.of[place], self._written(self._rigs.of[place].candidate, ask)
        if isinstance(one, ModelOnDevice):
            found: Machine | None = on_device(one, self._assumed, size)
        else:
            count = int(self._rigs.machines[place])
            ways = self.deployments(one, kind, ask)
            found = next((way for way in ways if way.gpus_per_replica == count), None)
        if found is None:
            raise LookupError(f"{one.candidate.slug} does not fit")
        return found

    def deployments(
        self, model: ModelOnGpu, kind: Kind, ask: Ask, throughput: float = 1.0
    ) -> tuple[Deployment, ...]:
        """Return the ways to run a model on a GPU, none where the GPU's price is unknown."""
        hourly = hourly_usd(model.gpu, self._assumed, kind is Kind.OWNED)
        if hourly is None:
            return ()
        size = self._written(model.candidate, ask)
        return tuple(deployments(model, hourly, self._infra(kind), self._assumed, size, throughput))

    def on_gpus(self, slug: str) -> tuple[ModelOnGpu, ...]:
        """Return what an open model takes of each GPU; none of one that may not be picked."""
        places = (place for place, one in enumerate(self.models) if one.slug == slug)
        return next((self._on_gpus[place] for place in places), ())

    def _written(self, candidate: Candidate, ask: Ask) -> RequestSize:
        return ask.size.written_by(candidate, self._reasoning(ask))

    def _reasoning(self, ask: Ask) -> float:
        return ask.reasoning if self._assumed.reasoning is None else self._assumed.reasoning

    def _infra(self, kind: Kind) -> float:
        """Return infrastructure over the GPUs' price; a host's own stands in its price."""
        if kind is Kind.HOSTED:
            return 0.0
        return self._assumed.infra_own if kind is Kind.OWNED else self._assumed.infra

    def _numbers(self, kind: Kind, ask: Ask) -> tuple[Numbers, Bools]:
        """Return what each rig is worth and costs, and whether it fits and can be had."""
        rigs, assumed = self._rigs, self._assumed
        out = np.where(
            self._reasons[rigs.model], ask.tokens_out * self._reasoning(ask), ask.tokens_out
        )
        held = np.minimum(ask.tokens_in + out, self._room[rigs.model])
        each = rigs.layer_bytes * rigs.copies / _BYTES_PER_GB
        each = each * (
            rigs.whole_layers * held + rigs.window_layers * np.minimum(held, rigs.window)
        )
        carried = np.divide(rigs.left_gb, each, out=np.full_like(each, inf), where=each > 0)
        in_flight = TTFT_SECONDS + out / USER_TOKENS_PER_SECOND
        seconds = rigs.a * ask.tokens_in * (1 - assumed.cached) + rigs.b * out
        seconds = seconds + rigs.c * out * (ask.tokens_in + out / 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            of_gpus = np.maximum(
                seconds / (assumed.efficiency * rigs.machines), in_flight / carried
            )
        price, capital = self._prices[kind]
        fits = (rigs.left_gb >= 0) & (carried >= 1) & ~np.isnan(price)
        fits &= self._wanted(kind, ask)
        spare = 0.0 if kind is Kind.HOSTED else float(ceil(assumed.spare))
        training = assumed.training_usd / _MONTHS if ask.tuned and kind is Kind.HOSTED else 0.0
        count = len(rigs.of)
        numbers = Numbers(
            eci=rigs.eci,
            request_usd=np.zeros(count),
            seconds=np.where(rigs.is_device, TTFT_SECONDS + rigs.b * out, of_gpus),
            replica_usd=price,
            gpus=np.where(rigs.is_device, 0.0, rigs.machines),
            spare=np.where(rigs.is_device, 0.0, spare),
            most=np.where(rigs.is_device, most_devices(ask.hardware), inf),
            base_fte=np.where(
                rigs.is_device, base_fte(assumed, kind, on_device=True), base_fte(assumed, kind)
            ),
            gpu_fte=np.full(count, gpu_fte(assumed, kind)),
            fixed_usd=np.full(count, training),
            capital_usd=capital,
        )
        return numbers, fits

    def _wanted(self, kind: Kind, ask: Ask) -> Bools:
        """Tell which rigs are of the hardware that is asked for."""
        rigs = self._rigs
        if kind is not Kind.OWNED:
            return ~rigs.is_device
        if wants_gpus(ask.hardware):
            return ~rigs.is_device if ask.hardware == GPU_SERVER else np.full(len(rigs.of), True)
        return np.array(
            [isinstance(o, ModelOnDevice) and o.device.kind == ask.hardware for o in rigs.of]
        )

    @cached_property
    def _prices(self) -> dict[Kind, tuple[Floats, Floats]]:
        """The US dollars a month of each replica, and of the GPUs that are there already."""
        return {kind: (self._month_usd(kind), self._capital_usd(kind)) for kind in Kind}

    def _month_usd(self, kind: Kind) -> Floats:
        """Return US dollars a month of each replica, NaN where its price is not known."""
        owned, more = kind is Kind.OWNED, 1 + self._infra(kind)
        return np.array(
            [
                device_usd(one.device, self._assumed.electricity)
                if isinstance(one, ModelOnDevice)
                else (hourly_usd(one.gpu, self._assumed, owned) or np.nan)
                * HOURS_PER_MONTH
                * more
                * machines
                for one, machines in zip(self._rigs.of, self._rigs.machines.tolist(), strict=True)
            ]
        )

    def _capital_usd(self, kind: Kind) -> Floats:
        if kind is not Kind.OWNED or not self._assumed.owned_gpus:
            return np.zeros(len(self._rigs.of))
        return np.array(
            [
                capital_usd(one.gpu, self._assumed) if isinstance(one, ModelOnGpu) else 0.0
                for one in self._rigs.of
            ]
        )


def _order(
    place: int, one: ModelOnGpu | ModelOnDevice, count: int
) -> tuple[float, int, bool, int, str]:
    """Return the order of equals: the better model, a measured speed, fewer machines."""
    estimated = one.grade is Grade.ESTIMATED
    name = one.gpu.slug if isinstance(one, ModelOnGpu) else one.device.slug
    return -_eci(one), place, estimated, count, name


def _eci(one: ModelOnGpu | ModelOnDevice) -> float:
    return index(one.candidate, one.bits if isinstance(one, ModelOnDevice) else None)


def _rigs(listed: Sequence[tuple[int, ModelOnGpu | ModelOnDevice, int]]) -> _Rigs:
    of = tuple(one for _, one, _ in listed)
    shapes = [one.architecture for one in of]
    machines = np.array([float(count) for _, _, count in listed])
    usable = np.array([_usable_gb(one) for one in of])
    weights = np.array([one.weights_gb for one in of])
    heads = np.array([shape.kv_heads for shape in shapes], dtype=float)
    return _Rigs(
        of=of,
        model=np.array([place for place, _, _ in listed], dtype=np.int64),
        machines=machines,
        is_device=np.array([isinstance(one, ModelOnDevice) for one in of], dtype=bool),
        measured=np.array([one.grade is Grade.MEASURED for one in of], dtype=bool),
        eci=np.array([_eci(one) for one in of]),
        left_gb=usable * machines - WEIGHTS_OVERHEAD * weights,
        layer_bytes=np.array([shape.layer_bytes for shape in shapes]),
        whole_layers=np.array([_whole_layers(shape) for shape in shapes]),
        window_layers=np.array([float(shape.window_layers) for shape in shapes]),
        window=np.array([float(shape.window) for shape in shapes]),
        copies=np.maximum(1.0, machines / heads) if of else machines,
        a=np.array([0.0 if isinstance(one, ModelOnDevice) else one.speed.a for one in of]),
        b=np.array([_writing(one) for one in of]),
        c=np.array([0.0 if isinstance(one, ModelOnDevice) else one.speed.c for one in of]),
    )


def _usable_gb(one: ModelOnGpu | ModelOnDevice) -> float:
    """Return what one machine leaves to a model."""
    if isinstance(one, ModelOnDevice):
        return device_gb(one.device)
    return USABLE * one.gpu.vram_gb - RESERVED_GB


def _whole_layers(shape: AnyArchitecture) -> float:
    return float(shape.layers - shape.window_layers)


def _writing(one: ModelOnGpu | ModelOnDevice) -> float:
    """Return the seconds of a token that is written."""
    return 1 / one.tokens_per_second if isinstance(one, ModelOnDevice) else one.speed.b


def _outdone_by_measured(numbers: Numbers, measured: Bools) -> Bools:
    """Tell which estimated speeds never win: a measured model is about as good within their band.

    A measured model of about the same index costs at most twice as much, idle and busy (method,
    section 6).
    """
    known, guessed = np.flatnonzero(measured), np.flatnonzero(~measured)
    outdone = np.zeros(measured.size, dtype=bool)
    if not known.size or not guessed.size:
        return outdone
    sure, unsure = numbers.take(known), numbers.take(guessed)
    busy = sure.seconds * sure.replica_usd
    better = (
        (sure.eci[None, :] >= unsure.eci[:, None] - NOISE)
        & (sure.replica_usd[None, :] <= BAND * unsure.replica_usd[:, None])
        & (busy[None, :] <= BAND * (unsure.seconds * unsure.replica_usd)[:, None])
    )
    # A device is bought by the piece, a GPU server is no stand-in for it.
    outdone[guessed] = better.any(axis=1) & (unsure.gpus > 0)
    return outdone


def _undominated(numbers: Numbers) -> Bools:
    """Tell which ways no other one beats: all that is less is better, but the index.

    Of equals the first stays.
    """
    columns = [
        column
        for column in (
            -numbers.eci,
            numbers.seconds,
            numbers.replica_usd,
            numbers.gpus * numbers.gpu_fte,
            numbers.base_fte,
            numbers.spare,
            -numbers.most,
            # GPUs that are there already make a way cheaper: each of them, and all of a replica.
            -numbers.capital_usd,
            -numbers.capital_usd * numbers.gpus,
        )
        if column.size and (column != column[0]).any()
    ]
    count = numbers.eci.size
    no_worse = np.ones((count, count), dtype=bool)
    for column in columns:
        no_worse &= column[:, None] <= column[None, :]
    # Two that are no worse than each other are equal: the first beats the later one.
    places = np.arange(count)
    not_first = places[:, None] >= places[None, :]
    beaten: Bools = (no_worse & ~(no_worse.T & not_first)).any(axis=0)
    return ~beaten
