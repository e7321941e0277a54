"""Filters, counts, orders and pages against a plain reading of the rows."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from apps.catalog.models import Alias, Modality, Model
from apps.catalog.pages.facets import Index, Selection, index
from apps.catalog.pages.filters import AFTER, BY_KEY, FILTERS, FilterKind, Query, parse
from apps.catalog.pages.ordering import COLUMNS, cursor_at
from apps.catalog.snapshot import Entry, compile_snapshot, current_snapshot, letters
from tests import factories

TODAY = date(2026, 11, 22)
# Bytes of a GPU that is left for a model (method, section 6): 0.9·VRAM − 2.
# What the two hosts and the router promise.
HOSTS_KEEP = (
    ("contract", "eu-region"),
    ("contract", "zero-retention", "us-region", "eu-region"),
    ("contract", "hipaa"),
)
USABLE = {"16": 12.4, "24": 19.6, "big": 70.0}


def found(text: dict[str, Any] | list[tuple[str, str]], arrays: Index | None = None) -> Selection:
    arrays = arrays or index(current_snapshot(TODAY))
    pairs = list(text.items()) if isinstance(text, dict) else text
    return Selection(arrays, parse(pairs, arrays.vocabulary))


def slugs(results: Selection) -> list[str]:
    return [entry.slug for entry in results.all()]


@pytest.fixture(scope="module")
def catalog(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Index]:
    """Forty models of which many facts are unknown, with offers of hosts and routers."""
    with django_db_blocker.unblock(), transaction.atomic():
        providers = [factories.ProviderFactory.create(slug=f"p{n}", name=f"P{n}") for n in range(3)]
        hosts = [factories.HostFactory.create(kind=k) for k in ("host", "host", "router")]
        for host, kept in zip(hosts, HOSTS_KEEP, strict=True):
            for fact in kept:
                factories.HostFactFactory.create(host=host, fact=fact)
        licenses = [
            factories.LicenseFactory.create(),
            factories.LicenseFactory.create(
                license_class="custom-conditional", rights="conditional", other_clause="Ask."
            ),
            None,
        ]
        factories.GpuFactory.create(slug="big", vram_gb=80.0)
        text = Modality.objects.create(slug="text", name="Text", order=1)
        image = Modality.objects.create(slug="image", name="Images", order=2)
        for n in range(40):
            model = factories.ModelFactory.create(
                slug=f"m{n:02}",
                name=f"Model {n % 7} {'Large' if n % 3 else 'small'}",
                provider=providers[n % 3],
                license=licenses[n % 3],
                openness=("open-weight", "closed", "fully-open")[n % 3 if n % 4 else 0],
                status=("current", "legacy", "deprecated")[n % 3],
                retirement_date=date(2026, 11, 22 + n % 2) if n % 3 == 2 else None,
                tools=(True, False, None)[n % 3],
                reasoning=(None, True)[n % 2],
                context_tokens=(None, 8192, 128_000, 1_000_000)[n % 4],
                params_total_b=(None, 3.0, 14.0, 70.0, 600.0)[n % 5],
                served_bits=(8.0, None, 4.0)[n % 3],
                release_date=(None, date(2026, 1, 1 + n % 5))[n % 2],
            )
            model.reads.set([text, image][: n % 3])
            for m, host in enumerate(hosts[: n % 4]):
                region = ("", "eu", "us", "global")[(n + m) % 4]
                offer = factories.OfferFactory.create(model=model, host=host, region=region)
                if (n + m) % 5:
                    factories.PriceFactory.create(
                        offer=offer, input=(n % 6) * 0.25, output=1 + (n + m) % 4
                    )
        yield index(compile_snapshot("for a test", TODAY))
        transaction.set_rollback(True)


def brute_force(key: str, values: tuple[str, ...], arrays: Index) -> set[str]:
    """Return the slugs that one filter finds, one model after the other."""
    if key == "gpu":
        gpu, _, small = values[0].partition("-")
        needs = {e: e.small_need_gb if small else e.need_gb for e in arrays.snapshot.entries}
        return {e.slug for e, need in needs.items() if need and need <= USABLE[gpu] + 1e-9}
    if key == "promise":
        return {e.slug for e in arrays.snapshot.entries if promised(e.slug, values)}
    tests: dict[str, Callable[[Entry], bool]] = {
        "q": lambda e: all(letters(word) in e.letters for word in values[0].split()),
        "openness": lambda e: e.openness in values,
        "rights": lambda e: e.rights in values,
        "status": lambda e: e.status in values,
        "provider": lambda e: e.provider_slug in values,
        "modality": lambda e: set(values) <= set(e.reads),
        "tools": lambda e: {"yes": True, "no": False, "unknown": None}[values[0]] is e.tools,
        "reasoning": lambda e: (
            {"yes": True, "no": False, "unknown": None}[values[0]] is e.reasoning
        ),
        "context_min": lambda e: (
            e.context_tokens is not None and e.context_tokens >= float(values[0])
        ),
        "params_max": lambda e: e.params_b is not None and e.params_b <= float(values[0]),
        "input_max": lambda e: e.price is not None and e.price.input <= float(values[0]),
        "output_max": lambda e: e.price is not None and e.price.output <= float(values[0]),
        "hosts_min": lambda e: e.hosts >= float(values[0]),
    }
    return {e.slug for e in arrays.snapshot.entries if tests[key](e)}


def promised(slug: str, values: tuple[str, ...]) -> bool:
    """Tell whether one host keeps all promises of a model, of its rows as the fixture made them."""
    n = int(slug.removeprefix("m"))
    for m, kept in enumerate(HOSTS_KEEP[: min(n % 4, 2)]):
        region = ("", "eu", "us", "global")[(n + m) % 4]
        lost = {"eu-region", "us-region"} - {f"{region}-region"} if region else set()
        if set(values) <= set(kept) - lost:
            return True
    return False


QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from([("model",), ("large 3",), ("p1",), ("nothing",)]),
        "promise": st.sets(
            st.sampled_from(["contract", "zero-retention", "eu-region", "us-region", "hipaa"])
        ),
        "openness": st.sets(st.sampled_from(["open-weight", "closed", "fully-open", "semi-open"])),
        "rights": st.sets(st.sampled_from(["free", "conditional", "unknown", "none"])),
        "status": st.sets(st.sampled_from(["current", "legacy", "deprecated", "retired"])),
        "provider": st.sets(st.sampled_from(["p0", "p1", "p2"])),
        "modality": st.sets(st.sampled_from(["text", "image"])),
        "tools": st.sampled_from([("yes",), ("no",), ("unknown",)]),
        "reasoning": st.sampled_from([("yes",), ("no",), ("unknown",)]),
        "context_min": st.sampled_from([("8192",), ("128k",), ("2M",)]),
        "params_max": st.sampled_from([("14",), ("70B",), ("3.5",)]),
        "input_max": st.sampled_from([("0.5",), ("$1",)]),
        "output_max": st.sampled_from([("2",), ("0",)]),
        "hosts_min": st.sampled_from([("1",), ("2",)]),
        "gpu": st.sampled_from([("16",), ("24",), ("big",), ("24-4bit",)]),
    },
)


@settings(max_examples=150)
@given(query=QUERIES)
def test_filters_and_their_counts_are_those_of_the_rows(catalog: Index, query: Any) -> None:
    results = found([(k, v) for k, values in query.items() for v in sorted(values)], catalog)
    assert not results.query.problems
    every = {entry.slug for entry in catalog.snapshot.entries}
    each = {k: brute_force(k, values, catalog) for k, values in results.query.values.items()}

    def under(leave_out: str = "") -> set[str]:
        return every.intersection(*(hits for key, hits in each.items() if key != leave_out))

    assert set(slugs(results)) == under()
    for facet in results.facets():
        for option in facet.options:
            expected = under(facet.key) & brute_force(facet.key, (option.value,), catalog)
            assert option.count == len(expected), (facet.key, option.value)
    for relaxed in results.relaxed():
        assert relaxed.count == len(under(relaxed.key))
    counts = [relaxed.count for relaxed in results.relaxed()]
    assert counts == sorted(counts, reverse=True)


@settings(max_examples=60)
@given(query=QUERIES, sort=st.sampled_from([*COLUMNS, *(f"-{key}" for key in COLUMNS)]))
def test_an_address_reads_back_as_the_same_query(catalog: Index, query: Any, sort: str) -> None:
    first = found([(k, v) for k, values in query.items() for v in sorted(values)], catalog).query
    pairs = first.sorted_by(sort).pairs()
    again = parse(reversed(pairs), catalog.vocabulary)
    assert again.pairs() == pairs
    assert again.values == first.values


@pytest.mark.parametrize("sort", [*COLUMNS, *(f"-{key}" for key in COLUMNS)])
def test_pages_hold_every_model_once_with_unknown_last(catalog: Index, sort: str) -> None:
    seen: list[str] = []
    query = Query(sort=sort, page_size=7)
    while True:
        results = Selection(catalog, query)
        seen += [entry.slug for entry in results.page()]
        end = results.start + 7
        if end >= results.total:
            break
        mark = results.mark(end)
        assert mark is not None
        query = parse([("sort", sort), ("page_size", "7"), (AFTER, mark.token)], catalog.vocabulary)
        assert not query.problems
    assert sorted(seen) == sorted(entry.slug for entry in catalog.snapshot.entries)
    by_slug = {entry.slug: entry for entry in catalog.snapshot.entries}
    first = [COLUMNS[sort.removeprefix("-")].value(by_slug[slug])[0] for slug in seen]
    assert first == sorted(first, key=lambda value: value is None)
    known: list[Any] = [value for value in first if value is not None]
    down = COLUMNS[sort.removeprefix("-")].down[0] is not sort.startswith("-")
    assert known == sorted(known, reverse=down)


@pytest.mark.parametrize(
    ("pairs", "key", "words"),
    [
        ([("openness", "ajar")], "openness", "“ajar” is not one of the choices under “Openness”"),
        ([("tools", "perhaps")], "tools", "is not one of the choices"),
        ([("gpu", "abacus")], "gpu", "is not one of the choices"),
        ([("gpu", "nan")], "gpu", "is not one of the choices"),
        ([("provider", "nobody")], "provider", "is not one of the choices"),
        ([("context_min", "long")], "context_min", "must be a number, not “long”"),
        ([("params_max", "-3")], "params_max", "must be a number"),
        ([("context_min", "200.000")], "context_min", "Write 200000 or 200,000"),
        ([("context_min", "0.5")], "context_min", "must be a whole number"),
        ([("hosts_min", "1.000")], "hosts_min", "Write 1000 or 1,000"),
        ([("input_max", "1e40")], "input_max", "must be from 0 to"),
        ([("input_max", "nan")], "input_max", "must be a number"),
        ([("q", "x" * 161)], "q", "at most 160 characters"),
        ([("sort", "beauty")], "sort", "no order “beauty”"),
        ([("page_size", "0")], "page_size", "from 1 to 1,000"),
        ([("page_size", "1001")], "page_size", "from 1 to 1,000"),
        ([("page_size", "²")], "page_size", "from 1 to 1,000"),
        ([("after", "%%%")], "after", "could not be read"),
        ([("after", "W10")], "after", "could not be read"),
        ([("after", "W05hTiwieCJd"), ("sort", "context")], "after", "could not be read"),
        ([("after", "é")], "after", "could not be read"),
    ],
)
def test_a_bad_value_is_named_and_left_out(
    catalog: Index, pairs: list[tuple[str, str]], key: str, words: str
) -> None:
    query = parse(pairs, catalog.vocabulary)
    (problem,) = query.problems
    assert problem.key == key
    assert words in problem.message
    assert len(Selection(catalog, query).page()) == (0 if key == "q" else 40)


@pytest.mark.parametrize(
    ("key", "given_", "canonical"),
    [
        ("params_max", "7 billion", "7"),
        ("params_max", "7bn", "7"),
        ("params_max", "500M", "0.5"),
        ("params_max", "1T", "1000"),
        ("params_max", "1.125", "1.125"),
        ("context_min", "200’000", "200000"),
        ("context_min", "128k", "128000"),
        ("openness", "Open-Weight", "open-weight"),
        ("tools", "Yes", "yes"),
        ("gpu", "24-4BIT", "24-4bit"),
    ],
)
def test_a_value_is_read_in_the_unit_of_its_filter_whatever_its_case(
    catalog: Index, key: str, given_: str, canonical: str
) -> None:
    query = parse([(key, given_)], catalog.vocabulary)
    assert query.problems == ()
    assert query.pairs() == [(key, canonical)]


@settings(max_examples=200)
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from([*BY_KEY, "sort", "after", "page_size", "other"]), st.text(max_size=30)
        ),
        max_size=6,
    )
)
def test_no_query_breaks_the_list(catalog: Index, pairs: list[tuple[str, str]]) -> None:
    results = Selection(catalog, parse(pairs, catalog.vocabulary))
    results.page()
    results.facets()


def test_what_is_unknown_is_neither_yes_nor_no_nor_below_a_limit(catalog: Index) -> None:
    tools = next(facet for facet in found({}, catalog).facets() if facet.key == "tools")
    counts = {option.value: option.count for option in tools.options}
    assert sum(counts.values()) == 40
    assert counts["unknown"] == 13
    unknown = {e.slug for e in catalog.snapshot.entries if e.params_b is None}
    assert unknown.isdisjoint(slugs(found({"params_max": "1000000"}, catalog)))


def test_every_filter_but_the_search_has_counted_choices(catalog: Index) -> None:
    facets = found({}, catalog).facets()
    assert [f.key for f in facets] == [f.key for f in FILTERS if f.kind is not FilterKind.TEXT]
    assert all(facet.options for facet in facets)


# What follows writes rows of its own


@pytest.mark.django_db
def test_the_search_looks_through_names_providers_and_aliases() -> None:
    model = factories.ModelFactory.create(slug="one", name="Grand", provider__name="Maker")
    factories.ModelFactory.create(slug="two", name="Petit", provider__name="Other")
    source = model.source
    Alias.objects.create(model=model, dataset="litellm", name="maker/grand-v2", source=source)
    for text in ("GRAND", "maker", "grand-v2", "maker gra"):
        assert slugs(found({"q": text})) == ["one"], text
    assert slugs(found({"q": "grand other"})) == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["GPT-4o", "gpt4o", "gpt 4o", "gpt-4 o", "4o"])
def test_the_search_reads_a_name_with_and_without_its_hyphens(text: str) -> None:
    factories.ModelFactory.create(slug="one", name="GPT-4o")
    factories.ModelFactory.create(slug="two", name="GPT-6")
    assert slugs(found({"q": text})) == ["one"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["ＧＰＴ－４ｏ", "GPT\u00a04o", "gpt\u20114o", "maker/GPT-4o", "gpt-4o-2024-08-06", "4o@eu"],
)
def test_the_search_finds_every_form_of_a_name_and_every_id(text: str) -> None:
    model = factories.ModelFactory.create(slug="one", name="GPT-4o", hf_repo="Maker/GPT-4o")
    factories.OfferFactory.create(model=model, host_model_id="gpt-4o@eu")
    factories.ScoreFactory.create(model=model, variant="gpt-4o-2024-08-06")
    factories.ModelFactory.create(slug="two", name="GPT-6")
    assert slugs(found({"q": text})) == ["one"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["mixtral 8×22b", "Mixtral 8x22B", "mixtral8×22b"])
def test_a_multiplication_sign_stands_for_its_letter(text: str) -> None:
    factories.ModelFactory.create(slug="one", name="Mixtral 8x22B")
    factories.ModelFactory.create(slug="two", name="Mixtral 8x7B")
    assert slugs(found({"q": text})) == ["one"]


@pytest.mark.django_db
def test_the_very_name_comes_first_and_every_page_follows_it() -> None:
    for provider, name in (("A", "Turbo o3"), ("B", "o3 mini"), ("C", "o3"), ("D", "o3 pro")):
        factories.ModelFactory.create(
            slug=letters(name), name=name, provider__name=provider, provider__slug=provider.lower()
        )
    assert slugs(found({"q": "O3"})) == ["o3", "turboo3", "o3mini", "o3pro"]
    # An order that somebody asks for is kept.
    assert slugs(found({"q": "o3", "sort": "name"})) == ["o3", "o3mini", "o3pro", "turboo3"]
    assert slugs(found({"q": "o3", "sort": "-name"})) == ["turboo3", "o3pro", "o3mini", "o3"]
    index_ = index(current_snapshot(TODAY))
    seen: list[str] = []
    query = parse([("q", "o3"), ("page_size", "1")], index_.vocabulary)
    for _ in range(4):
        selection = Selection(index_, query)
        seen += [entry.slug for entry in selection.page()]
        assert selection.start == len(seen) - 1
        query = query.page_after(selection.mark(len(seen)))
    assert seen == ["o3", "turboo3", "o3mini", "o3pro"]


@pytest.mark.django_db
def test_a_search_without_a_letter_finds_nothing() -> None:
    factories.ModelFactory.create(slug="one", name="GPT-4o")
    assert slugs(found({"q": "-- !"})) == []


@pytest.mark.django_db
def test_a_search_that_finds_nothing_names_what_comes_nearest() -> None:
    for slug, name in (("a", "Claude Opus 5"), ("b", "Claude Opus 4"), ("c", "Claude Sonnet 5")):
        factories.ModelFactory.create(slug=slug, name=name)
    near = found({"q": "claude three opus", "sort": "name"}).nearest()
    assert {entry.slug for entry in near} == {"a", "b"}
    assert found({"q": "nothing else"}).nearest() == ()
    # Where the name is right, other filters are the cause.
    assert found({"q": "claude opus", "openness": "closed"}).nearest() == ()


@pytest.mark.django_db
def test_at_4_bits_more_fits_and_never_less() -> None:
    plain = {"layers": None, "kv_heads": None, "head_dim": None}
    # 1.05·27·4/8 = 14.2 GB and 2.7 for a request of the model whose layers are known; 19.6 of 24 GB
    # are left for a model; at 16 bits 59.4.
    factories.ModelFactory.create(
        slug="known", params_total_b=70, served_bits=16, layers=80, kv_heads=8, head_dim=128
    )
    factories.ModelFactory.create(slug="large", params_total_b=27, served_bits=16, **plain)
    factories.ModelFactory.create(slug="tiny", params_total_b=3, served_bits=2, **plain)
    factories.ModelFactory.create(slug="unsaid", params_total_b=27, served_bits=None, **plain)
    factories.ModelFactory.create(slug="unknown", params_total_b=None, **plain)
    factories.ModelFactory.create(slug="closed", openness="closed", params_total_b=3)
    assert slugs(found({"gpu": "24"})) == ["tiny"]
    assert sorted(slugs(found({"gpu": "24-4bit"}))) == ["large", "tiny", "unsaid"]
    tiny = next(e for e in current_snapshot(TODAY).entries if e.slug == "tiny")
    assert tiny.small_need_gb == tiny.need_gb == pytest.approx(3 * 2 / 8 * 1.05 + 2.68435, abs=1e-5)


@pytest.mark.django_db
def test_pages_stay_complete_while_rows_come_and_go() -> None:
    for n in range(10):
        factories.ModelFactory.create(slug=f"m{n}", name=f"M{n}")
    first = found([("sort", "name"), ("page_size", "4")])
    mark = cursor_at(first.page()[-1], "name")
    # The last row shown disappears, one comes before it and one after it.
    Model.objects.get(slug="m3").delete()
    factories.ModelFactory.create(slug="m05", name="M05")
    factories.ModelFactory.create(slug="m35", name="M35")
    rest = found([("sort", "name"), ("page_size", "100"), ("after", mark.token)])
    assert [entry.slug for entry in rest.page()] == ["m35", "m4", "m5", "m6", "m7", "m8", "m9"]
