"""What pieces of work cost with the models that a market has for them, people apart."""

from collections.abc import Sequence
from math import ceil, nan
from typing import assert_never

from apps.money.api import requests_usd
from apps.money.assumptions import Assumptions
from apps.money.hosting import Deployment, Grade, cheapest, models_on_gpus, undominated
from apps.money.market import Candidate, Gpu, Market
from apps.money.needs import Needs
from apps.money.priced import OnApi, OnGpus, Priced
from apps.money.self_hosted import self_hosted_month
from apps.money.sourcing import Bid, Offered, Runnable, Sourcing, Supply
from apps.money.suitability import Requirements, lacks
from apps.money.work import Kind, Work

# Prices and people may be half or twice what is expected; estimated throughput too.
BAND = 2.0


class Quotes:
    """Prices of work on one market under one set of assumptions.

    The peak of the needs is the one that counts: an assumed peak has replaced it before.
    """

    def __init__(self, market: Market, assumptions: Assumptions, most_bytes: int) -> None:
        """Take the market and the assumptions; remember up to so many bytes."""
        self._market = market
        self._assumptions = assumptions
        self._spare = ceil(assumptions.spare)
        self._sourcing = Sourcing(market, assumptions, most_bytes)

    def supply(self, work: Work, needs: Needs) -> Supply | None:
        """Return what the work can be done with; None where nothing can be priced."""
        return self._sourcing.find(work.kind, work.tier, needs.modality, needs.size)

    def monthly_usd(self, work: Work, needs: Needs) -> float:
        """Return US dollars a month at the cheapest; NaN where nothing can be priced."""
        match self.supply(work, needs):
            case None:
                return nan
            case Offered() as offered:
                return requests_usd(work.volume, offered.bids[0].request_usd)
            case Runnable() as runnable:
                return self._cheapest(runnable.best, work, needs)[0]
            case supply:
                assert_never(supply)

    def cheapest(self, work: Work, needs: Needs) -> Priced | None:
        """Return the cheapest model for the work; None where nothing can be priced."""
        match self.supply(work, needs):
            case None:
                return None
            case Offered() as offered:
                return _on_api(work, offered.wanted, offered.bids[0])
            case Runnable() as runnable:
                fit = self._cheapest(runnable.best, work, needs)
                return self._on_gpus(work, needs, runnable.wanted, *fit)
            case supply:
                assert_never(supply)

    def alternatives(self, work: Work, needs: Needs, count: int) -> tuple[Priced, ...]:
        """Return the cheapest models for the work, each once and the cheapest first."""
        match self.supply(work, needs):
            case None:
                return ()
            case Offered() as offered:
                return tuple(_on_api(work, offered.wanted, bid) for bid in offered.bids[:count])
            case Runnable() as runnable:
                fits = [self._cheapest(of_one, work, needs) for of_one in runnable.by_model]
                fits.sort(key=lambda fit: (fit[0], fit[1].order))
                wanted = runnable.wanted
                return tuple(self._on_gpus(work, needs, wanted, *fit) for fit in fits[:count])
            case supply:
                assert_never(supply)

    def band(self, part: Priced, work: Work, needs: Needs) -> tuple[float, float]:
        """Return the least and the most US dollars a month that a part may come to."""
        match part:
            case OnApi():
                return part.monthly_usd / BAND, part.monthly_usd * BAND
            case OnGpus():
                fast, slow = (self._at_speed(part, work, needs, by) for by in (1 / BAND, BAND))
                return fast / BAND, slow * BAND
            case _:
                assert_never(part)

    def on_each_gpu(self, work: Work, needs: Needs) -> tuple[tuple[Gpu, OnGpus | None], ...]:
        """Return the model that does the work on each GPU of the market, each at its cheapest.

        None where it does not fit, was not measured or has no price; empty on an API.
        """
        runnable = self.supply(work, needs)
        if not isinstance(runnable, Runnable):
            return ()
        chosen = self._cheapest(runnable.best, work, needs)[1].model.candidate
        by_gpu = {
            model.gpu.slug: undominated(
                self._sourcing.deployments(model, work.kind is Kind.OWNED, needs.size)
            )
            for model in models_on_gpus(self._market, chosen)
        }
        return tuple(
            (gpu, self._on_one_gpu(by_gpu.get(gpu.slug, ()), work, needs, runnable.wanted))
            for gpu in self._market.gpus
        )

    def bid(self, candidate: Candidate, needs: Needs) -> Bid | None:
        """Return the cheapest offer of one model; None where nobody takes such requests."""
        return self._sourcing.bid(candidate, needs.size)

    def rented(self, slug: str, work: Work, needs: Needs) -> Deployment | None:
        """Return the cheapest way to run one model on rented GPUs; None where there is none."""
        candidate = next((c for c in self._market.candidates if c.slug == slug), None)
        if candidate is None or not candidate.is_open:
            return None
        deployments = undominated(
            deployment
            for model in models_on_gpus(self._market, candidate)
            for deployment in self._sourcing.deployments(model, owned=False, size=needs.size)
        )
        return self._cheapest(deployments, work, needs)[1] if deployments else None

    def _cheapest(
        self, deployments: Sequence[Deployment], work: Work, needs: Needs
    ) -> tuple[float, Deployment]:
        return cheapest(deployments, work.busiest_rate(needs.peak), self._spare)

    def _on_one_gpu(
        self, deployments: Sequence[Deployment], work: Work, needs: Needs, wanted: Requirements
    ) -> OnGpus | None:
        if not deployments:
            return None
        return self._on_gpus(work, needs, wanted, *self._cheapest(deployments, work, needs))

    def _on_gpus(
        self,
        work: Work,
        needs: Needs,
        wanted: Requirements,
        monthly_usd: float,
        deployment: Deployment,
    ) -> OnGpus:
        candidate = deployment.model.candidate
        serving = deployment.serving(self._assumptions, needs.peak)
        return OnGpus(
            candidate=candidate,
            role=work.role,
            volume=work.volume,
            lacks=lacks(candidate, wanted),
            deployment=deployment,
            serving=serving,
            month=self_hosted_month(serving, work.volume, deployment.hourly, deployment.infra),
            monthly_usd=monthly_usd,
        )

    def _at_speed(self, part: OnGpus, work: Work, needs: Needs, throughput: float) -> float:
        """Return the month of the same model and GPU if a request takes so many times as long."""
        if part.grade is not Grade.ESTIMATED:
            return part.monthly_usd
        owned, rate = work.kind is Kind.OWNED, work.busiest_rate(needs.peak)
        changed = self._sourcing.deployments(part.deployment.model, owned, needs.size, throughput)
        return min(deployment.month_usd(rate, self._spare) for deployment in changed)


def _on_api(work: Work, wanted: Requirements, bid: Bid) -> OnApi:
    return OnApi(
        candidate=bid.candidate,
        role=work.role,
        volume=work.volume,
        lacks=lacks(bid.candidate, wanted, bid.offer),
        offer=bid.offer,
        request_usd=bid.request_usd,
    )
