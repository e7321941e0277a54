"""Refreshing prices: proposals, what is applied alone, and what changes nothing."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import models
from django.utils import timezone
from pytest_django import Settings

from apps.catalog import models as catalog
from apps.catalog.models import Host, Offer, Price, Source
from apps.prices import accepting
from apps.prices.models import Proposal, SourceCopy
from tests import factories
from tests.prices.pricing_source import entry, offer, prices, provider, refresh, table, write

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
WATCHED: list[type[models.Model]] = [Host, Offer, Price, Proposal, Source, SourceCopy]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return all rows that a refresh could write."""
    return {t.__name__: list(t._default_manager.order_by("pk").values()) for t in WATCHED}


def waiting() -> list[Proposal]:
    return list(Proposal.objects.waiting().order_by("pk"))


def agree(folder: Path, **price: Any) -> str:
    """Refresh from a table of which two sources say the same."""
    rows = [price, price | {"source": "litellm 1.0"}]
    return refresh("--offers", write(folder, table(*rows), "offers.csv"))


# Proposals


def test_a_difference_waits_with_old_new_source_and_day(tmp_path: Path) -> None:
    found = offer()
    said = refresh("--source", write(tmp_path, [provider(entry(output=2.2))]))
    (proposal,) = waiting()
    assert (proposal.offer, proposal.field) == (found, "price")
    assert proposal.old is not None
    assert proposal.old["steps"] == [{"above": 0, "input": "1", "output": "2"}]
    assert proposal.new["steps"] == [{"above": 0, "input": "1", "output": "2.2"}]
    assert proposal.source.title == "genai-prices as of 23 November 2026"
    assert proposal.starts == proposal.read_on == date(2026, 11, 23)
    assert proposal.change == pytest.approx(0.1)
    assert proposal.reason == "Only one source says so."
    assert prices(found) == [("2026-11-01", None, 0, "1", "2")]
    assert said.splitlines()[-1] == (
        "1 new proposals (price list: 1); 0 applied, 0 earlier ones set aside; "
        "1 wait for an editor."
    )


def test_what_agrees_is_not_proposed(tmp_path: Path) -> None:
    offer()
    refresh("--source", write(tmp_path, [provider(entry())]))
    assert waiting() == []


def test_the_second_run_proposes_nothing_new(tmp_path: Path) -> None:
    offer()
    file = write(tmp_path, [provider(entry(output=2.2), entry("other"))])
    refresh("--source", file)
    before = everything()
    assert refresh("--source", file).splitlines()[-1].startswith("0 new proposals;")
    assert everything() == before


def test_a_newer_value_replaces_the_one_that_waits(tmp_path: Path) -> None:
    offer()
    refresh("--source", write(tmp_path, [provider(entry(output=2.2))]))
    refresh("--source", write(tmp_path, [provider(entry(output=2.4))]))
    assert [p.new["steps"][0]["output"] for p in waiting()] == ["2.4"]
    assert Proposal.objects.filter(state="replaced").count() == 1


def test_what_the_source_takes_back_no_longer_waits(tmp_path: Path) -> None:
    offer()
    refresh("--source", write(tmp_path, [provider(entry(output=2.2))]))
    refresh("--source", write(tmp_path, [provider(entry())]))
    assert waiting() == []


def test_a_model_that_the_catalog_does_not_know_is_passed_over(tmp_path: Path) -> None:
    offer()
    refresh("--source", write(tmp_path, [provider(entry(), entry("another"))]))
    assert waiting() == []


def test_a_model_that_a_table_names_and_the_catalog_lacks_is_named(tmp_path: Path) -> None:
    offer()
    said = refresh("--offers", write(tmp_path, table({}, {"model_slug": "stranger"}), "offers.csv"))
    assert "the catalog holds no model 'stranger'." in said


