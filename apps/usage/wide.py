"""Files with a row a day, a model or a request, and a column for each kind of tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from apps.usage.cells import CellError, Numbers
from apps.usage.columns import TOKENS, Role, role_of, words
from apps.usage.conventions import convention, written
from apps.usage.errors import UnreadableUsageError, same_thing, short
from apps.usage.period import Calendar, cell
from apps.usage.table import Line, named
from apps.usage.values import Entry

MODEL_LENGTH = 80
_SAYS_HALF = {"true", "1", "1.0", "yes"}
_HALF = {"batch", "flex"}
_DEARER = {"priority", "fast"}
_LIKE = {
    Role.REQUESTS: "requests, num_model_requests",
    Role.INPUT: "input_tokens, prompt_tokens",
    Role.OUTPUT: "output_tokens, completion_tokens",
}
# The first of these that a file has tells its model.
_MODEL_NAMES = (
    *("model", "modelname", "modelpermaslug", "modelversion", "snapshotid", "modelid"),
    *("billingmetric", "basemodelname", "requestmodel", "modeldeploymentname"),
)


@dataclass(frozen=True)
class Header:
    """The names of the columns and what they hold."""

    names: tuple[str, ...]

    @cached_property
    def _by_role(self) -> Mapping[Role, list[int]]:
        found: dict[Role, list[int]] = {}
        for place, name in enumerate(self.names):
            if role := role_of(name):
                found.setdefault(role, []).append(place)
        return found

    def places(self, role: Role) -> Sequence[int]:
        """Return the columns of a role."""
        return self._by_role.get(role, ())

    def has(self, *roles: Role) -> bool:
        """Tell whether any column has one of the roles."""
        return any(self.places(role) for role in roles)

    @cached_property
    def counted(self) -> tuple[int, ...]:
        """The columns of requests and of tokens."""
        return tuple(at for role in (Role.REQUESTS, *TOKENS) for at in self.places(role))

    @cached_property
    def last_needed(self) -> int:
        """The last column that is added up; -1 where there is none."""
        needed = (at for role in (Role.REQUESTS, *TOKENS[:-2]) for at in self.places(role))
        return max(needed, default=-1)

    @cached_property
    def model(self) -> int | None:
        """The column that names the model."""
        found = {"".join(words(self.names[place])): place for place in self.places(Role.MODEL)}
        return next((found[name] for name in _MODEL_NAMES if name in found), None)


def has_tokens(header: Header) -> bool:
    """Tell whether a file has columns of input and of output tokens."""
    return header.has(Role.INPUT, Role.UNCACHED) and header.has(Role.OUTPUT)


def lacking(header: Header) -> UnreadableUsageError:
    """Return the error of a file without columns of tokens."""
    lacks = []
    if not header.has(Role.INPUT, Role.UNCACHED):
        lacks.append(Role.INPUT)
    if not header.has(Role.OUTPUT):
        lacks.append(Role.OUTPUT)
    return UnreadableUsageError(_lack(header, lacks))


def requests_lacking(header: Header) -> UnreadableUsageError:
    """Return the error of a file without requests, where no number was typed in beside it."""
    return UnreadableUsageError(
        f"{_lack(header, [Role.REQUESTS])} "
        "Type the number of requests in its period beside it, and choose the file again."
    )


def _lack(header: Header, roles: Sequence[Role]) -> str:
    missing = " and ".join(f"no column of {role} (like {_LIKE[role]})" for role in roles)
    return f"The file has {missing}. Its columns are {named(header.names)}."


def cell_error(line: Line, name: str, text: str, what: str) -> UnreadableUsageError:
    """Return the error that names a line, its column and its value."""
    return UnreadableUsageError(
        f"Line {line[0]:,}, column “{short(name)}”: “{short(text)}” {what}."
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the cells of a file, with the place that an error names."""

    header: Header
    numbers: Numbers
    calendar: Calendar

    def whole(self, line: Line, place: int) -> int:
        """Return the whole number in a cell."""
        text = cell(line, place)
        try:
            return self.numbers.whole(text)
        except CellError as error:
            raise cell_error(line, self.header.names[place], text, str(error)) from None

    def amount(self, line: Line, place: int) -> Decimal:
        """Return the number in a cell of money or quantities."""
        text = cell(line, place)
        try:
            return self.numbers.amount(text)
        except CellError as error:
            raise cell_error(line, self.header.names[place], text, str(error)) from None

    def model(self, line: Line) -> str:
        """Return the name of the model, short."""
        return short(cell(line, self.header.model), MODEL_LENGTH)

    def is_half(self, line: Line) -> bool:
        """Tell whether a row is one at half the price."""
        tiers = self._tiers(line)
        return bool(tiers & _SAYS_HALF) or any(_HALF & set(words(tier)) for tier in tiers)

    def is_dearer(self, line: Line) -> bool:
        """Tell whether a row is of a tier that costs more than the list says."""
        return bool(self._tiers(line) & _DEARER)

    def _tiers(self, line: Line) -> set[str]:
        return {cell(line, place).casefold() for place in self.header.places(Role.HALF)}


