"""What own hardware is to buy: capital, power, waiting and write-off, apart from the month."""

from dataclasses import dataclass

from apps.money.assumptions import Assumptions
from apps.money.hosting import WRITE_OFF_MONTHS, power_usd
from apps.money.priced import OnDevices, OnGpus


@dataclass(frozen=True, slots=True)
class Purchase:
    """So many of one machine; US dollars, None where the price or the power is not known.

    `to_buy` counts those that are not there already; `power_usd` is US dollars a month at full
    power, `power_kw` kilowatts of all of them.
    """

    name: str
    count: int
    to_buy: int
    each_usd: float | None
    power_kw: float | None
    power_usd: float | None
    lead_time: str

    @property
    def capital_usd(self) -> float | None:
        """US dollars to pay before the first day."""
        return None if self.each_usd is None else self.each_usd * self.to_buy

    @property
    def write_off_usd(self) -> float | None:
        """US dollars a month over the months that the price is spread over."""
        return None if self.capital_usd is None else self.capital_usd / WRITE_OFF_MONTHS


def purchase(part: OnGpus | OnDevices, assumed: Assumptions) -> Purchase:
    """Return what a part on own hardware is to buy; servers, racks and network are not in it."""
    if isinstance(part, OnDevices):
        device, count, there = part.device, part.devices, 0
        return _purchase(device.name, count, there, device.price_usd, device.power_w, "", assumed)
    gpu, count = part.gpu, part.fleet.gpus
    there = min(count, int(assumed.owned_gpus))
    return _purchase(gpu.name, count, there, gpu.price_usd, gpu.power_w, gpu.lead_time, assumed)


def _purchase(
    name: str,
    count: int,
    there: int,
    each_usd: float | None,
    watts: float | None,
    lead_time: str,
    assumed: Assumptions,
) -> Purchase:
    return Purchase(
        name=name,
        count=count,
        to_buy=count - there,
        each_usd=each_usd,
        power_kw=None if watts is None else watts * count / 1000,
        power_usd=None if watts is None else power_usd(watts * count, assumed.electricity),
        lead_time=lead_time,
    )