STRANGE: list[tuple[str, dict[str, str], str]] = [
    ("output below input", {"input_usd_per_mtok": "2.2"}, "The output is cheaper than the input."),
    ("cached above input", {"cache_read_usd_per_mtok": "1.1"}, "Cached input is dearer"),
    ("far above the others", {"output_usd_per_mtok": "2.1"}, "The output is 2.1× the median"),
    ("far below the others", {"input_usd_per_mtok": "0.9"}, "The input is 0.45× the median"),
]


@pytest.mark.parametrize(("price", "words"), [s[1:] for s in STRANGE], ids=[s[0] for s in STRANGE])
def test_a_strange_price_waits_with_a_warning_although_two_sources_agree(
    tmp_path: Path, settings: Settings, price: dict[str, str], words: str
) -> None:
    settings.PRICE_BAND = 10
    found = offer(cached="0.5")
    usual = {"output": "1"} if "median" in words and "output" in words else {"input": "2"}
    for host in ("second", "third"):
        offer(host=host, **usual)
    before = prices(found)
    agree(tmp_path, **price)
    (proposal,) = waiting()
    assert words in proposal.reason
    assert prices(found) == before


def test_a_strange_price_of_a_step_says_for_which_prompts(tmp_path: Path) -> None:
    offer()
    for host in ("second", "third"):
        offer(host=host)
    # At 1 and 2 dollars of the others, 2.5 is too much for long prompts, and the output too cheap.
    long_in = {"base": 1, "tiers": [{"start": 200_000, "price": 2.5}]}
    refresh("--source", write(tmp_path, [provider(entry(input=long_in))]))
    (proposal,) = waiting()
    for words in (
        "For prompts above 200,000 tokens: The output is cheaper than the input.",
        "For prompts above 200,000 tokens: The input is 2.5× the median",
    ):
        assert words in proposal.reason


def test_a_reason_is_no_longer_than_its_column(tmp_path: Path) -> None:
    offer()
    for host in ("second", "third"):
        offer(host=host)
    tiers = [{"start": 1000 * place, "price": 2.5} for place in range(1, 20)]
    refresh("--source", write(tmp_path, [provider(entry(input={"base": 1, "tiers": tiers}))]))
    (proposal,) = waiting()
    proposal.full_clean()


def test_a_source_that_prices_hours_alone_says_so(tmp_path: Path) -> None:
    hours = {"constraint": {"start_time": "00:30:00Z", "end_time": "16:30:00Z"}}
    model = {"id": "m", "prices": [hours | {"prices": {"input_mtok": 1, "output_mtok": 2}}]}
    source = write(tmp_path, [provider(model)])
    with pytest.raises(CommandError, match="only certain hours are priced"):
        refresh("--source", source, "--partial")


def test_a_new_offer_with_a_strange_price_says_so(tmp_path: Path) -> None:
    factories.ModelFactory.create(slug="model")
    agree(tmp_path, input_usd_per_mtok="3")
    (proposal,) = waiting()
    assert proposal.reason.endswith("The output is cheaper than the input.")


def test_the_price_of_writing_to_a_cache_reaches_the_catalog(tmp_path: Path) -> None:
    model = factories.ModelFactory.create(slug="model")
    source = factories.SourceFactory.create()
    model.aliases.create(dataset="genai-prices", name="lab/model", source=source)
    given = {"input_mtok": 2, "output_mtok": 10, "cache_write_mtok": 2.5}
    file = write(tmp_path, [provider({"id": "model", "prices": given})])
    refresh("--source", file, "--accept-offers")
    assert Price.objects.get().cache_write == Decimal("2.5")


def test_an_alias_makes_a_new_offer_of_a_known_model(tmp_path: Path) -> None:
    model = factories.ModelFactory.create()
    source = factories.SourceFactory.create()
    model.aliases.create(dataset="genai-prices", name="lab/model", source=source)
    refresh("--source", write(tmp_path, [provider(entry())]))
    (proposal,) = waiting()
    assert (proposal.field, proposal.model, proposal.offer) == ("offer", model, None)
    assert not Offer.objects.exists()


@pytest.mark.parametrize("id_", ["model:free", "model-fast", "model@eu", "us.model"])
def test_a_variant_is_another_offer(tmp_path: Path, id_: str) -> None:
    offer()
    refresh("--source", write(tmp_path, [provider(entry(id_, output=2.2))]))
    assert waiting() == []