def counted_places(header: Header, lines: Sequence[Line], reader: Reader) -> dict[Role, int]:
    """Return the one column of each count: of two, either would count alone, unless they agree."""
    found: dict[Role, int] = {}
    for role in (Role.REQUESTS, *TOKENS):
        places = header.places(role)
        if not places or role is Role.OTHER_TOKENS:
            continue
        found[role] = places[0]
        for other in places[1:]:
            if any(cell(line, other) != cell(line, places[0]) for line in lines):
                raise same_thing(header.names[places[0]], header.names[other])
    return found


def amount_place(header: Header, lines: Sequence[Line], numbers: Numbers) -> int | None:
    """Return the column of what the rows cost: the one that adds up to most."""
    sums: list[tuple[Decimal, int]] = []
    for place in header.places(Role.AMOUNT):
        try:
            total = sum((numbers.amount(cell(line, place)) for line in lines), Decimal(0))
        except CellError:
            continue
        sums.append((total, -place))
    return -max(sums)[1] if sums else None


def read_wide(
    reader: Reader, lines: Sequence[Line], *, one_each: bool
) -> tuple[list[Entry], list[str]]:
    """Return what each row counts, and what a reader should know of how it was counted."""
    header = reader.header
    places = counted_places(header, lines, reader)
    counts = [{role: reader.whole(line, at) for role, at in places.items()} for line in lines]
    way = convention({role: header.names[at] for role, at in places.items()}, counts)
    money = amount_place(header, lines, reader.numbers)
    entries = [
        Entry(
            number=line[0],
            requests=1 if one_each else row.get(Role.REQUESTS, 0),
            tokens_in=way.tokens_in(row),
            tokens_out=way.tokens_out(row),
            cached=row.get(Role.CACHED, 0),
            is_half=reader.is_half(line),
            model=reader.model(line),
            amount=None if money is None else reader.amount(line, money),
            span=None,
            written=written(row)[0],
            written_1h=written(row)[1],
        )
        for line, row in zip(lines, counts, strict=True)
    ]
    return entries, _notes(reader, lines, places, way.agrees, way.inputs)


def _notes(
    reader: Reader,
    lines: Sequence[Line],
    places: dict[Role, int],
    agrees: bool | None,
    inputs: tuple[Role, ...],
) -> list[str]:
    names = reader.header.names
    notes = []
    if any(reader.whole(line, places[Role.CACHED]) for line in lines if Role.CACHED in places):
        where = "beside" if Role.CACHED in inputs else "part of"
        said = ", as its own total says" if agrees else ""
        notes.append(f"Cached tokens are counted as {where} the input column{said}.")
    if agrees is False:
        total = short(names[places[Role.TOTAL]])
        notes.append(f"The column “{total}” is not the sum of the tokens that were read: check it.")
    unread = [
        f"“{short(names[place])}”"
        for place in reader.header.places(Role.OTHER_TOKENS)
        if _holds_numbers(reader.numbers, lines, place)
    ]
    if unread:
        notes.append(f"Columns of tokens that were not counted: {', '.join(unread)}.")
    return notes


def _holds_numbers(numbers: Numbers, lines: Sequence[Line], place: int) -> bool:
    try:
        return any(numbers.amount(cell(line, place)) for line in lines)
    except CellError:
        return False
