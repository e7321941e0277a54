"""One parser reads every URL: what is known, in canonical order; what is not, named."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.decision.address import group
from apps.decision.answers import Parsed, parse
from tests import method
from tests.world import World

FULL = (
    "stage=scaling&boundary=own-cloud&scope=part&connection=always&rules=gdpr&rules=hipaa"
    "&task=mixed&modality=text&volume=20000&size=custom&tokens_in=900&tokens_out=90"
    "&traffic=office&team=devops&training=light&audience=public&deadline=quarter&priority=cost"
    "&retry=0.1&peak=3"
)


def read(world: World, query: str) -> Parsed:
    return parse(world.rulebook, group(parse_qsl(query, keep_blank_values=True)))


def canonical(world: World, query: str) -> str:
    return read(world, query).answers.query(world.rulebook)


def problems(world: World, query: str) -> dict[str, str]:
    parsed = read(world, query)
    return {problem.key: problem.message for problem in parsed.problems}


def test_the_canonical_order_is_that_of_the_contract(world: World) -> None:
    shuffled = "&".join(reversed(FULL.split("&")))
    assert canonical(world, FULL) == canonical(world, shuffled) == FULL


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("utm_source=x&page=2&stage=scaling", "stage=scaling"),
        ("volume=1.5M", "volume=1500000"),
        ("volume=1%2C500%2C000", "volume=1500000"),
        ("volume=250k", "volume=250000"),
        ("volume=&volume=unsure", "volume=unsure"),
        ("volume=1000&volume=1%2C000&stage=", ""),
        ("stage=scaling&stage=scaling", "stage=scaling"),
        ("size=short&tokens_in=9&tokens_out=9", "size=short"),
        ("size=custom&tokens_in=1k&tokens_out=0", "size=custom&tokens_in=1000&tokens_out=0"),
        ("tokens_in=5&tokens_out=5", ""),
        ("rules=hipaa&rules=gdpr", "rules=gdpr&rules=hipaa"),
        ("rules=none", "rules=none"),
        ("retry=0.05", ""),
        ("retry=10%25", "retry=0.1"),
        ("salary=%2490%2C000", "salary=90000"),
        (" stage = scaling ", ""),
        ("stage=Scaling&rules=GDPR&volume=Unsure", "stage=scaling&rules=gdpr&volume=unsure"),
        ("gpu=H100&closed=GPT-6-Luna", "closed=gpt-6-luna&gpu=h100"),
        ("volume=1%E2%80%99500%E2%80%99000", "volume=1500000"),
        ("terms=eu-region&terms=audited", "terms=audited&terms=eu-region"),
        ("terms=unsure&cloud=AWS", "terms=unsure&cloud=aws"),
        ("hardware=laptop&connection=never", "connection=never&hardware=laptop"),
        ("price_in_closed-api=2.5", "price_in_closed-api=2.5"),
        ("avoid=ru,cn&avoid=US&avoid=us", "avoid=CN%2CRU%2CUS"),
        # A capability to compare at is no answer to what the model must do.
        ("need=140", ""),
    ],
)
def test_what_a_url_means(world: World, query: str, expected: str) -> None:
    assert canonical(world, query) == expected


@pytest.mark.parametrize(
    ("query", "key", "sentence"),
    [
        ("task=magic", "task", "“magic” is not one of the answers"),
        ("task=simple&task=expert", "task", "select one answer, not 2"),
        ("volume=many", "volume", "must be a whole number"),
        ("volume=1.5", "volume", "must be a whole number"),
        ("volume=0", "volume", "must be between 1 and 1,000,000,000"),
        ("volume=2b", "volume", "must be between 1 and 1,000,000,000"),
        ("volume=-5", "volume", "must be a whole number"),
        ("volume=20&volume=unsure", "volume", "enter one number, or select"),
        ("volume=100.000", "volume", "Write 100000 or 100,000"),
        ("size=custom&tokens_in=2.000&tokens_out=9", "tokens_in", "Write 2000 or 2,000"),
        ("salary=90.000", "salary", "Write 90000 or 90,000"),
        ("tokens_in=5", "tokens_in", "count only with"),
        ("tokens_out=5", "tokens_out", "count only with"),
        ("size=custom", "tokens_in", "Enter tokens in"),
        ("size=custom&tokens_in=5", "tokens_out", "Enter tokens out"),
        ("size=custom&tokens_in=0&tokens_out=0", "tokens_in", "cannot both be 0"),
        ("size=custom&tokens_in=11M&tokens_out=1", "tokens_in", "between 0 and 10,000,000"),
        ("rules=none&rules=gdpr", "rules", "alone, or all that apply"),
        ("rules=unsure&rules=gdpr", "rules", "alone, or all that apply"),
        ("rules=martian-law", "rules", "not one of the answers"),
        ("retry=0.9", "retry", "must be between 0 and 0.5"),
        ("retry=often", "retry", "must be a number"),
        ("spare=1&spare=2", "spare", "enter one number"),
        ("terms=unsure&terms=audited", "terms", "select “I’m not sure” alone"),
        ("cloud=oracle", "cloud", "not one of the answers"),
        ("hardware=laptop&hardware=workstation", "hardware", "select one answer, not 2"),
        ("avoid=China", "avoid", "two letters for each, like CN,US; “CHINA” is not"),
        ("avoid=%2C", "avoid", "two letters for each, like CN,US; “,” is not"),
    ],
)
def test_what_cannot_be_read_is_named_and_counts_as_unanswered(
    world: World, query: str, key: str, sentence: str
) -> None:
    assert sentence in problems(world, query)[key]
    assert canonical(world, query) == ""


def test_answers_that_do_not_apply_have_no_effect(world: World) -> None:
    assert "scope" not in world.answers(boundary="contract", scope="part")
    assert world.answers(boundary="own-cloud", scope="part").get("scope") == "part"
    assert world.answers(scope="part").get("scope") == "part"


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("boundary=strict-contract&terms=audited&cloud=aws", {"terms"}),
        ("boundary=cloud-service&terms=audited&cloud=aws", {"cloud"}),
        ("boundary=unsure&terms=audited&cloud=aws", {"terms", "cloud"}),
        ("boundary=contract&terms=audited&cloud=aws&scope=all", set()),
        ("boundary=cloud-service&scope=all", {"scope"}),
        # Either of two earlier answers leads to the hardware.
        ("boundary=own-premises&connection=always&hardware=laptop", {"hardware"}),
        ("boundary=contract&connection=outages&hardware=laptop", {"hardware"}),
        ("boundary=contract&connection=never&hardware=laptop", {"hardware"}),
        ("boundary=contract&hardware=laptop", {"hardware"}),
        ("boundary=contract&connection=always&hardware=laptop", set()),
    ],
)
def test_terms_clouds_reach_and_hardware_count_only_where_they_are_asked(
    world: World, query: str, kept: set[str]
) -> None:
    answers = read(world, query).answers
    assert {key for key in method.ASKED_IF if key in answers} == kept


@pytest.mark.parametrize(
    ("given", "need"),
    [
        ("140", "140"),
        ("139.50", "139.5"),
        ("GPT-4o", "gpt-4o"),
        ("49", None),
        ("201", None),
        ("a b", None),
    ],
)
def test_costs_may_be_compared_at_a_capability(world: World, given: str, need: str | None) -> None:
    parsed = parse(world.rulebook, group([("need", given)]), any_size=True)
    assert parsed.answers.overrides.get("need") == need
    assert bool(parsed.problems) is (need is None)


@settings(max_examples=200)
@given(
    pairs=st.lists(
        st.tuples(
            st.one_of(st.sampled_from([*method.CHOICES, *method.ASSUMPTIONS]), st.text(max_size=9)),
            st.one_of(
                st.sampled_from([key for _, key in method.ALL_CHOICES]),
                st.text(max_size=30),
                st.integers().map(str),
            ),
        ),
        max_size=25,
    )
)
def test_any_url_parses_and_its_canonical_form_is_stable(
    world: World, pairs: list[tuple[str, str]]
) -> None:
    parsed = parse(world.rulebook, group(pairs))
    again = parse(world.rulebook, group(parsed.answers.canonical(world.rulebook)))
    assert again.problems == ()
    assert again.answers.query(world.rulebook) == parsed.answers.query(world.rulebook)