def test_an_id_with_a_date_speaks_for_the_plain_one_only_where_that_is_silent(
    tmp_path: Path,
) -> None:
    offer()
    dated = entry("model-2026-10-01", output=3)
    refresh("--source", write(tmp_path, [provider(dated, entry())]))
    assert waiting() == []
    refresh("--source", write(tmp_path, [provider(dated)]))
    assert [p.new["steps"][0]["output"] for p in waiting()] == ["3"]


def test_letter_case_makes_no_other_offer(tmp_path: Path) -> None:
    offer("Model")
    refresh("--source", write(tmp_path, [provider(entry("model"))]))
    assert waiting() == []


def test_a_source_older_than_what_is_held_says_nothing_new(tmp_path: Path) -> None:
    offer(source__read_on=date(2026, 11, 22), valid_from=date(2026, 11, 22))
    row = {"output_usd_per_mtok": "2.2", "source": "rates 1.0 ledger 2026-09-28"}
    refresh("--offers", write(tmp_path, table(row)))
    assert waiting() == []


def test_a_shutdown_day_is_proposed(tmp_path: Path) -> None:
    offer()
    refresh("--offers", write(tmp_path, table({"status_or_deprecation": "2026-12-15"})))
    (proposal,) = waiting()
    assert proposal.field == "status"
    assert proposal.new == {"status": "active", "deprecated_on": "2026-12-15"}


def test_one_list_of_google_speaks_for_both_of_its_hosts(tmp_path: Path) -> None:
    offer(host="google")
    offer(host="google-vertex")
    refresh("--source", write(tmp_path, [provider(entry(output=2.2), id_="google")]))
    assert [proposal.host_slug for proposal in waiting()] == ["google", "google-vertex"]


# What is applied alone


def test_what_two_sources_agree_on_within_the_band_is_applied(tmp_path: Path) -> None:
    found = offer()
    agree(tmp_path, output_usd_per_mtok="2.6")
    assert waiting() == []
    assert prices(found) == [
        ("2026-11-01", "2026-11-19", 0, "1", "2"),
        ("2026-11-20", None, 0, "1", "2.6"),
    ]
    latest = found.prices.get(valid_until=None)
    assert {latest.source.slug, getattr(latest.confirmed_by, "slug", "")} == {
        "rates-1-0",
        "litellm-1-0",
    }
    (proposal,) = Proposal.objects.all()
    assert (proposal.state, proposal.automatic, proposal.decided_by) == ("accepted", True, None)


@pytest.mark.parametrize(
    ("band", "output", "applied"),
    [
        (0.3, "2.6", True),
        (0.3, "2.61", False),
        (0.3, "1.4", True),
        (0.3, "1.39", False),
        (0.0, "2.6", False),
        (1.0, "4", True),
    ],
)
def test_the_band_is_a_setting(
    tmp_path: Path, settings: Settings, band: float, output: str, applied: bool
) -> None:
    settings.PRICE_BAND = band
    offer()
    agree(tmp_path, output_usd_per_mtok=output)
    assert (waiting() == []) is applied


def test_a_source_that_was_read_before_may_agree(tmp_path: Path) -> None:
    found = offer()
    row = {"output_usd_per_mtok": "2.4"}
    refresh("--offers", write(tmp_path, table(row), "offers.csv"))
    assert len(waiting()) == 1
    refresh("--source", write(tmp_path, [provider(entry(output=2.4))]))
    assert prices(found)[-1] == ("2026-11-23", None, 0, "1", "2.4")


def test_a_new_offer_waits_even_where_two_sources_agree(tmp_path: Path) -> None:
    factories.ModelFactory.create(slug="model")
    agree(tmp_path)
    (proposal,) = waiting()
    assert proposal.reason == "A new offer; litellm 1.0 and rates 1.0 ledger 2026-11-20 agree."


