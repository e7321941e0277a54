"""What one way to do a piece of work costs, with its band: people apart."""

from math import ceil
from typing import assert_never

from apps.money.api import requests_usd
from apps.money.assumptions import Assumptions
from apps.money.gpus import replicas
from apps.money.hosting import (
    Deployment,
    Grade,
    Machine,
    ModelOnGpu,
    OnDevice,
    capital_usd,
    power_usd,
)
from apps.money.needs import Needs
from apps.money.offers import HostedModel
from apps.money.priced import OnApi, OnDevices, OnGpus, Priced
from apps.money.self_hosted import self_hosted_month
from apps.money.suitability import Lack, LackKind, index, model_lacks
from apps.money.supply import Supply
from apps.money.ways import Way
from apps.money.work import Kind, Role
from apps.money.workload import SECONDS_PER_DAY

# Prices may be half or twice what is expected; estimated throughput too.
BAND = 2.0
_MONTHS = 12


class Quotes:
    """Prices of ways under one set of assumptions.

    The peak of the needs is the one that counts: an assumed peak has replaced it before.
    """

    def __init__(self, assumptions: Assumptions, supply: Supply) -> None:
        """Take the assumptions and where the ways come from."""
        self._assumed, self._supply = assumptions, supply

    def priced(self, way: Way, kind: Kind, role: Role, volume: float, needs: Needs) -> Priced:
        """Return a way with what so many requests a day cost on it."""
        match way:
            case HostedModel():
                return self._on_api(way, role, volume, needs)
            case Deployment():
                return self.on_gpus(way, kind, role, volume, needs)
            case OnDevice():
                return self._on_devices(way, role, volume, needs)
            case _:
                assert_never(way)

    def _on_api(self, way: HostedModel, role: Role, volume: float, needs: Needs) -> OnApi:
        training = self._training(needs)
        usd = requests_usd(volume, way.request_usd)
        least = min(requests_usd(volume, way.low_usd), usd / BAND)
        most = max(requests_usd(volume, way.high_usd), usd * BAND)
        return OnApi(
            candidate=way.candidate,
            role=role,
            volume=volume,
            eci=index(way.candidate),
            lacks=(*way.lacks, *capability_lacks(index(way.candidate), needs, role)),
            hosted=way,
            monthly_usd=usd + training,
            low_usd=least + training,
            high_usd=most + training,
        )

    def _training(self, needs: Needs) -> float:
        return self._assumed.training_usd / _MONTHS if needs.ask.tuned else 0.0

    def on_gpus(
        self, way: Deployment, kind: Kind, role: Role, volume: float, needs: Needs
    ) -> OnGpus:
        """Return a deployment with what so many requests a day cost on it."""
        spare = self._spare(kind)
        serving = way.serving(self._assumed, needs.peak, spare)
        month = self_hosted_month(serving, volume, way.hourly, way.infra)
        training = self._training(needs) if kind is Kind.HOSTED else 0.0
        credit = self._credit(way, kind, month.fleet.gpus)
        usd = month.month_usd - credit
        fast, slow = (self._at_speed(way, kind, volume, needs, by) for by in (1 / BAND, BAND))
        return OnGpus(
            candidate=way.candidate,
            role=role,
            volume=volume,
            eci=way.eci,
            lacks=(
                *model_lacks(way.candidate, needs.ask),
                *capability_lacks(way.eci, needs, role),
            ),
            deployment=way,
            serving=serving,
            month=month,
            monthly_usd=usd + training,
            low_usd=min(fast / BAND, usd) + training,
            high_usd=max(slow * BAND, usd) + training,
        )

    def _credit(self, way: Deployment, kind: Kind, gpus: int) -> float:
        """Return what GPUs that are there already do not cost."""
        if kind is not Kind.OWNED or not self._assumed.owned_gpus:
            return 0.0
        return min(gpus, self._assumed.owned_gpus) * capital_usd(way.model.gpu, self._assumed)

    def _on_devices(self, way: OnDevice, role: Role, volume: float, needs: Needs) -> OnDevices:
        rate = self.busiest(volume, needs)
        devices = replicas(rate, way.replica_seconds, 0)
        usd = devices * way.replica_usd
        slow = replicas(rate, way.replica_seconds * BAND, 0) * way.replica_usd
        fast = replicas(rate, way.replica_seconds / BAND, 0) * way.replica_usd
        lacks = [
            *model_lacks(way.candidate, needs.ask),
            *capability_lacks(way.eci, needs, role),
        ]
        if devices > 1:
            carried = SECONDS_PER_DAY / (way.replica_seconds * needs.peak)
            lacks.append(Lack(LackKind.LOAD, volume, carried))
        return OnDevices(
            candidate=way.candidate,
            role=role,
            volume=volume,
            eci=way.eci,
            lacks=tuple(lacks),
            on_device=way,
            devices=devices,
            utilisation=rate / needs.peak * way.replica_seconds / devices,
            monthly_usd=usd,
            power_usd=devices * power_usd(way.model.device.power_w, way.electricity),
            low_usd=fast / BAND,
            high_usd=slow * BAND,
        )

    def cheapest(
        self, model: ModelOnGpu, kind: Kind, volume: float, needs: Needs
    ) -> Deployment | None:
        """Return the cheapest way to run a model on one GPU; None where it cannot be."""
        rate = self.busiest(volume, needs)
        return min(
            self._supply.machines.deployments(model, kind, needs.ask),
            key=lambda one: (self.month_usd(one, rate, kind), one.order),
            default=None,
        )

    def month_usd(self, one: Machine, busiest_rate: float, kind: Kind = Kind.RENTED) -> float:
        """Return US dollars a month at requests a second at the peak."""
        running = replicas(busiest_rate, one.replica_seconds, self._spare(kind))
        return running * one.replica_usd

    def _spare(self, kind: Kind) -> int:
        return 0 if kind is Kind.HOSTED else ceil(self._assumed.spare)

    def busiest(self, volume: float, needs: Needs) -> float:
        """Return requests a second in the busiest hour."""
        return volume / SECONDS_PER_DAY * needs.peak

    def _at_speed(
        self, way: Deployment, kind: Kind, volume: float, needs: Needs, throughput: float
    ) -> float:
        """Return the month of the same model and GPU if a request takes so many times as long."""
        rate = self.busiest(volume, needs)
        if way.model.grade is not Grade.ESTIMATED:
            return self.month_usd(way, rate, kind)
        changed = self._supply.machines.deployments(way.model, kind, needs.ask, throughput)
        return min(self.month_usd(one, rate, kind) for one in changed)


def capability_lacks(eci: float, needs: Needs, role: Role) -> tuple[Lack, ...]:
    """Return that a model is below the index that is asked for, if one is."""
    if needs.least_eci is None or role is Role.REST or eci >= needs.least_eci:
        return ()
    return (Lack(LackKind.CAPABILITY, needs.least_eci, eci),)
