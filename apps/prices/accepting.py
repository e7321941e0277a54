"""Accepts and refuses proposals: what is accepted becomes the catalog's, the rest stays away."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from apps.catalog.models import Host, Offer, Price
from apps.catalog.price_lists import in_dollars
from apps.editing import audit
from apps.prices.models import Proposal
from apps.prices.values import FIELDS, PriceList, Step, as_json, from_json

_BATCH = 200


@dataclass
class Outcome:
    """How many proposals were decided on, and why others were not."""

    done: int = 0
    problems: list[str] = field(default_factory=list)


def accept(
    ids: Sequence[int],
    by: AbstractBaseUser | None,
    now: datetime,
    *,
    automatic: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Put the proposals into the catalog, each only where what it would replace still stands."""
    outcome = Outcome()
    with transaction.atomic():
        waiting = list(
            Proposal.objects.select_for_update(of=("self",))
            .waiting()
            .filter(pk__in=list(ids))
            .with_rows()
            .select_related("agrees")
            .order_by("starts", "pk")
        )
        offers = [p for p in waiting if p.field == Proposal.Field.OFFER]
        known = set(Host.objects.values_list("slug", flat=True))
        done = _accept_offers(offers, now.date(), outcome, progress)
        for comment, created in _by_comment(done, automatic).items():
            hosts = {one.host for one in created if one.host and one.host.slug not in known}
            audit.record(hosts, by, comment)
            audit.record([row for one in created for row in _rows(one)], by, comment)
        for proposal in waiting:
            if proposal.field == Proposal.Field.OFFER:
                continue
            with audit.changing(_rows(proposal), by, _comment(proposal, automatic)):
                problem = _accept_change(proposal)
            if problem:
                outcome.problems.append(f"{proposal}: {problem}")
            else:
                done.append(proposal)
        _decide(done, Proposal.State.ACCEPTED, by, now, automatic)
    outcome.done = len(done)
    return outcome


def _rows(proposal: Proposal) -> list[Offer]:
    return [proposal.offer] if proposal.offer else []


def _by_comment(proposals: Iterable[Proposal], automatic: bool) -> dict[str, list[Proposal]]:
    found: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        found.setdefault(_comment(proposal, automatic), []).append(proposal)
    return found


def _comment(proposal: Proposal, automatic: bool) -> str:
    how = "Accepted automatically" if automatic else "Accepted"
    return f"{how} as proposed by {proposal.source}."


def refuse(ids: Sequence[int], by: AbstractBaseUser | None, now: datetime) -> Outcome:
    """Refuse the proposals: none comes back while its source says the same."""
    with transaction.atomic():
        rows = Proposal.objects.select_for_update().waiting().filter(pk__in=list(ids))
        waiting = list(rows)
        _decide(waiting, Proposal.State.REFUSED, by, now, automatic=False)
    return Outcome(done=len(waiting))


def _decide(
    proposals: Sequence[Proposal],
    state: Proposal.State,
    by: AbstractBaseUser | None,
    now: datetime,
    automatic: bool,
) -> None:
    for proposal in proposals:
        proposal.state, proposal.decided_at, proposal.automatic = state, now, automatic
        proposal.decided_by_id = by.pk if by else None
    fields = ("state", "decided_at", "automatic", "decided_by", "offer", "host")
    Proposal.objects.bulk_update(proposals, fields, batch_size=_BATCH)


def _accept_offers(
    proposals: Sequence[Proposal],
    today: date,
    outcome: Outcome,
    progress: Callable[[str], None],
) -> list[Proposal]:
    """Create the offers with their hosts and prices, in a few statements however many there are."""
    if not proposals:
        return []
    models = {proposal.model.pk for proposal in proposals}
    known = {
        (model, host, id_.casefold())
        for model, host, id_ in Offer.objects.filter(model__in=models).values_list(
            "model", "host__slug", "host_model_id"
        )
    }
    hosts = _hosts(proposals)
    done: list[Proposal] = []
    offers: list[Offer] = []
    for proposal in proposals:
        key = (proposal.model.pk, proposal.host_slug, proposal.host_model_id.casefold())
        if key in known:
            outcome.problems.append(f"{proposal}: the catalog holds this offer already.")
            continue
        known.add(key)
        new = proposal.new
        proposal.host = hosts[proposal.host_slug]
        offers.append(
            Offer(
                model=proposal.model,
                host=proposal.host,
                host_model_id=proposal.host_model_id,
                context_tokens=new["context"],
                status=new["status"],
                deprecated_on=new["deprecated_on"] and date.fromisoformat(new["deprecated_on"]),
                note=new["note"],
                source=proposal.source,
            )
        )
        done.append(proposal)
    Offer.objects.bulk_create(offers, batch_size=_BATCH)
    progress(f"{len(offers):,} offers created.")
    prices: list[Price] = []
    for proposal, offer in zip(done, offers, strict=True):
        proposal.offer = offer
        prices.extend(_first_prices(proposal, offer))
    Price.objects.bulk_create(prices, batch_size=_BATCH)
    progress(f"{len(prices):,} prices created.")
    return done