def test_a_price_that_was_unknown_waits(tmp_path: Path) -> None:
    found = offer()
    found.prices.all().delete()
    agree(tmp_path)
    assert len(waiting()) == 1


def test_steps_that_the_source_is_silent_about_are_not_dropped_alone(tmp_path: Path) -> None:
    found = offer()
    factories.PriceFactory.create(
        offer=found, valid_from=date(2026, 11, 1), above_tokens=1000, input=2, output=4
    )
    agree(tmp_path, output_usd_per_mtok="2.2")
    assert all("by hand" in p.reason for p in waiting())
    assert len(prices(found)) == 2


# Schedules, steps, history


def test_steps_and_announced_prices_are_stored_as_such(tmp_path: Path) -> None:
    model = factories.ModelFactory.create(slug="model")
    source = factories.SourceFactory.create()
    model.aliases.create(dataset="genai-prices", name="lab/model", source=source)
    tiered = {"base": 1, "tiers": [{"start": 1000, "price": 3}]}
    conditional = [
        {"prices": {"input_mtok": tiered, "output_mtok": 2}},
        {
            "constraint": {"start_date": "2026-12-01"},
            "prices": {"input_mtok": 4, "output_mtok": 5},
        },
    ]
    file = write(tmp_path, [provider({"id": "model", "prices": conditional})])
    refresh("--source", file, "--accept-offers")
    assert prices(Offer.objects.get()) == [
        ("2026-11-23", "2026-11-30", 0, "1", "2"),
        ("2026-11-23", "2026-11-30", 1000, "3", "2"),
        ("2026-12-01", None, 0, "4", "5"),
    ]
    assert "0 new proposals" in refresh("--source", file)


# What changes nothing


def many(count: int = 20, **last: Any) -> list[dict[str, Any]]:
    """Return a source of many prices of which the last one differs."""
    return [provider(*(entry(f"m{n}") for n in range(count - 1)), entry(**last))]


CACHED = {"input_mtok": 1, "output_mtok": 2, "cache_read_mtok": 100}

UNSOUND: list[tuple[str, object, str]] = [
    ("price × 1000", many(output=2000), r"\$2000 .*against \$2, what is held, is absurd"),
    ("price ÷ 1000", many(output=0.002), "is absurd"),
    ("a cached price × 1000", many(prices=CACHED), r"\$100 .*\(cached\) against \$0\.1, what is"),
    ("a price that nobody asks", [*many(), provider(entry(input=5000), id_="x")], "is absurd"),
    ("an empty list", [], "an empty list"),
    ("unknown units", [provider({"id": "model", "prices": {"input_ktok": 1}})], "unknown units"),
    ("below 0", many(output=-2), "is below 0"),
    ("no number", b'[{"id": "lab", "models": [{"id": "m", "prices": NaN}]}]', "NaN"),
    ("a page", "<!DOCTYPE html>", "not whole JSON"),
    ("cut off", json.dumps(many(output=2.2))[:-20], "not whole JSON"),
    ("the same id twice", [provider(entry(output=2.2), entry(output=2.4))], "listed twice"),
    ("no prices", [provider()], "holds no prices"),
    ("far fewer than before", [provider(entry(output=2.2))], "far fewer than the 20"),
    ("half", many(15, output=2.2), "far fewer than the 20"),
]


@pytest.mark.parametrize(("source", "words"), [u[1:] for u in UNSOUND], ids=[u[0] for u in UNSOUND])
def test_an_unsound_source_changes_nothing_and_a_sentence_says_why(
    tmp_path: Path, source: object, words: str
) -> None:
    offer(cached="0.1")
    refresh("--source", write(tmp_path, many(output=2.1), "good.json"))
    before = everything()
    with pytest.raises(CommandError, match=rf"{words}.*\. Nothing was changed\.$"):
        refresh("--source", write(tmp_path, source))
    assert everything() == before


