"""Which columns of tokens add up to all input and all output, told by arithmetic where it can."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.usage.columns import Role, words
from apps.usage.errors import same_thing

type Counts = Mapping[Role, int]

_WRITTEN = (Role.WRITTEN, Role.WRITTEN_5M, Role.WRITTEN_1H)


@dataclass(frozen=True, slots=True)
class Convention:
    """The columns that are added up, and whether the file's own total agrees (None without one)."""

    inputs: tuple[Role, ...]
    outputs: tuple[Role, ...]
    agrees: bool | None = None

    def tokens_in(self, row: Counts) -> int:
        """Return all input tokens of a row, cached ones included."""
        return sum(row[role] for role in self.inputs)

    def tokens_out(self, row: Counts) -> int:
        """Return all output tokens of a row, reasoning included."""
        return sum(row[role] for role in self.outputs)


def written(row: Counts) -> tuple[int, int]:
    """Return the tokens that a row wrote to a cache, and those of them for an hour."""
    hour = row.get(Role.WRITTEN_1H, 0)
    return max(row.get(Role.WRITTEN, 0), row.get(Role.WRITTEN_5M, 0) + hour), hour


def convention(names: Mapping[Role, str], rows: Sequence[Counts]) -> Convention:
    """Return how a file counts: what its names suggest, unless its numbers say otherwise."""
    ways = list(_ways(names, rows))
    if Role.TOTAL not in names or not any(row[Role.TOTAL] for row in rows):
        return ways[0]
    for way in ways:
        if all(
            way.tokens_in(row) + way.tokens_out(row) == row[Role.TOTAL]
            for row in rows
            if row[Role.TOTAL]
        ):
            return Convention(way.inputs, way.outputs, agrees=True)
    return Convention(ways[0].inputs, ways[0].outputs, agrees=False)


def _ways(names: Mapping[Role, str], rows: Sequence[Counts]) -> Iterator[Convention]:
    """Yield the ways to add up, the likeliest first."""
    outputs: list[tuple[Role, ...]] = [(Role.OUTPUT,)]
    if Role.REASONING in names:
        # Google counts thoughts beside the candidates; the others count them as output.
        added = (Role.OUTPUT, Role.REASONING)
        is_beside = "thoughts" in words(names[Role.REASONING])
        outputs = [added, outputs[0]] if is_beside else [outputs[0], added]
    for inputs in _inputs(names, rows):
        for output in outputs:
            yield Convention(inputs, output)


def _inputs(names: Mapping[Role, str], rows: Sequence[Counts]) -> list[tuple[Role, ...]]:
    cached = tuple(role for role in (Role.CACHED,) if role in names)
    written = tuple(role for role in _WRITTEN if role in names)
    if Role.WRITTEN in names and len(written) > 1:
        if not all(_is_both(row) for row in rows):
            raise same_thing(names[Role.WRITTEN], names[written[1]])
        written = (Role.WRITTEN,)
    if Role.INPUT not in names:
        return [(Role.UNCACHED, *cached, *written), (Role.UNCACHED, *cached)]
    within, with_writes = (Role.INPUT,), (Role.INPUT, *written)
    beside = (Role.INPUT, *cached, *written)
    every = [within, beside, with_writes, (Role.INPUT, *cached)]
    if any(row.get(Role.CACHED, 0) > row[Role.INPUT] for row in rows):
        return [way for way in every if Role.CACHED in way]
    return every if _is_within(names, rows) else [beside, within, *every[2:]]


def _is_both(row: Counts) -> bool:
    """Tell whether one column holds what was written for five minutes and for an hour."""
    parts = row.get(Role.WRITTEN_5M, 0) + row.get(Role.WRITTEN_1H, 0)
    return row[Role.WRITTEN] == parts


def _is_within(names: Mapping[Role, str], rows: Sequence[Counts]) -> bool:
    """Tell whether input includes cached tokens: it does unless Anthropic's names are used."""
    if Role.UNCACHED in names and any(row[Role.INPUT] for row in rows):
        parts = (Role.UNCACHED, Role.CACHED, *_WRITTEN)
        return all(row[Role.INPUT] >= sum(row.get(role, 0) for role in parts[:2]) for row in rows)
    of_anthropic = "prompt" not in words(names[Role.INPUT])
    reads = "read" in words(names.get(Role.CACHED, ""))
    return not (of_anthropic and (reads or any(role in names for role in _WRITTEN)))
