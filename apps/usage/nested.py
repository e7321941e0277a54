"""JSON documents, and cells that hold JSON, laid out as a table: what lies inside becomes columns.

Made after the answers of the usage APIs of OpenAI and Anthropic (buckets with results), the usage
of Mistral (a list a kind of token), bodies of single requests, a line each (batch results), and
the logs of LiteLLM, Langfuse and ccusage.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from apps.usage.columns import TOKENS, Role, role_of, words
from apps.usage.errors import UnreadableUsageError
from apps.usage.meters import find_meters, meter_kind

type Path = tuple[str, ...]
type Leaves = dict[Path, str]

# Of a document that lies deeper, nothing is a count.
_DEEPEST = 12
MAX_COLUMNS = 500
_CONTEXT = {"usage", "cost", "costs", "cache", "details", "tokens"}
_NOT_JSON = "This JSON file cannot be read to its end; export it again, or as CSV."
_NO_ROWS = (
    "This JSON file holds no objects with input and output tokens; export the usage, not the costs."
)


def read_json(text: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return the names of the columns and the rows of a document or of one a line.

    Raises UnreadableUsageError where it is broken or counts no tokens.
    """
    try:
        found = [row for document in _documents(text) for row in _rows(document, {}, 0)]
    except UnreadableUsageError:
        raise
    except (ValueError, RecursionError):
        raise UnreadableUsageError(_NOT_JSON) from None
    if not found:
        raise UnreadableUsageError(_NO_ROWS)
    paths = list(dict.fromkeys(path for row in found for path in row))
    plain = [path for path in paths if len(path) == 1]
    nested = [path for path in paths if len(path) > 1]
    columns: list[tuple[str, tuple[Path, ...]]] = [(path[0], (path,)) for path in plain]
    columns += _merged(nested, {role_of(path[0]) for path in plain})
    check_columns(len(columns))
    return tuple(name for name, _ in columns), [
        [_most(row, paths) for _, paths in columns] for row in found
    ]


def unfold(
    names: Sequence[str], lines: Sequence[tuple[int, list[str]]]
) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """Add the counts of tokens that lie in cells of JSON, unless a column of their own has them."""
    inside = [_inside(names, cells) for _, cells in lines]
    known = {
        role_of(name)
        for place, name in enumerate(names)
        if any(place < len(cells) and cells[place].strip("0") for _, cells in lines)
    }
    paths = list(dict.fromkeys(path for leaves in inside for path in leaves))
    added = _merged(filter(_is_counted, paths), known)
    check_columns(len(names) + len(added))
    if not added:
        return tuple(names), list(lines)
    width = len(names)
    return (*names, *(name for name, _ in added)), [
        (number, cells + [""] * (width - len(cells)) + [_most(leaves, at) for _, at in added])
        for (number, cells), leaves in zip(lines, inside, strict=True)
    ]


def check_columns(count: int) -> None:
    """Refuse more columns than any export has, before anything is done for each of them."""
    if count > MAX_COLUMNS:
        raise UnreadableUsageError(
            f"The file has {count:,} columns; at most {MAX_COLUMNS} are read."
        )


def _is_counted(path: Path) -> bool:
    role = role_of(_name(path))
    return role in TOKENS or (role is Role.AMOUNT and path[-1] == "total")


def _documents(text: str) -> Iterator[Any]:
    """Yield the document, or those of each line; numbers stay as they are written."""
    try:
        yield _loaded(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise
        for line in text.splitlines():
            if line.strip():
                yield _loaded(line)


def _loaded(text: str) -> Any:
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=lambda _: "")


def _rows(value: object, inherited: Leaves, depth: int) -> list[Leaves]:
    """Return the objects that count tokens, each with what the objects around it say."""
    if isinstance(value, list):
        return [row for item in value for row in _rows(item, inherited, depth + 1)]
    if not isinstance(value, dict) or depth > _DEEPEST:
        return []
    # Objects by day or by model are fewer.
    check_columns(len(value))
    leaves = dict(_leaves(value))
    own: Leaves = {path: text for path, text in leaves.items() if len(path) == 1}
    if not _counts(own):
        for children in (_lists(value), _by_key(value)):
            below = [
                row
                for key, child in children
                for row in _rows(child, inherited | own | key, depth + 1)
            ]
            if below:
                return below
    return [inherited | leaves] if _counts(leaves) else []