def test_one_odd_price_of_many_waits_and_the_rest_goes_on(tmp_path: Path) -> None:
    source = factories.SourceFactory.create()
    for n in range(20):
        model = factories.ModelFactory.create(slug=f"m{n}")
        model.aliases.create(dataset="genai-prices", name=f"lab/m{n}", source=source)
        factories.PriceFactory.create(
            offer=factories.OfferFactory.create(
                model=model, host=factories.HostFactory.create(slug=f"h{n}"), source=source
            ),
            source=source,
        )
    listed = [entry(f"m{n}") for n in range(19)] + [entry("m19", output=2000)]
    told = refresh("--source", write(tmp_path, [provider(*listed)]))
    odd = [p for p in waiting() if "is absurd" in p.reason]
    assert [p.model.slug for p in odd] == ["m19"]
    assert "is absurd" in told
    assert len(waiting()) == 20


def test_a_step_that_is_absurd_makes_the_source_absurd(tmp_path: Path) -> None:
    found = offer()
    factories.PriceFactory.create(
        offer=found, valid_from=date(2026, 11, 1), above_tokens=1000, input=2, output=4
    )
    tiered = {"base": 1, "tiers": [{"start": 1000, "price": 200}]}
    prices_ = {"input_mtok": tiered, "output_mtok": 2}
    with pytest.raises(CommandError, match=r"\$200 .*\(input\) against \$2, what is held"):
        refresh("--source", write(tmp_path, [provider({"id": "model", "prices": prices_})]))


def test_a_file_is_measured_by_the_prices_of_the_package_unless_it_is_partial(
    tmp_path: Path,
) -> None:
    offer()
    refresh()
    half = write(tmp_path, many(output=2.2))
    before = everything()
    with pytest.raises(CommandError, match="holds 20 prices, far fewer than"):
        refresh("--source", half)
    assert everything() == before
    assert "1 new proposals" in refresh("--source", half, "--partial")
    assert SourceCopy.objects.get().name == "genai-prices"


def test_only_a_file_can_be_partial() -> None:
    with pytest.raises(CommandError, match="name it with --source FILE"):
        refresh("--partial")


def test_an_offer_without_a_known_price_is_accepted_without_one(tmp_path: Path) -> None:
    factories.ModelFactory.create(slug="model")
    free = {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "host": "free"}
    said = refresh("--offers", write(tmp_path, table({}, free), "offers.csv"), "--accept-offers")
    assert "2 new offers accepted." in said
    assert prices(Offer.objects.get(host__slug="free")) == []


def test_what_only_the_agreeing_source_states_is_kept(tmp_path: Path) -> None:
    factories.ModelFactory.create(slug="model")
    rows = [
        {"source": "litellm 1.0"},
        {"source": "rates 1.0 ledger 2026-11-20", "cache_read_usd_per_mtok": "0.25"},
        {"source": "dearer 1.0", "input_usd_per_mtok": "0.5", "cache_read_usd_per_mtok": "0.1"},
    ]
    refresh("--offers", write(tmp_path, table(*rows), "offers.csv"), "--accept-offers")
    price = Price.objects.get()
    assert [price.input, price.output, price.cached] == [Decimal(1), Decimal(2), Decimal("0.25")]


def test_a_file_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        refresh("--source", tmp_path / "nothing.json")


def test_without_a_network_the_fetch_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing listens on port 1.
    monkeypatch.setattr("apps.prices.readers.bundled.URL", "http://127.0.0.1:1/data.json")
    before = everything()
    with pytest.raises(CommandError, match=r"could not be fetched.*Nothing was changed"):
        refresh("--fetch")
    assert everything() == before


def test_the_last_good_copy_is_kept_with_its_hash(tmp_path: Path) -> None:
    offer()
    file = write(tmp_path, [provider(entry())])
    refresh("--source", file)
    copy = SourceCopy.objects.get()
    assert copy.entries == 1
    assert len(copy.sha256) == 64
    refresh("--source", write(tmp_path, [provider(entry(output=2.1))]))
    assert SourceCopy.objects.get().sha256 != copy.sha256


def test_the_installed_prices_need_no_network() -> None:
    offer("gpt-4o", "openai", input="2.5", output="10")
    assert "1 of known models" in refresh()


