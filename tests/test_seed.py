"""Filling an empty database from files, and writing its rows back to them."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from apps.catalog.models import CatalogVersion, Modality, Model, Provider, Source
from apps.common.management.bulk import BulkWriter, NotInBulkError
from tests import factories

pytestmark = pytest.mark.django_db

type RowData = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent


def row(table: str, **fields: Any) -> RowData:
    return {"model": f"catalog.{table}", "fields": fields}


def source(slug: str = "a", **fields: Any) -> RowData:
    return row(
        "source",
        **{"slug": slug, "title": slug, "kind": "dataset", "read_on": "2026-11-22"} | fields,
    )


def provider(slug: str = "maker", **fields: Any) -> RowData:
    return row("provider", **{"slug": slug, "name": slug, "source": ["a"]} | fields)


def model(slug: str, **fields: Any) -> RowData:
    values: RowData = {
        "slug": slug,
        "name": slug,
        "provider": ["maker"],
        "openness": "open-weight",
        "status": "legacy",
        "checked_on": "2026-11-22",
        "source": ["a"],
    }
    return row("model", **values | fields)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Return an empty folder for fixtures that the commands use instead of the product's."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "fixtures" / "catalog").mkdir(parents=True)
    return tmp_path / "fixtures"


def write(folder: Path, name: str, *rows: RowData) -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(rows), encoding="utf-8")
    return file


def run(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue().strip()


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(folder.glob("*/*.json"))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


# Filling


def test_an_empty_database_is_filled_and_a_line_says_so(folder: Path) -> None:
    write(folder, "catalog/rows.json", source(), provider())
    assert run("seed") == "Filled the empty database: 2 rows of catalog."
    assert Provider.objects.get().source.slug == "a"


def test_files_and_rows_may_come_in_any_order(folder: Path) -> None:
    write(folder, "catalog/a.json", model("old", successor=["young"]), model("young"), provider())
    write(folder, "catalog/z.json", source())
    run("seed")
    successor = Model.objects.get(slug="old").successor
    assert successor is not None
    assert successor.slug == "young"


def test_links_to_many_rows_are_filled(folder: Path) -> None:
    modality = row("modality", slug="text", name="Text", order=1)
    rows = (model("m", reads=[["text"]]), modality, provider(), source())
    write(folder, "catalog/rows.json", *rows)
    run("seed")
    assert [m.slug for m in Model.objects.get().reads.all()] == ["text"]


def test_filling_twice_changes_nothing(folder: Path) -> None:
    write(folder, "catalog/rows.json", source(), provider(), model("m"))
    run("seed")
    version = CatalogVersion.current()
    assert run("seed") == "The database holds rows already: nothing was changed."
    assert CatalogVersion.current() == version
    assert (Source.objects.count(), Provider.objects.count(), Model.objects.count()) == (1, 1, 1)


def test_an_edited_row_survives(folder: Path) -> None:
    write(folder, "catalog/rows.json", source(), provider(name="Before"))
    run("seed")
    Provider.objects.update(name="Edited")
    run("seed")
    assert Provider.objects.get().name == "Edited"


def test_a_deleted_row_stays_deleted(folder: Path) -> None:
    write(folder, "catalog/rows.json", source(), provider())
    run("seed")
    Provider.objects.all().delete()
    run("seed")
    assert not Provider.objects.exists()


def test_a_database_with_any_row_is_not_empty(folder: Path) -> None:
    write(folder, "catalog/rows.json", source(), provider())
    factories.SourceFactory.create(slug="an-editors-own")
    assert "nothing was changed" in run("seed")
    assert [s.slug for s in Source.objects.all()] == ["an-editors-own"]


def test_rows_of_a_table_without_files_do_not_count(folder: Path) -> None:
    write(folder, "catalog/rows.json", source())
    factories.ScenarioFactory.create()
    assert run("seed").startswith("Filled")


def test_many_rows_take_few_statements(folder: Path) -> None:
    def statements(count: int) -> int:
        Model.objects.all().delete()
        Provider.objects.all().delete()
        Source.objects.all().delete()
        write(folder, "catalog/rows.json", source(), provider(), *map(model, names(count)))
        with CaptureQueriesContext(connection) as queries:
            run("seed")
        assert Model.objects.count() == count
        return len(queries)

    def names(count: int) -> list[str]:
        return [f"m{n}" for n in range(count)]

    assert statements(100) <= statements(10) + 5


def test_the_careful_way_writes_the_same_rows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modality = row("modality", slug="text", name="Text", order=1)
    old = model("old", successor=["young"], reads=[["text"]])
    write(folder, "catalog/rows.json", old, model("young"), provider(), source(), modality)

    def rows() -> list[dict[str, Any]]:
        found = [*Source.objects.values(), *Provider.objects.values(), *Model.objects.values()]
        reads = [m.natural_key() for m in Model.objects.get(slug="old").reads.all()]
        return [{k: v for k, v in one.items() if not k.endswith("id")} for one in found] + [
            {"reads": reads, "successor": str(Model.objects.get(slug="old").successor)}
        ]

    run("seed")
    quickly = rows()
    Model.objects.update(successor=None)
    for table in (Model, Provider, Source, Modality):
        table._default_manager.all().delete()

    def refuse(*_: object) -> None:
        raise NotInBulkError

    monkeypatch.setattr(BulkWriter, "write", refuse)
    run("seed")
    assert rows() == quickly


BROKEN: list[tuple[str, list[RowData] | str, str]] = [
    ("not JSON", "[{", "is not readable JSON"),
    ("not a list", "{}", "must hold a list of rows"),
    ("a row that is none", "[1]", "row 1 has no model or no fields"),
    ("a row without fields", '[{"model": "catalog.source"}]', "row 1 has no model or no fields"),
    ("an unknown table", [row("nothing")], "there is no table 'catalog.nothing' to fill"),
    ("an unknown column", [source(colour="red")], "colour"),
    ("a missing source", [provider(source=["nowhere"])], "nowhere"),
    ("no source at all", [provider(source=None)], "source"),
    ("a date that is none", [source(read_on="soon")], "soon"),
    ("a broken rule", [source(title="")], "source_has_title"),
    ("the same row twice", [source(), source()], "stands in the files already"),
    (
        "a successor that does not exist",
        [source(), provider(), model("m", successor=["nobody"])],
        "nobody",
    ),
]


@pytest.mark.parametrize(("case", "rows", "words"), BROKEN, ids=[case for case, *_ in BROKEN])
def test_a_broken_file_is_named_and_nothing_is_written(
    folder: Path, case: str, rows: list[RowData] | str, words: str
) -> None:
    write(folder, "catalog/1-good.json", source("good"))
    text = rows if isinstance(rows, str) else json.dumps(rows)
    (folder / "catalog" / "2-broken.json").write_text(text)
    with pytest.raises(CommandError) as refused:
        run("seed")
    message = str(refused.value)
    assert message.startswith("fixtures/catalog/2-broken.json")
    assert words in message
    assert message.endswith("Nothing was written.")
    assert not Source.objects.exists()


# Writing back


def test_rows_are_sorted_and_named_without_primary_keys(folder: Path) -> None:
    write(folder, "catalog/source.json", source("b"), source("a"))
    write(folder, "catalog/provider.json", provider())
    run("seed")
    run("export_fixtures")
    rows = json.loads((folder / "catalog" / "source.json").read_text())
    assert [r["fields"]["slug"] for r in rows] == ["a", "b"]
    assert all(set(r) == {"model", "fields"} for r in rows)


def test_writing_twice_gives_the_same_bytes(folder: Path) -> None:
    write(folder, "catalog/rows.json", model("m"), provider(), source())
    run("seed")
    run("export_fixtures")
    first = contents(folder)
    assert run("export_fixtures") == "Wrote 0 of 1 files; the others are the same."
    assert contents(folder) == first


def test_a_table_stays_in_its_file_and_a_new_one_gets_its_own(folder: Path) -> None:
    write(folder, "catalog/rows.json", source(), provider())
    run("seed")
    factories.HostFactory.create(source=Source.objects.get())
    run("export_fixtures")
    assert set(contents(folder)) == {"catalog/rows.json", "catalog/host.json"}


def test_decimals_lose_the_zeros_that_the_database_adds(folder: Path) -> None:
    write(folder, "catalog/source.json", source())
    price = factories.PriceFactory.create(input="0.150000", output="20.000000")
    run("export_fixtures")
    (written,) = json.loads((folder / "catalog" / "price.json").read_text())
    assert written["fields"]["input"] == "0.15"
    assert written["fields"]["output"] == "20"
    assert written["fields"]["offer"] == list(price.offer.natural_key())


def test_letters_beyond_ascii_stay_readable(folder: Path) -> None:
    write(folder, "catalog/source.json", source(title="Škoda – ‘x’"))
    run("seed")
    run("export_fixtures")
    assert "Škoda – ‘x’" in (folder / "catalog" / "source.json").read_text(encoding="utf-8")


def test_another_folder_leaves_the_files_alone(folder: Path, tmp_path: Path) -> None:
    write(folder, "catalog/source.json", source())
    run("seed")
    before = contents(folder)
    run("export_fixtures", "--to", str(tmp_path / "copy"))
    assert contents(folder) == before
    assert set(contents(tmp_path / "copy")) == {"catalog/source.json"}


def test_a_check_names_what_differs_and_writes_nothing(folder: Path) -> None:
    write(folder, "catalog/source.json", source())
    run("seed")
    run("export_fixtures")
    assert run("export_fixtures", "--check") == "All 1 files match the database."
    before = contents(folder)
    Source.objects.update(title="Edited")
    with pytest.raises(CommandError, match=r"differ from the database: catalog/source\.json\."):
        run("export_fixtures", "--check")
    assert contents(folder) == before


# The product's own files


def test_what_is_delivered_comes_back_byte_by_byte(tmp_path: Path) -> None:
    run("seed")
    run("export_fixtures", "--to", str(tmp_path))
    written, delivered = contents(tmp_path), contents(ROOT / "fixtures")
    assert written.keys() == delivered.keys()
    assert [name for name in written if written[name] != delivered[name]] == []