def _leaves(value: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[Path, str]]:
    for key, inner in value.items():
        path = (*above, str(key))
        if isinstance(inner, dict):
            if len(path) < _DEEPEST:
                yield from _leaves(inner, path)
        elif not isinstance(inner, list):
            yield path, _text(inner)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value).strip()


def _lists(value: Mapping[str, Any]) -> Iterator[tuple[Leaves, object]]:
    """Yield the lists in an object, but not those inside of one that counts tokens itself."""
    for inner in value.values():
        if isinstance(inner, list):
            yield {}, inner
        elif isinstance(inner, dict) and not _counts(_own(inner)):
            yield from _lists(inner)


def _by_key(value: Mapping[str, Any]) -> list[tuple[Leaves, object]]:
    """Return the objects of a mapping, as of days or models, none where it is no mapping."""
    found: list[tuple[Leaves, object]] = [
        ({("key",): key}, inner)
        for key, inner in value.items()
        if isinstance(inner, dict) and _counts(_own(inner)) and not _CONTEXT & set(words(key))
    ]
    return found if len(found) > 1 else []


def _own(value: Mapping[str, Any]) -> Leaves:
    return {
        (key,): _text(inner) for key, inner in value.items() if not isinstance(inner, dict | list)
    }


def _counts(leaves: Leaves) -> bool:
    """Tell whether an object counts tokens, of both sides or of the kind that it names."""
    has_both, kind = _told(tuple(leaves))
    return has_both or (kind is not None and meter_kind(list(leaves.values())[kind]) is not None)


# The objects of a document are alike.
@lru_cache(1024)
def _told(paths: tuple[Path, ...]) -> tuple[bool, int | None]:
    """Tell whether names are of tokens on both sides, and where one tells the kind of tokens."""
    names = [_name(path) for path in paths]
    roles = {role_of(name) for name in names}
    meters = find_meters(names)
    has_both = bool(roles & {Role.INPUT, Role.UNCACHED}) and Role.OUTPUT in roles
    return has_both, meters.kind if meters else None


def _name(path: Path) -> str:
    """Return what a column is called: with what is around it where that says what it counts."""
    if len(path) > 1 and _CONTEXT & set(words(path[-2])):
        return f"{path[-2]}/{path[-1]}"
    return path[-1]


def _merged(paths: Iterable[Path], known: set[Role | None]) -> list[tuple[str, tuple[Path, ...]]]:
    """Return the columns of nested values: those of one kind of tokens are one, said twice."""
    by_role: dict[Role | str, list[Path]] = {}
    for path in sorted(paths, key=len):
        name = _name(path)
        role = role_of(name)
        if role in known and role in (*TOKENS, Role.REQUESTS, Role.MODEL):
            continue
        is_one = role in TOKENS and role is not Role.OTHER_TOKENS
        by_role.setdefault(role if is_one and role else name, []).append(path)
    return [(_name(found[0]), tuple(found)) for found in by_role.values()]


def _most(leaves: Leaves, paths: Sequence[Path]) -> str:
    """Return the largest number at several places, or what stands at the first filled one."""
    texts = [text for path in paths if (text := leaves.get(path))]
    numbers = [text for text in texts if text.isdecimal()]
    return max(numbers, key=int) if len(numbers) > 1 else next(iter(texts), "")


def _inside(names: Sequence[str], cells: Sequence[str]) -> Leaves:
    """Return what lies in the cells of a line that hold an object."""
    found: Leaves = {}
    for name, text in zip(names, cells, strict=False):
        if text[:1] == "{" and text[-1:] == "}":
            try:
                value = _loaded(text)
            except (ValueError, RecursionError):
                continue
            found |= dict(_leaves(value, (name,)))
    return found