KILLED = """
import os, signal
from django.core.management import call_command, execute_from_command_line
import django
django.setup()
from apps.catalog.models import Price
from apps.prices import accepting
write = accepting.write_list
def dying(*args):
    write(*args)
    print("written", Price.objects.count(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
accepting.write_list = dying
call_command("refresh_prices", "--offers", os.environ["OFFERS"], "--date", "2026-11-23")
"""

PREPARED = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.prices.pricing_source import offer
offer(); offer("second")
"""


def run(program: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True
    )


def test_killed_half_way_it_leaves_all_as_it_was(tmp_path: Path) -> None:
    rows = [
        {"host_model_id": id_, "output_usd_per_mtok": "2.2", "source": source}
        for id_ in ("model", "second")
        for source in ("rates 1.0 ledger 2026-11-20", "litellm 1.0")
    ]
    database = tmp_path / "db.sqlite3"
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "OFFERS": str(write(tmp_path, table(*rows), "offers.csv")),
    }
    made = run(PREPARED, env)
    assert made.returncode == 0, made.stderr
    before = dump(database)
    killed = run(KILLED, env)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert "written 3" in killed.stdout
    assert dump(database) == before


def dump(database: Path) -> list[str]:
    connection = sqlite3.connect(database)
    try:
        return [line for line in connection.iterdump() if "django_migrations" not in line]
    finally:
        connection.close()


def test_the_market_leaves_out_what_is_on_its_way_out() -> None:
    from apps.catalog.compile import current_market

    row = factories.EstimateFactory.create(model__slug="model")
    for id_, status, ends in (
        ("a", "active", None),
        ("b", "deprecated", None),
        ("c", "ended", None),
        ("d", "active", date(2026, 11, 22)),
        ("e", "active", date(2026, 12, 22)),
    ):
        found = offer(id_, host=f"host-{id_}")
        found.status, found.deprecated_on = status, ends
        found.save()
    (candidate,) = current_market(date(2026, 11, 22)).candidates
    names = {o.slug: o.name for o in catalog.Host.objects.all()}
    assert candidate.slug == row.model.slug
    assert {o.host.name for o in candidate.offers} == {names["host-a"], names["host-e"]}


# Lists in other currencies


@pytest.mark.parametrize(
    ("output", "proposed"),
    [
        pytest.param(2.5, False, id="the same"),
        pytest.param(2.3, False, id="converted on another day"),
        pytest.param(2, True, id="a fifth less"),
        pytest.param(5, True, id="twice"),
    ],
)
def test_another_conversion_of_a_list_is_no_news(
    tmp_path: Path, output: float, proposed: bool
) -> None:
    found = offer(currency=factories.ExchangeRateFactory.create())
    refresh("--source", write(tmp_path, [provider(entry(input=1.25, output=output))]))
    assert bool(waiting()) is proposed
    assert prices(found) == [("2026-11-01", None, 0, "1", "2")]


def test_a_list_in_another_currency_is_never_changed_alone(tmp_path: Path) -> None:
    found = offer(currency=factories.ExchangeRateFactory.create())
    agree(tmp_path, input_usd_per_mtok="1.25", output_usd_per_mtok="3")
    (proposal,) = waiting()
    assert proposal.reason == "The list is kept in EUR: enter its price by hand."
    assert proposal.old is not None
    assert proposal.old["steps"] == [{"above": 0, "input": "1.25", "output": "2.5"}]
    assert prices(found) == [("2026-11-01", None, 0, "1", "2")]


def test_a_price_that_an_editor_takes_from_a_source_is_in_dollars(tmp_path: Path) -> None:
    found = offer(currency=factories.ExchangeRateFactory.create())
    agree(tmp_path, input_usd_per_mtok="1.25", output_usd_per_mtok="3")
    outcome = accepting.accept([p.pk for p in waiting()], by=None, now=timezone.now())
    assert outcome.problems == []
    latest = found.prices.get(valid_until=None)
    assert latest.currency is None
    assert latest.output == 3
