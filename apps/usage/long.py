"""Entries of files with a row a kind of token."""

from collections.abc import Sequence
from decimal import Decimal

from apps.usage.cells import MAX_NUMBER
from apps.usage.columns import Role
from apps.usage.errors import UnreadableUsageError, short
from apps.usage.meters import Meters, is_batch, meter_kind, model_of, unit_scale
from apps.usage.period import cell
from apps.usage.table import Line
from apps.usage.values import Entry, LeftOut
from apps.usage.wide import MODEL_LENGTH, Reader, amount_place, cell_error

_WRITTEN = (Role.WRITTEN, Role.WRITTEN_5M, Role.WRITTEN_1H)


def read_long(
    reader: Reader, meters: Meters, lines: Sequence[Line]
) -> tuple[list[Entry], list[LeftOut]]:
    """Return what each row counts: quantity times unit; rows of other services are left out."""
    money = amount_place(reader.header, lines, reader.numbers)
    entries: list[Entry] = []
    left_out: list[LeftOut] = []
    for line in lines:
        kind = meter_kind(cell(line, meters.kind))
        if kind is None or kind in (Role.TOTAL, Role.OTHER_TOKENS):
            label = short(cell(line, meters.kind))
            left_out.append(LeftOut(line[0], label, "counts neither tokens nor requests"))
            continue
        entries.append(_entry(reader, meters, line, kind, money))
    return entries, left_out


def _entry(reader: Reader, meters: Meters, line: Line, kind: Role, money: int | None) -> Entry:
    quantity = _quantity(reader, meters, line, kind)
    is_output = kind in (Role.OUTPUT, Role.REASONING)
    is_request = kind is Role.REQUESTS
    meter = cell(line, meters.kind)
    return Entry(
        number=line[0],
        requests=quantity if is_request else 0,
        tokens_in=0 if is_output or is_request else quantity,
        tokens_out=quantity if is_output else 0,
        cached=quantity if kind is Role.CACHED else 0,
        is_half=is_batch(meter) or reader.is_half(line),
        model=reader.model(line) or short(model_of(meter), MODEL_LENGTH),
        amount=_amount(reader, meters, line, money),
        span=None,
        written=quantity if kind in _WRITTEN else 0,
        written_1h=quantity if kind is Role.WRITTEN_1H else 0,
    )


def _quantity(reader: Reader, meters: Meters, line: Line, kind: Role) -> int:
    quantity = reader.amount(line, meters.quantity)
    name, text = reader.header.names[meters.quantity], cell(line, meters.quantity)
    if quantity < 0:
        raise cell_error(line, name, text, "is below 0")
    if kind is not Role.REQUESTS:
        quantity *= _scale(reader, meters, line, quantity)
    if quantity > MAX_NUMBER:
        raise cell_error(line, name, text, "is too large; numbers up to 10¹⁵ are read")
    return round(quantity)


def _scale(reader: Reader, meters: Meters, line: Line, quantity: Decimal) -> Decimal:
    if meters.unit is not None:
        unit = cell(line, meters.unit)
        scale = unit_scale(unit)
        if scale is None:
            name = reader.header.names[meters.unit]
            raise cell_error(line, name, unit, "is not a unit of tokens, like 1K tokens")
        return scale
    if quantity != quantity.to_integral_value():
        raise UnreadableUsageError(
            f"Line {line[0]:,} counts parts of a unit, and no column names the unit; "
            "export the file with its column of units."
        )
    return Decimal(1)


def _amount(reader: Reader, meters: Meters, line: Line, money: int | None) -> Decimal | None:
    if money is not None:
        return reader.amount(line, money)
    if meters.price is not None and meters.unit is None:
        return reader.amount(line, meters.price) * reader.amount(line, meters.quantity)
    return None