def _first_prices(proposal: Proposal, offer: Offer) -> Iterable[Price]:
    kept = proposal.new["lists"]
    starts = [date.fromisoformat(one["starts"]) for one in kept]
    # An offer without a known price has no list at all.
    ends = [*starts[1:], None][: len(starts)]
    for one, start, after in zip(kept, starts, ends, strict=True):
        prices = from_json(one, start)
        for step in prices.steps:
            yield Price(
                offer=offer,
                valid_from=start,
                valid_until=after and after - timedelta(days=1),
                above_tokens=step.above,
                read_on=proposal.source.read_on,
                note=prices.note,
                source=proposal.source,
                confirmed_by=proposal.agrees,
                **step.stated(),
            )


def _hosts(proposals: Iterable[Proposal]) -> dict[str, Host]:
    found = {host.slug: host for host in Host.objects.all()}
    names = {host.name for host in found.values()}
    for proposal in proposals:
        if proposal.host_slug in found:
            continue
        stated = proposal.new["host"]
        name = stated["name"] if stated["name"] not in names else proposal.host_slug
        names.add(name)
        kind = Host.Kind.ROUTER if stated["router"] else Host.Kind.HOST
        found[proposal.host_slug] = Host.objects.create(
            slug=proposal.host_slug, name=name, kind=kind, source=proposal.source
        )
    return found


def _accept_change(proposal: Proposal) -> str:
    """Change an offer as proposed; return why not where the catalog has changed since."""
    if proposal.offer is None:
        return "there is no such offer any more."
    if proposal.field == Proposal.Field.STATUS:
        return _change_status(proposal, proposal.offer)
    return _change_price(proposal, proposal.offer)


def _change_status(proposal: Proposal, offer: Offer) -> str:
    ends = offer.deprecated_on.isoformat() if offer.deprecated_on else None
    if proposal.old != {"status": offer.status, "deprecated_on": ends}:
        return "the status has changed since."
    text = proposal.new["deprecated_on"]
    offer.status = proposal.new["status"]
    offer.deprecated_on = date.fromisoformat(text) if text else None
    offer.save()
    return ""


def _change_price(proposal: Proposal, offer: Offer) -> str:
    rows = list(offer.prices.select_related("currency"))
    lists = price_lists(rows)
    old: Any = proposal.old
    # The list that would be replaced, or after which the new one starts, is still there.
    if old is None and any(one.starts and one.starts <= proposal.starts for one in lists):
        return "a price was added since."
    if old is not None and not any(as_json(one) == old for one in lists):
        return "the price has changed since."
    write_list(offer, rows, from_json(proposal.new, proposal.starts), proposal)
    return ""


def price_lists(rows: Iterable[Price]) -> tuple[PriceList, ...]:
    """Return an offer's rows as price lists in US dollars, in the order of time."""
    found: dict[date, list[Price]] = {}
    in_order = sorted(rows, key=lambda row: (row.valid_from, row.above_tokens))
    for row in map(in_dollars, in_order):
        found.setdefault(row.valid_from, []).append(row)
    return tuple(
        PriceList(
            steps=tuple(
                Step(row.above_tokens, **{name: getattr(row, name) for name in FIELDS})
                for row in steps
            ),
            starts=starts,
            until=steps[0].valid_until,
            note=steps[0].note,
        )
        for starts, steps in found.items()
    )


def write_list(offer: Offer, rows: Sequence[Price], prices: PriceList, proposal: Proposal) -> None:
    """Write a price list from a day on; what was in force ends the day before.

    A list from the same day is corrected in place. An announced list after it stays.
    """
    starts = prices.starts
    if starts is None:
        raise ValueError("A price list is written from a day on.")
    before = [row for row in rows if row.valid_from < starts]
    for row in before:
        if row.valid_until is None or row.valid_until >= starts:
            row.valid_until = starts - timedelta(days=1)
            row.save()
    later = min((row.valid_from for row in rows if row.valid_from > starts), default=None)
    same_day = {row.above_tokens: row for row in rows if row.valid_from == starts}
    for step in prices.steps:
        new = Price(offer=offer, valid_from=starts, above_tokens=step.above)
        row = same_day.pop(step.above, new)
        if later:
            row.valid_until = later - timedelta(days=1)
        for name in FIELDS:
            setattr(row, name, getattr(step, name))
        # Sources speak in dollars, whatever the list was kept in.
        row.currency = None
        row.note, row.read_on = prices.note, proposal.source.read_on
        row.source, row.confirmed_by = proposal.source, proposal.agrees
        row.save()
    for row in same_day.values():
        row.delete()
