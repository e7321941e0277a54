"""What the table of models shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from apps.catalog.pages.facets import Facet, FacetOption, Selection
from apps.catalog.pages.filters import AFTER, SIZE, SORT, Query
from apps.catalog.pages.labels import (
    OPENNESS,
    RIGHTS,
    Badge,
    Openness,
    stale_badge,
    status_word,
)
from apps.catalog.pages.ordering import COLUMNS
from apps.catalog.price_lists import HostPrice
from apps.catalog.snapshot import Entry
from apps.common.errors import FieldError
from apps.decision.address import Problem

# More providers than a reader looks through; the search finds the others.
_MOST_PROVIDERS = 30


@dataclass(frozen=True, slots=True)
class NamedLink:
    """Another model, with its status."""

    name: str
    url: str
    status: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """One model; None means unknown."""

    slug: str
    url: str
    name: str
    variant: str
    provider: str
    openness: Openness
    rights: str | None
    context_tokens: int | None
    params_b: float | None
    active_b: float | None
    price: HostPrice | None
    hosts: int
    status: Badge
    stale: Badge | None
    successor: NamedLink | None


@dataclass(frozen=True, slots=True)
class SortLink:
    """A way to order the table; following the present one turns it round."""

    key: str
    label: str
    url: str
    is_current: bool
    is_descending: bool


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter that is set, with the page without it."""

    name: str
    value: str
    remove_url: str
    count: int


@dataclass(frozen=True, slots=True)
class CountsBlock:
    """How many models there are, are found and are shown."""

    in_catalog: int
    current: int
    total: int
    first: int
    last: int
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class FiltersBlock:
    """The form of the filters, and those that are set."""

    search: str
    facets: tuple[Facet, ...]
    active: tuple[ActiveFilter, ...]
    hidden_inputs: tuple[tuple[str, str], ...]
    clear_url: str


@dataclass(frozen=True, slots=True)
class NothingBlock:
    """Where nothing is found: the names that come nearest, and the filters to relax first."""

    nearest: tuple[NamedLink, ...]
    relax: tuple[ActiveFilter, ...]


@dataclass(frozen=True, slots=True)
class SortsBlock:
    """The columns of the table, and the orders that have no column of their own."""

    headings: tuple[SortLink, ...]
    others: tuple[SortLink, ...]


@dataclass(frozen=True, slots=True)
class LinksBlock:
    """The pages around this one, and all of it for programs; empty where there is none."""

    first_url: str
    previous_url: str
    next_url: str
    json_url: str
    csv_url: str


@dataclass(frozen=True)
class ListPage:
    """The page of the table."""

    counts: CountsBlock
    filters: FiltersBlock
    errors: tuple[FieldError, ...]
    sorts: SortsBlock
    rows: tuple[ListRow, ...]
    nothing: NothingBlock
    links: LinksBlock
    url: str
    kinds: tuple[Openness, ...] = tuple(OPENNESS.values())


def list_page(selection: Selection, today: date) -> ListPage:
    """Return the page of what a query finds."""
    query, entries = selection.query, selection.page()
    path = reverse("catalog:list")
    filters = _filters(selection, path)
    return ListPage(
        counts=_counts(selection, len(entries)),
        filters=filters,
        errors=tuple(FieldError(_field(problem), problem.message) for problem in query.problems),
        sorts=SortsBlock(_sorts(query, path, headings=True), _sorts(query, path, headings=False)),
        rows=tuple(_row(entry, selection.index.by_slug, today) for entry in entries),
        nothing=NothingBlock(
            nearest=tuple(map(_named, selection.nearest())),
            relax=() if selection.total else tuple(f for f in filters.active if f.count),
        ),
        links=_links(selection, path),
        url=query.url(path),
    )


def _counts(selection: Selection, shown: int) -> CountsBlock:
    index = selection.index
    return CountsBlock(
        in_catalog=len(index.snapshot.entries),
        current=index.current,
        total=selection.total,
        first=selection.start + 1,
        last=selection.start + shown,
        checked_on=index.checked_on,
    )


