"""A catalog of any size, made quickly: most facts known, some not, ten offers a model."""

from datetime import date
from decimal import Decimal

from apps.catalog.models import Host, Model, Offer, Price
from tests import factories

OFFERS_A_MODEL = 10


def fill(models: int, prefix: str = "large") -> None:
    """Add models with their offers and prices."""
    source = factories.SourceFactory.create()
    providers = [factories.ProviderFactory.create() for _ in range(20)]
    licenses = [factories.LicenseFactory.create(), None]
    hosts = [
        Host(slug=f"{prefix}-h{n}", name=f"{prefix} host {n}", source=source) for n in range(40)
    ]
    for place, host in enumerate(hosts):
        host.kind = "router" if place % 8 == 7 else "host"
    hosts = Host.objects.bulk_create(hosts)
    rows = Model.objects.bulk_create(
        [
            Model(
                slug=f"{prefix}-{n}",
                name=f"{prefix.title()} {n}",
                provider=providers[n % 20],
                license=licenses[n % 2],
                openness=("open-weight", "closed", "fully-open", "semi-open")[n % 4],
                status=("current", "legacy", "deprecated", "retired")[n % 4],
                tools=(True, False, None)[n % 3],
                reasoning=(None, True)[n % 2],
                context_tokens=(None, 8192, 131_072, 1_000_000)[n % 4],
                params_total_b=None if n % 5 == 0 else float(n % 700 + 1),
                served_bits=8.0 if n % 3 else None,
                release_date=date(2026, 1, 1 + n % 28),
                checked_on=date(2026, 11, 22),
                source=source,
            )
            for n in range(models)
        ],
        batch_size=1000,
    )
    offers = Offer.objects.bulk_create(
        [
            Offer(
                model=model,
                host=hosts[(place * 7 + n) % 40],
                host_model_id=f"{model.slug}@{n}",
                status="active",
                source=source,
            )
            for place, model in enumerate(rows)
            for n in range(OFFERS_A_MODEL)
        ],
        batch_size=2000,
    )
    Price.objects.bulk_create(
        [
            Price(
                offer=offer,
                valid_from=date(2026, 1, 1),
                input=Decimal(place % 97) / 10,
                output=Decimal(place % 89) / 5,
                source=source,
            )
            for place, offer in enumerate(offers)
        ],
        batch_size=2000,
    )
