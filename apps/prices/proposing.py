"""Turns what sources say into proposals, and applies those that need no editor."""

import gzip
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.catalog.models import (
    Alias,
    CatalogVersion,
    Host,
    Model,
    Offer,
    Source,
)
from apps.prices import accepting, differences, soundness
from apps.prices.differences import Difference, Held, HeldOffer, Said, Target
from apps.prices.models import REASON_LENGTH, Proposal, SourceCopy
from apps.prices.values import Reading, UnsoundSourceError

type Progress = Callable[[str], None]
type Reader = Callable[[bytes, date], Sequence[Reading]]
type Slot = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A source as it was read: its bytes, what they mean, and how to read a kept copy again."""

    name: str
    origin: str
    content: bytes
    readings: tuple[Reading, ...]
    # How many prices a whole source holds, where no copy was kept yet.
    usual_size: int | None = None
    # It is meant to hold only some prices: it is measured by nothing, and nothing by it.
    partial: bool = False

    @property
    def size(self) -> int:
        """Return how many prices it holds."""
        return sum(bool(quote.lists) for reading in self.readings for quote in reading.quotes)


@dataclass
class Summary:
    """What a refresh did."""

    quotes: int = 0
    matched: int = 0
    proposed: int = 0
    applied: int = 0
    replaced: int = 0
    waiting: int = 0
    by_field: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    new_ids: list[int] = field(default_factory=list)


def limits() -> soundness.Limits:
    """Return how far a source may go, as the settings say."""
    return soundness.Limits(
        band=settings.PRICE_BAND,
        factor=settings.PRICE_ABSURD_FACTOR,
        most=settings.PRICE_MOST,
        least_share=settings.PRICE_SOURCE_LEAST_SHARE,
    )


def refresh(
    incoming: Incoming, today: date, readers: Mapping[str, Reader], progress: Progress
) -> Summary:
    """Compare a source with the catalog, write proposals, apply the safe ones: all or nothing."""
    bounds = limits()
    with transaction.atomic():
        # One refresh at a time: the second waits here and then finds nothing new.
        list(CatalogVersion.objects.select_for_update())
        copies = {copy.name: copy for copy in SourceCopy.objects.all()}
        kept = copies.get(incoming.name)
        notes = [note for reading in incoming.readings for note in reading.notes]
        soundness.check_size(incoming.size, _size_before(incoming, kept), bounds, notes)
        held = held_offers()
        summary = Summary(quotes=sum(len(r.quotes) for r in incoming.readings))
        said: dict[Target, list[Said]] = {}
        odd: dict[Target, str] = {}
        for reading in incoming.readings:
            soundness.check_prices(reading, bounds)
            found = differences.matched(reading, held)
            odd |= soundness.odd_prices(found, held, today, bounds)
            for target, one in found.items():
                said.setdefault(target, []).append(one)
            summary.notes.extend((*reading.notes, *differences.unknown_models(reading, held)))
        summary.matched = len(said)
        progress(f"{summary.quotes:,} prices read, {summary.matched:,} of known models.")
        others = (copy for name, copy in copies.items() if name != incoming.name)
        witnesses = _witnesses(others, readers, held)
        changes = [
            _held_back(one, odd) for one in _differences(said, witnesses, held, today, progress)
        ]
        summary.notes.extend(odd.values())
        _write(changes, said, today, bounds.band, summary, progress)
        if not incoming.partial:
            _keep(incoming, kept, today)
        summary.waiting = Proposal.objects.waiting().count()
    return summary


def _held_back(one: Difference, odd: Mapping[Target, str]) -> Difference:
    """Return a difference whose odd price waits for an editor; a status is not odd."""
    why = "" if one.field == differences.STATUS else odd.get(one.target, "")
    return replace(one, caution=f"{one.caution} {why}".strip()) if why else one


def _size_before(incoming: Incoming, kept: SourceCopy | None) -> int | None:
    if incoming.partial:
        return None
    return kept.entries if kept else incoming.usual_size


def held_offers() -> Held:
    """Return the offers of the catalog with their prices as plain values."""
    offers = Offer.objects.select_related("model", "host").prefetch_related(
        "prices__source", "prices__currency"
    )
    found = (_held(offer) for offer in offers)
    return Held(
        offers={offer.target: offer for offer in found},
        models=frozenset(Model.objects.values_list("slug", flat=True)),
        aliases={
            (dataset, name): slug
            for dataset, name, slug in Alias.objects.values_list("dataset", "name", "model__slug")
        },
    )


def _held(offer: Offer) -> HeldOffer:
    rows = list(offer.prices.all())
    return HeldOffer(
        pk=offer.pk,
        model=offer.model.slug,
        host=offer.host.slug,
        host_model_id=offer.host_model_id,
        status=offer.status,
        deprecated_on=offer.deprecated_on,
        lists=accepting.price_lists(rows),
        read_on=max((row.source.read_on for row in rows), default=None),
        currency=next((row.currency.currency for row in rows if row.currency), ""),
    )


def _witnesses(
    copies: Iterable[SourceCopy], readers: Mapping[str, Reader], held: Held
) -> dict[Target, list[Said]]:
    found: dict[Target, list[Said]] = {}
    for copy in copies:
        if copy.name not in readers:
            continue
        try:
            readings = readers[copy.name](gzip.decompress(copy.content), copy.read_on)
        except UnsoundSourceError:
            # A copy that today's reader no longer takes is no witness.
            continue
        for reading in readings:
            for target, one in differences.matched(reading, held).items():
                found.setdefault(target, []).append(one)
    return found


def _differences(
    said: Mapping[Target, Sequence[Said]],
    witnesses: Mapping[Target, Sequence[Said]],
    held: Held,
    today: date,
    progress: Progress,
) -> list[Difference]:
    found: list[Difference] = []
    hosts: dict[str, list[HeldOffer]] = {}
    for offer in held.offers.values():
        hosts.setdefault(offer.model, []).append(offer)
    for place, (target, ones) in enumerate(said.items(), start=1):
        mine = {one.reading.dataset for one in ones}
        seen = [w for w in witnesses.get(target, ()) if w.reading.dataset not in mine]
        new = differences.differences(ones, target, held, today, seen)
        found.extend(differences.warned(one, hosts.get(target[0], ()), today) for one in new)
        if place % 500 == 0:
            progress(f"{place:,} of {len(said):,} offers compared.")
    return found


def _write(
    changes: Sequence[Difference],
    said: Mapping[Target, Sequence[Said]],
    today: date,
    band: float,
    summary: Summary,
    progress: Progress,
) -> None:
    now = timezone.now()
    standing = _standing(said)
    news = [difference for difference in changes if _is_news(difference, standing, summary, now)]
    for earlier in standing.values():
        # The source says what the catalog holds.
        _set_aside(earlier, now)
        summary.replaced += 1
    verdicts = [_verdict(difference, band) for difference in news]
    rows = _proposals(news, [reason for _, reason in verdicts])
    created = Proposal.objects.bulk_create(rows, batch_size=500)
    progress(f"{len(created):,} proposals written.")
    summary.proposed = len(created)
    summary.new_ids = [proposal.pk for proposal in created]
    for proposal in created:
        summary.by_field[proposal.field] = summary.by_field.get(proposal.field, 0) + 1
    automatic = [p.pk for p, (applies, _) in zip(created, verdicts, strict=True) if applies]
    outcome = accepting.accept(automatic, by=None, now=now, automatic=True)
    summary.applied = outcome.done


def _is_news(
    difference: Difference, standing: dict[Slot, Proposal], summary: Summary, now: datetime
) -> bool:
    """Tell whether a difference was not proposed before; an earlier proposal is set aside."""
    starts = difference.starts.isoformat() if difference.announced else ""
    dataset = difference.said.reading.dataset
    earlier = standing.pop((dataset, *difference.target, difference.field, starts), None)
    if earlier is None:
        return True
    same = earlier.new == difference.new
    if same and (earlier.old == difference.old or earlier.state == Proposal.State.REFUSED):
        return False
    _set_aside(earlier, now)
    summary.replaced += 1
    return True


def _proposals(news: Sequence[Difference], reasons: Sequence[str]) -> list[Proposal]:
    models = {model.slug: model for model in Model.objects.all()}
    hosts = {host.slug: host for host in Host.objects.all()}
    sources: dict[str, Source] = {}
    rows = []
    for difference, reason in zip(news, reasons, strict=True):
        reading, offer = difference.said.reading, difference.held
        row = Proposal(
            model=models[difference.target[0]],
            host=hosts.get(difference.target[1]),
            host_slug=difference.target[1],
            host_model_id=(offer or difference.said.quote).host_model_id,
            offer_id=offer.pk if offer else None,
            field=difference.field,
            old=difference.old,
            new=dict(difference.new),
            starts=difference.starts,
            change=difference.change,
            dataset=reading.dataset,
            source=_source(reading, sources),
            agrees=_source(difference.agrees, sources) if difference.agrees else None,
            read_on=reading.read_on,
            reason=reason[:REASON_LENGTH],
        )
        rows.append(row)
    return rows


def _standing(said: Mapping[Target, Sequence[Said]]) -> dict[Slot, Proposal]:
    """Return the open and the refused proposals of the offers that the sources speak of."""
    datasets = {one.reading.dataset for ones in said.values() for one in ones}
    found: dict[Slot, Proposal] = {}
    for dataset in datasets:
        for row in Proposal.objects.of_dataset(dataset).select_related("model"):
            id_ = row.host_model_id.casefold()
            if (row.model.slug, row.host_slug, id_) not in said:
                continue
            starts = row.starts.isoformat() if row.starts > row.read_on else ""
            found[dataset, row.model.slug, row.host_slug, id_, row.field, starts] = row
    return found


def _set_aside(earlier: Proposal, now: datetime) -> None:
    """End a proposal that the source no longer makes; a refused one keeps who refused it."""
    if earlier.state == Proposal.State.REFUSED:
        earlier.lapsed = True
    else:
        earlier.state, earlier.decided_at = Proposal.State.REPLACED, now
    earlier.save(update_fields=["state", "decided_at", "lapsed"])


def _verdict(difference: Difference, band: float) -> tuple[bool, str]:
    """Tell whether a difference is applied without an editor, and why or why not."""
    agreed, changed = difference.agrees, difference.change
    words = f"{difference.said.reading.title} and {agreed.title} agree" if agreed else ""
    if difference.field == differences.STATUS:
        return False, "A change of status is for an editor."
    if difference.field == differences.OFFER:
        new = f"A new offer; {words or 'one source lists it'}."
        return False, f"{new} {difference.caution}".strip()
    if difference.caution:
        return False, difference.caution
    if agreed is None:
        return False, "Only one source says so."
    if changed is None:
        return False, f"{words}, but there is no price before, or the steps are others."
    if changed > band:
        return False, f"{words}, but {changed:.0%} is more than the {band:.0%} applied alone."
    return True, f"{words}; the change of {changed:.0%} is within {band:.0%}."


def _source(reading: Reading, known: dict[str, Source]) -> Source:
    """Return the row of a source, made where it is new."""
    if reading.source_slug not in known:
        known[reading.source_slug], _ = Source.objects.get_or_create(
            slug=reading.source_slug,
            defaults={
                "title": reading.title,
                "url": reading.url,
                "kind": Source.Kind.DATASET,
                "read_on": reading.read_on,
            },
        )
    return known[reading.source_slug]


def dated(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Return readings with the day on which the catalog says that their source was read."""
    days = dict(Source.objects.values_list("slug", "read_on"))
    return tuple(
        replace(reading, read_on=days.get(reading.source_slug, reading.read_on))
        for reading in readings
    )


def _keep(incoming: Incoming, kept: SourceCopy | None, today: date) -> None:
    digest = hashlib.sha256(incoming.content).hexdigest()
    if kept and kept.sha256 == digest:
        return
    SourceCopy.objects.update_or_create(
        name=incoming.name,
        defaults={
            "sha256": digest,
            "content": gzip.compress(incoming.content, mtime=0),
            "entries": incoming.size,
            "origin": incoming.origin[:300],
            "read_on": today,
        },
    )