def _filters(selection: Selection, path: str) -> FiltersBlock:
    query = selection.query
    pairs = query.page_after(None).pairs()
    return FiltersBlock(
        search=query.one("q"),
        facets=tuple(_shown(facet) for facet in selection.facets()),
        active=_active(selection, path),
        hidden_inputs=tuple(pair for pair in pairs if pair[0] in {SORT, SIZE}),
        clear_url=Query(sort=query.sort, page_size=query.page_size).url(path),
    )


def _links(selection: Selection, path: str) -> LinksBlock:
    whole = selection.query.page_after(None)
    return LinksBlock(
        first_url=whole.url(path) if selection.start else "",
        previous_url=_previous_url(selection, path),
        next_url=next_url(selection, path),
        json_url=whole.url(reverse("catalog:json")),
        csv_url=whole.url(reverse("catalog:csv")),
    )


def next_url(selection: Selection, path: str) -> str:
    """Return the address of the page after this one; empty on the last."""
    end = selection.start + selection.query.page_size
    return (
        selection.query.page_after(selection.mark(end)).url(path) if end < selection.total else ""
    )


def _previous_url(selection: Selection, path: str) -> str:
    if not selection.start:
        return ""
    start = max(0, min(selection.start, selection.total) - selection.query.page_size)
    return selection.query.page_after(selection.mark(start)).url(path)


def _named(entry: Entry, *, short: bool = False) -> NamedLink:
    url = reverse("catalog:detail", args=[entry.slug])
    name = _in_two(entry.name)[0] if short else entry.name
    return NamedLink(name, url, status_word(entry.status).text)


def _in_two(name: str) -> tuple[str, str]:
    """Return a name and what stands in brackets, which would make the table too wide."""
    start, _, variant = name.removesuffix(")").partition(" (")
    return start, variant


def _row(entry: Entry, every: Mapping[str, Entry], today: date) -> ListRow:
    name, variant = _in_two(entry.name)
    return ListRow(
        slug=entry.slug,
        url=reverse("catalog:detail", args=[entry.slug]),
        name=name,
        variant=variant,
        provider=entry.provider,
        openness=OPENNESS[entry.openness],
        rights=RIGHTS[entry.rights].cell,
        context_tokens=entry.context_tokens,
        params_b=entry.params_b,
        active_b=entry.active_b,
        price=entry.price,
        hosts=entry.hosts,
        status=status_word(entry.status),
        stale=stale_badge(entry.checked_on, today),
        successor=_named(every[entry.successor], short=True) if entry.successor else None,
    )


def _active(selection: Selection, path: str) -> tuple[ActiveFilter, ...]:
    return tuple(
        ActiveFilter(set_.name, set_.text, selection.query.without(set_.key).url(path), set_.count)
        for set_ in selection.relaxed()
    )


def _shown(facet: Facet) -> Facet:
    """Leave out providers that the other filters leave nothing of, and the smallest of many."""
    if facet.key != "provider":
        return facet
    largest = sorted(facet.options, key=lambda option: -option.count)[:_MOST_PROVIDERS]

    def is_shown(option: FacetOption) -> bool:
        return option.is_chosen or (option.count > 0 and option in largest)

    options = tuple(option for option in facet.options if is_shown(option))
    return Facet(facet.key, facet.name, facet.kind, options, facet.is_set)


def _field(problem: Problem) -> str:
    if problem.key in {SORT, AFTER, SIZE}:
        return "found"
    return f"filter-{problem.key}"


def _sorts(query: Query, path: str, *, headings: bool) -> tuple[SortLink, ...]:
    key, back = query.sort.removeprefix("-"), query.sort.startswith("-")
    return tuple(
        SortLink(
            key=name,
            label=column.heading or column.name,
            url=query.sorted_by(f"-{name}" if name == key and not back else name).url(path),
            is_current=name == key,
            is_descending=column.down[0] is not (name == key and back),
        )
        for name, column in COLUMNS.items()
        if bool(column.heading) is headings
    )
