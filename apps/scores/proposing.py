"""Turns a newer snapshot of the index into a proposal; nothing is applied without an editor."""

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from apps.catalog.models import Capability, CatalogVersion, IndexScore, Source
from apps.editing import audit
from apps.prices.models import SourceCopy
from apps.prices.values import UnsoundSourceError
from apps.scores import reader
from apps.scores.models import SnapshotProposal

COPY = "eci-scores"
URL = "https://epoch.ai/data/eci_scores.csv"
# More than this and it is another scale, not another estimate.
_MOST_SHIFT = 5.0
_FIELDS = ("name", "eci", "ci_low", "ci_high", "release_date", "organisation", "weights")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file of scores as it was read, and the day that its index was estimated."""

    origin: str
    content: bytes
    snapshot: date


@dataclass(frozen=True, slots=True)
class Difference:
    """What a snapshot says otherwise than the newest one of the catalog.

    `moved` holds the scores of catalog models, old and new; `lost` the models whose line is gone.
    """

    lines: int
    added: tuple[str, ...]
    gone: tuple[str, ...]
    moved: tuple[tuple[str, float, float], ...]
    lost: tuple[str, ...]


def propose(incoming: Incoming, today: date) -> SnapshotProposal | None:
    """Propose a snapshot; None where the catalog or the queue holds it already."""
    if incoming.snapshot > today:
        raise UnsoundSourceError(f"A snapshot of {incoming.snapshot} is still to come.")
    lines = reader.read(incoming.content, incoming.snapshot)
    digest = hashlib.sha256(incoming.content).hexdigest()
    with transaction.atomic():
        # One refresh at a time: the second waits here and then finds nothing new.
        list(CatalogVersion.objects.select_for_update())
        newest = list(IndexScore.objects.of_latest_snapshot())
        _check(incoming, lines, newest)
        _keep(incoming, len(lines), digest, today)
        if _is_held(lines, newest) or _is_decided(digest, incoming.snapshot):
            return None
        now = timezone.now()
        SnapshotProposal.objects.waiting().update(
            state=SnapshotProposal.State.REPLACED, decided_at=now
        )
        return SnapshotProposal.objects.create(
            snapshot=incoming.snapshot,
            lines=[_as_json(line) for line in lines],
            sha256=digest,
            origin=incoming.origin[:300],
            read_on=today,
        )


def _check(incoming: Incoming, lines: Sequence[reader.Line], newest: Sequence[IndexScore]) -> None:
    """Refuse what is older, far smaller or on another scale than what the catalog holds."""
    if not newest:
        return
    held = {score.name: score.eci for score in newest}
    if incoming.snapshot < newest[0].snapshot:
        raise UnsoundSourceError(
            f"The catalog holds a newer snapshot, of {newest[0].snapshot}; this is of "
            f"{incoming.snapshot}."
        )
    if len(lines) < settings.PRICE_SOURCE_LEAST_SHARE * len(held):
        raise UnsoundSourceError(
            f"The source holds {len(lines):,} scores, far fewer than the {len(held):,} of the "
            "newest snapshot: it may be half."
        )
    shifts = [abs(line.eci - held[line.name]) for line in lines if line.name in held]
    if not shifts:
        raise UnsoundSourceError("The source names no model of the newest snapshot.")
    if median(shifts) > _MOST_SHIFT:
        raise UnsoundSourceError(
            f"Half of the scores moved by more than {_MOST_SHIFT:g} points: the scale may be "
            "another one."
        )
    if incoming.snapshot == newest[0].snapshot and not _is_held(lines, newest):
        raise UnsoundSourceError(
            f"The catalog holds other scores of {incoming.snapshot}: name the day of these with "
            "--snapshot."
        )


def _is_held(lines: Sequence[reader.Line], newest: Sequence[IndexScore]) -> bool:
    """Tell whether the newest snapshot says the same, whatever it says of weights."""
    said = {(line.name, line.eci, line.ci_low, line.ci_high) for line in lines}
    return said == {(score.name, score.eci, score.ci_low, score.ci_high) for score in newest}


def _is_decided(digest: str, snapshot: date) -> bool:
    """Tell whether it waits, or was refused, as it is."""
    states = (SnapshotProposal.State.WAITING, SnapshotProposal.State.REFUSED)
    same = SnapshotProposal.objects.filter(sha256=digest, snapshot=snapshot, state__in=states)
    return same.exists()


def _keep(incoming: Incoming, entries: int, digest: str, today: date) -> None:
    if SourceCopy.objects.filter(name=COPY, sha256=digest).exists():
        return
    SourceCopy.objects.update_or_create(
        name=COPY,
        defaults={
            "sha256": digest,
            "content": gzip.compress(incoming.content, mtime=0),
            "entries": entries,
            "origin": incoming.origin[:300],
            "read_on": today,
        },
    )


def _as_json(line: reader.Line) -> dict[str, Any]:
    found = {name: getattr(line, name) for name in _FIELDS}
    found["release_date"] = line.release_date and line.release_date.isoformat()
    return found


def difference(lines: Sequence[Mapping[str, Any]]) -> Difference:
    """Return what proposed lines would change, for the models of the catalog above all."""
    held = {score.name: score.eci for score in IndexScore.objects.of_latest_snapshot()}
    new = {str(line["name"]): float(line["eci"]) for line in lines}
    mapped = Capability.objects.exclude(index_name="").select_related("model")
    pairs = [(str(row.model), row.index_name) for row in mapped.order_by("model__name")]
    return Difference(
        lines=len(new),
        added=tuple(sorted(new.keys() - held.keys())),
        gone=tuple(sorted(held.keys() - new.keys())),
        moved=tuple(
            (model, held[name], new[name])
            for model, name in pairs
            if name in held and name in new and held[name] != new[name]
        ),
        lost=tuple(model for model, name in pairs if name in held and name not in new),
    )


def accept(proposal: SnapshotProposal, by: AbstractBaseUser | None, now: datetime) -> str:
    """Put a snapshot into the catalog beside the earlier ones; return why not where it cannot."""
    with transaction.atomic():
        row = SnapshotProposal.objects.select_for_update().waiting().filter(pk=proposal.pk).first()
        if row is None:
            return "It was decided on before."
        if IndexScore.objects.filter(snapshot__gte=row.snapshot).exists():
            return "The catalog has got a snapshot of that day, or a newer one, since."
        source = _source(row)
        scores = IndexScore.objects.bulk_create(
            [
                IndexScore(
                    snapshot=row.snapshot,
                    source=source,
                    **line | {"release_date": line["release_date"] and _day(line["release_date"])},
                )
                for line in row.lines
            ]
        )
        audit.record(scores, by, f"Accepted as read from {row.origin}.")
        _decide(row, SnapshotProposal.State.ACCEPTED, by, now)
    return ""


def refuse(proposal: SnapshotProposal, by: AbstractBaseUser | None, now: datetime) -> str:
    """Refuse a snapshot: it does not come back while it says the same."""
    with transaction.atomic():
        row = SnapshotProposal.objects.select_for_update().waiting().filter(pk=proposal.pk).first()
        if row is None:
            return "It was decided on before."
        _decide(row, SnapshotProposal.State.REFUSED, by, now)
    return ""


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _source(row: SnapshotProposal) -> Source:
    source, _ = Source.objects.get_or_create(
        slug=f"epoch-eci-{row.snapshot}",
        defaults={
            "title": f"Epoch AI: Epoch Capabilities Index, snapshot {row.snapshot}",
            "url": URL,
            "note": "CC BY 4.0.",
            "kind": Source.Kind.LEADERBOARD,
            "read_on": row.read_on,
        },
    )
    return source


def _decide(
    row: SnapshotProposal,
    state: SnapshotProposal.State,
    by: AbstractBaseUser | None,
    now: datetime,
) -> None:
    row.state, row.decided_at, row.decided_by_id = state, now, by.pk if by else None
    row.save(update_fields=["state", "decided_at", "decided_by"])
