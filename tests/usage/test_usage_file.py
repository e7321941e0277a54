"""A bill brought as a file: what each provider's export adds up to, and what is said of others."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.usage.file import MAX_BYTES, MAX_ROWS, UnreadableUsageError, Usage, read_bill

OPENAI = """\
start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,input_tokens,output_tokens,input_cached_tokens,input_uncached_tokens,input_audio_tokens,output_audio_tokens
1790812800,1790899200,2026-10-01T00:00:00+00:00,2026-10-02T00:00:00+00:00,proj_1,100.0,,key_1,gpt-5.4-2026-03-01,False,default,250000,40000,90000,160000,0,0
1790812800,1790899200,2026-10-01T00:00:00+00:00,2026-10-02T00:00:00+00:00,proj_1,20.0,,key_2,gpt-5.4-nano,True,batch,50000,4000,0,50000,0,0
1790899200,1790985600,2026-10-02T00:00:00+00:00,2026-10-03T00:00:00+00:00,,,,,,,,,,,,,
1790985600,1791072000,2026-10-03T00:00:00+00:00,2026-10-04T00:00:00+00:00,proj_1,80.0,,key_1,gpt-5.4-2026-03-01,False,default,100000,16000,10000,90000,0,0
"""
OPENAI_OLD = """\
timestamp,n_requests,operation,snapshot_id,n_context_tokens_total,n_generated_tokens_total
1790812800,3,completion,gpt-4-0613,3000,300
1790816400,2,completion,gpt-4-0613,1000,200
"""
ANTHROPIC = """\
usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count,inference_geo,speed
2026-10-05,claude-opus-5,"App, main",Default,standard,≤ 200k,1000,200,300,6000,500,0,global,
2026-10-01,claude-haiku-5,batch key,Default,batch,≤ 200k,1500,0,0,0,500,0,global,
"""
ANTHROPIC_OLD = """\
usage_date_utc,model_version,usage_input_tokens_no_cache,usage_input_tokens_cache_write,usage_input_tokens_cache_read,usage_output_tokens
2026-10-01,claude-opus-4,10,20,30,40
"""
ANTHROPIC_API = """\
date,requests,input_tokens,cache_creation_input_tokens,cache_read_input_tokens,output_tokens
2026-10-01,2,10,20,30,40
"""
OPENROUTER = """\
date,model,model_permaslug,endpoint_id,provider_name,usage,byok_usage_inference,requests,prompt_tokens,completion_tokens,reasoning_tokens
2026-10-02,openai/gpt-4.1,openai/gpt-4.1-2025-04-14,550e8400,OpenAI,0.015,0.012,5,50,125,25
2026-10-04,moonshotai/kimi-k2,moonshotai/kimi-k2-0905,661f9511,Groq,0.18,0,7,120400,9800,1200
"""
OPENROUTER_REQUESTS = """\
generation_id,created_at,cost_total,cost_web_search,cost_cache,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,model_permaslug,provider_name,cancelled
gen-1,2026-10-02 22:00:18.189,0.000153,,,264,84,67,0,vendor/model-a,Azure,false
gen-2,2026-10-02 21:59:57.786,0.001641,,-0.006331,35985,647,0,35351,vendor/model-a,Azure,false
gen-3,2026-10-01 00:00:00,0,,,100,0,0,0,vendor/model-b,Azure,true
"""
GENERIC = """\
Day;Request Count;Prompt-Tokens;COMPLETION_TOKENS;cached tokens;Team
2026-10-01;1'000;"2,500,000";"300 000";500000;search
2026-10-31;500;500000;100000;0;support
Total;1500;3000000;400000;500000;
"""


def read_usage(data: bytes, typed: int | None = None) -> Usage:
    return read_bill(data, typed).usage


def usage(
    requests: int,
    tokens: tuple[int, int, int],
    period: tuple[date | None, date | None, float],
    rows: int,
    batch: int = 0,
    models: tuple[str, ...] = (),
) -> Usage:
    tokens_in, tokens_out, cached = tokens
    first, last, days = period
    return Usage(
        requests, tokens_in, tokens_out, cached, first, last, days, rows, batch, tuple(models)
    )


def october(first: int, last: int, days: float) -> tuple[date, date, float]:
    return date(2026, 10, first), date(2026, 10, last), days


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        pytest.param(
            OPENAI,
            None,
            usage(
                200,  # 100 + 20 + 80; the empty day counts in the period alone
                (400_000, 60_000, 100_000),
                october(1, 3, 3),
                4,
                batch=20,
                models=("gpt-5.4-2026-03-01", "gpt-5.4-nano"),
            ),
            id="openai",
        ),
        pytest.param(
            OPENAI_OLD,
            None,
            usage(5, (4000, 500, 0), october(1, 1, 1), 2, models=("gpt-4-0613",)),
            id="openai as it was until 2024",
        ),
        pytest.param(
            ANTHROPIC,
            40,
            usage(
                40,
                # 1000 + 200 + 300 + 6000 and 1500
                (9000, 1000, 6000),
                october(1, 5, 5),
                2,
                # the batch row has 2,000 of 10,000 tokens
                batch=8,
                models=("claude-haiku-5", "claude-opus-5"),
            ),
            id="anthropic console",
        ),
        pytest.param(
            ANTHROPIC_OLD,
            1,
            usage(1, (60, 40, 30), october(1, 1, 1), 1, models=("claude-opus-4",)),
            id="anthropic console with one column of cache writes",
        ),
        pytest.param(
            ANTHROPIC_API,
            None,
            usage(2, (60, 40, 30), october(1, 1, 1), 1),
            id="anthropic names: input_tokens are those that no cache touched",
        ),
        pytest.param(
            OPENROUTER,
            None,
            usage(
                12,
                # reasoning tokens are part of the completion tokens
                (120_450, 9925, 0),
                october(2, 4, 3),
                2,
                models=("moonshotai/kimi-k2", "openai/gpt-4.1"),
            ),
            id="openrouter by day",
        ),
        pytest.param(
            OPENROUTER_REQUESTS,
            None,
            usage(
                3,
                (36_349, 731, 35_351),
                october(1, 2, 2),
                3,
                models=("vendor/model-a", "vendor/model-b"),
            ),
            id="openrouter by request",
        ),
        pytest.param(
            OPENROUTER_REQUESTS,
            999,
            usage(
                3,
                (36_349, 731, 35_351),
                october(1, 2, 2),
                3,
                models=("vendor/model-a", "vendor/model-b"),
            ),
            id="what a file counts itself goes before what is typed",
        ),
        pytest.param(
            GENERIC,
            None,
            usage(1500, (3_000_000, 400_000, 500_000), october(1, 31, 31), 2),
            id="generic, with separators and a sum",
        ),
        pytest.param(
            "calls,tokens_in,tokens_out\n3,10,20\n",
            None,
            usage(3, (10, 20, 0), (None, None, 365 / 12), 1),
            id="without dates it is a month",
        ),
        pytest.param(
            "num_requests\tinput_tokens\toutput_tokens\tcached_input_tokens\n4\t10\t20\t5\n",
            None,
            usage(4, (10, 20, 5), (None, None, 365 / 12), 1),
            id="tabs",
        ),
        pytest.param(
            "start_time,end_time,requests,input_tokens,output_tokens\n"
            "2026-10-01T00:00:00+09:00,2026-11-01T00:00:00+09:00,31,62,93\n",
            None,
            usage(31, (62, 93, 0), october(1, 31, 31), 1),
            id="a month in one row ends before the next begins",
        ),
        pytest.param(
            "start_time,end_time,requests,input_tokens,output_tokens\n"
            "2026-10-01,2026-10-31,31,62,93\n",
            None,
            usage(31, (62, 93, 0), october(1, 31, 31), 1),
            id="an end written as a day is included",
        ),
    ],
)
def test_totals_of_an_export(text: str, typed: int | None, expected: Usage) -> None:
    assert read_usage(text.encode(), typed) == expected


def test_the_form_is_filled_from_means_and_shares() -> None:
    found = read_usage(OPENAI.encode())
    assert found.requests_per_day == pytest.approx(200 / 3)
    assert found.tokens_in_per_request == 2000
    assert found.tokens_out_per_request == 300
    assert found.cached_share == 0.25
    assert found.batch_share == 0.1


def test_without_input_no_share_of_it_is_cached() -> None:
    assert read_usage(b"requests,input_tokens,output_tokens\n1,0,5\n").cached_share == 0


BASE = "date,requests,input_tokens,output_tokens\n2026-10-01,2,30,40\n2026-10-02,5,600,700\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(BASE.encode("utf-8-sig"), id="UTF-8 with its mark"),
        pytest.param(BASE.encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xfe\xff" + BASE.encode("utf-16-be"), id="UTF-16, big end first"),
        pytest.param(BASE.replace("\n", "\r\n").encode(), id="lines of Windows"),
        pytest.param(BASE.replace("\n", "\r").encode(), id="lines of old Macs"),
        pytest.param(BASE.rstrip().encode(), id="no line end at the end"),
        pytest.param(("\n" + BASE + "\n\n,,,\n").encode(), id="empty lines around"),
        pytest.param(BASE.replace(",", ";").encode(), id="semicolons"),
        pytest.param(("sep=;\r\n" + BASE.replace(",", ";")).encode(), id="declared semicolons"),
        pytest.param(("sep=\t\n" + BASE.replace(",", "\t")).encode(), id="declared tabs"),
        pytest.param(re.sub(r"([^,\n]+)", r'"\1"', BASE).encode(), id="everything quoted"),
        pytest.param(BASE.replace("600", '"600.0"').encode(), id="600.0"),
        pytest.param(BASE.replace("600", " 0600 ").encode(), id="spaces and zeros"),
        pytest.param(BASE.replace("input_tokens", "Input Tokens").encode(), id="name in words"),
        pytest.param((BASE + ",,,\nTotal,7,630,740\n").encode(), id="sum with its label"),
        pytest.param((BASE + "Grand total:,7,630,740\n").encode(), id="grand total"),
        pytest.param((BASE + "Total\n").encode(), id="a label alone"),
        pytest.param(BASE.replace("\n2", ",note\n2", 1).encode(), id="empty last cells dropped"),
    ],
)
def test_a_table_is_read_however_it_was_saved(data: bytes) -> None:
    assert read_usage(data) == usage(7, (630, 740, 0), october(1, 2, 2), 2)


@pytest.mark.parametrize(
    "written",
    [
        "2026-10-31",
        "20261031",
        "2026-10-31 23:59:59",
        "2026-10-31 23:59:59.999",
        "2026-10-31T23:30:00Z",
        "2026-10-31T23:30:00-08:00",
        "2026-10-31 08:00:00 UTC",
        "1793404800",  # 2026-10-31T00:00:00Z
        "1793491199",  # a second before November
        "1793404800.0",
        "1793404800000",
    ],
)
def test_a_date_is_the_day_that_the_file_writes(written: str) -> None:
    text = f"date,requests,input_tokens,output_tokens\n{written},1,2,3\n"
    found = read_usage(text.encode())
    assert (found.first, found.last, found.days) == october(31, 31, 1)


def workbook(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "x")
    return stream.getvalue()


HEAD = "date,requests,input_tokens,output_tokens,cached_tokens\n"
ROW = "2026-10-01,1,2,3,0\n"
LONG = "x" * 100


UNREADABLE: list[tuple[bytes | str, str]] = [
    (b"", "The file is empty."),
    (b"\xef\xbb\xbf \r\n", "The file is empty."),
    (b"sep=;\n", "The file is empty."),
    (b" " * (MAX_BYTES + 1), "5,000,001 bytes; at most 5 MB"),
    (workbook("[Content_Types].xml"), "This Excel file cannot be read; export it as CSV."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "This is an old Excel file; save it as XLSX or CSV."),
    (workbook("usage.csv"), "This is a ZIP archive"),
    (b"%PDF-1.7\n", "This is a PDF file"),
    (b"\x89PNG\r\n\x1a\n", "This is an image"),
    (b"\xff\xd8\xff\xe0", "This is an image"),
    (b"GIF89a", "This is an image"),
    (b"RIFF\0\0\0\0WEBP", "This is an image"),
    (b"PK\x05\x06", "This is a ZIP archive"),
    (b"\x1f\x8b\x08", "This is a compressed file"),
    (b"<!DOCTYPE html><title>Sign in</title>", "This is a web page"),
    (b"date,requests\0", "The file is not text"),
    (b"\xff\xfe\x00\x00d\0\0\0", "The file is not text"),
    (HEAD.encode() + b"2026-10-01,\xe9,2,3,0\n", "Line 2, column “requests”: “é” is not"),
    (b"\xff\xfed", "bytes that are no text"),
    (b"sep=~\ndate~requests\n", "declares the separator “~”"),
    ("2026-10-01,1,2,3\n", "The first line holds values instead of column names"),
    (",".join(["x"] * 501), "501 columns; at most 500"),
    (
        "date,requests,output_tokens\n" + ROW,
        "The file has no column of input tokens (like input_tokens, prompt_tokens)",
    ),
    (
        "date,requests,input_tokens\n" + ROW,
        "The file has no column of output tokens (like output_tokens, completion_tokens)",
    ),
    (
        "Month,Cost\n",
        "and no column of output tokens (like output_tokens, completion_tokens). "
        "Its columns are “Month”, “Cost”.",
    ),
    ("a,b,c,d,e,f,g,h,i,j\n", "“g”, “h” and 2 more."),
    (LONG + "\n", f"Its columns are “{'x' * 39}…”."),
    (ANTHROPIC, "no column of requests (like requests, num_model_requests)"),
    (ANTHROPIC, "Type the number of requests in its period beside it"),
    (
        HEAD.replace("date", "input tokens") + ROW,
        "The columns “input tokens” and “input_tokens” count the same thing",
    ),
    (
        HEAD.replace("date", "Prompt Tokens") + ROW,
        "The columns “Prompt Tokens” and “input_tokens” count the same thing",
    ),
    (HEAD, "The file has column names but no rows."),
    (HEAD + "Total,1,2,3,0\n", "The file has column names but no rows."),
    (HEAD + ROW * (MAX_ROWS + 1), "more than 200,000 rows"),
    (HEAD + ROW + "2026-10-02,1,two,3,0\n", "Line 3, column “input_tokens”: “two” is not a"),
    ("sep=,\n" + HEAD + "\n2026-10-02,1,,x,0\n", "Line 4, column “output_tokens”: “x” is not"),
    (HEAD + f"2026-10-02,1,2,{LONG},0\n", f"“{'x' * 39}…” is not a whole number"),
    (HEAD + '2026-10-02,1,2,"a\n\u202eb",0\n', "“a \ufffdb” is not a whole number"),
    (HEAD + "2026-10-02,1.5,2,3,0\n", "“1.5” is not a whole number"),
    (HEAD + "2026-10-02,1.000,2,3,0\n", "“1.000” may be a thousand times more or less"),
    (HEAD + "2026-10-02,٣,2,3,0\n", "“٣” is not a whole number"),
    (HEAD + "2026-10-02,1,-2,3,0\n", "Line 2, column “input_tokens”: “-2” is below 0."),
    (HEAD + "2026-10-02,1,−2,3,0\n", "“−2” is below 0."),
    (HEAD + f"2026-10-02,1,{10**15 + 1},3,0\n", "“1000000000000001” is too large"),
    (HEAD + f"2026-10-02,1,{'9' * 9000},3,0\n", "is too large; numbers up to 10¹⁵ are read"),
    (HEAD + "31/31/2026,1,2,3,0\n", "Line 2, column “date”: “31/31/2026” is not a date"),
    (HEAD + "2026-02-30,1,2,3,0\n", "“2026-02-30” is not a date"),
    (HEAD + ROW + ",1,2,3,0\n", "Line 3, column “date”: “” is not a date"),
    (HEAD + "1969-12-31,1,2,3,0\n", "The last day in the file is 1969-12-31"),
    (HEAD + ROW + "2027-10-02,1,2,3,0\n", "covers 367 days, from 2026-10-01 to 2027-10-02"),
    (
        "start_time,end_time,requests,input_tokens,output_tokens\n2026-10-02,2026-10-01,1,2,3\n",
        "Line 2, column “end_time”: “2026-10-01” is before the start of its row.",
    ),
    (HEAD + "2026-10-01,0,2,3,0\n", "The requests in the file add up to 0."),
    (HEAD + "2026-10-01,1,0,,0\n", "The input and output tokens in the file add up to 0."),
    (
        "requests,prompt_cache_miss_tokens,cached_tokens,output_tokens\n1,-2,3,4\n",
        "“-2” is below 0.",
    ),
    (HEAD + "2026-10-01,1,2,300,400,0\n", "Line 2 has 6 cells where the header has 5"),
    (HEAD + ROW + "2026-10-02,1,2\n", "Line 3 stops before the column “cached_tokens”"),
    (HEAD + ROW + "2026-10-02,1,2,3\n", "Line 3 stops before the column “cached_tokens”"),
    (HEAD + ROW + '2026-10-02,"1,2,3,0\n' + ROW, "Line 3 cannot be split into cells"),
    (HEAD + "2026-10-01,1,2,3," + "9" * 200_000, "Line 2 holds a cell of more than 131,072"),
]


@pytest.mark.parametrize(("data", "sentence"), UNREADABLE, ids=[what for _, what in UNREADABLE])
def test_a_file_that_cannot_be_read_gets_a_sentence(data: bytes | str, sentence: str) -> None:
    with pytest.raises(UnreadableUsageError) as error:
        read_usage(data if isinstance(data, bytes) else data.encode())
    text = str(error.value)
    assert sentence in text
    assert text[0].isupper()
    assert text.endswith(".")


@pytest.mark.parametrize("typed", [0, -1, 10**15 + 1])
def test_the_number_typed_in_has_a_range(typed: int) -> None:
    with pytest.raises(UnreadableUsageError, match="between 1 and 10¹⁵"):
        read_usage(ANTHROPIC.encode(), typed)


def test_a_year_and_a_day_is_read_in_full() -> None:
    found = read_usage((HEAD + ROW + "2027-10-01,1,2,3,0\n").encode())
    assert found.days == 366


def test_two_columns_of_cache_writes_are_two_numbers_but_not_three() -> None:
    text = ANTHROPIC.replace("web_search_count", "usage_input_tokens_cache_write")
    with pytest.raises(UnreadableUsageError, match="count the same thing"):
        read_usage(text.encode(), 1)


@pytest.mark.parametrize("labelled", ["date", "model", "team"])
def test_a_sum_is_told_by_the_label_in_place_of_its_day_or_name(labelled: str) -> None:
    columns = ["requests", "date", "model", "team", "input_tokens", "output_tokens"]
    if labelled == "team":  # any other label stands at the beginning of its line
        columns.insert(0, columns.pop(columns.index("team")))
    cells = {"requests": "5", "date": "", "model": "", "team": "", labelled: "Total"}
    row = {"requests": "5", "date": "2026-10-01", "model": "a", "team": "b"}
    lines = [
        columns,
        [row.get(name, "7") for name in columns],
        [cells.get(name, "7") for name in columns],
    ]
    found = read_usage("\n".join(map(",".join, lines)).encode())
    assert found == usage(5, (7, 7, 0), october(1, 1, 1), 1, models=("a",))


def test_a_model_name_is_kept_short() -> None:
    text = "model,requests,input_tokens,output_tokens\n" + "m" * 1000 + ",1,2,3\n"
    assert [len(name) for name in read_usage(text.encode()).models] == [80]


numbers = st.integers(0, 10**12)
rows = st.lists(
    st.tuples(
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.integers(1, 10**9),
        numbers,
        numbers,
        st.sampled_from(["vendor/a", "vendor/b", ""]),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
).filter(lambda found: any(row[2] or row[3] for row in found))
NAMES = ["date", "requests", "input_tokens", "output_tokens", "model", "batch"]
type Rows = list[tuple[date, int, int, int, str, bool]]


def written(table: Rows, order: list[int] | None = None) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    for row in [NAMES, *table]:
        writer.writerow([row[place] for place in order or range(len(NAMES))])
    return stream.getvalue().encode()


@given(rows)
def test_totals_are_the_sums_of_the_rows(table: Rows) -> None:
    found = read_usage(written(table))
    assert found.requests == sum(row[1] for row in table)
    assert found.tokens_in == sum(row[2] for row in table)
    assert found.tokens_out == sum(row[3] for row in table)
    assert found.batch == sum(row[1] for row in table if row[5])
    assert found.rows == len(table)
    assert 0 <= found.cached_share <= 1
    assert 0 <= found.batch_share <= 1
    assert found.requests_per_day * found.days == pytest.approx(found.requests)


@given(rows, st.permutations(range(len(NAMES))), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_is_irrelevant(
    table: Rows, order: list[int], random: Random
) -> None:
    shuffled = list(table)
    random.shuffle(shuffled)
    assert read_usage(written(shuffled, order)) == read_usage(written(table))


@given(rows, st.data())
def test_a_row_in_two_parts_counts_once(table: Rows, data: st.DataObject) -> None:
    day, requests, tokens_in, tokens_out, model, batch = table[0]
    part = (
        day,
        data.draw(st.integers(0, requests)),
        data.draw(st.integers(0, tokens_in)),
        data.draw(st.integers(0, tokens_out)),
        model,
        batch,
    )
    rest = (day, requests - part[1], tokens_in - part[2], tokens_out - part[3], model, batch)
    whole, parts = read_usage(written(table)), read_usage(written([part, rest, *table[1:]]))
    assert parts.rows == whole.rows + 1
    for name in ("requests", "tokens_in", "tokens_out", "batch", "first", "last", "days"):
        assert getattr(parts, name) == getattr(whole, name)


def outcome(data: bytes, typed: int | None) -> Usage | str:
    """Return what a file gives: its usage, or the sentence of the one error that may be raised."""
    try:
        return read_usage(data, typed)
    except UnreadableUsageError as error:
        return str(error)


def check_outcome(found: Usage | str) -> None:
    if isinstance(found, str):
        assert len(found) < 1000
        assert found.isprintable()
        assert found.endswith(".")
    else:
        assert found.requests > 0
        assert found.tokens_in + found.tokens_out > 0
        assert 1 <= found.days <= 366


@given(st.binary(max_size=300), st.none() | st.integers())
def test_no_bytes_are_too_much(data: bytes, typed: int | None) -> None:
    check_outcome(outcome(data, typed))


EXPORTS = [OPENAI, OPENAI_OLD, ANTHROPIC, OPENROUTER, OPENROUTER_REQUESTS, GENERIC, BASE]
MUTATIONS: list[Callable[[bytes, int, bytes], bytes]] = [
    lambda text, at, new: text[:at] + new + text[at:],
    lambda text, at, new: text[:at] + new + text[at + len(new) :],
    lambda text, at, new: text[:at],
    lambda text, at, new: text[at:],
    lambda text, at, new: text + text[at:],
]
HOSTILE = [b'"', b"\0", b"\r", b"\n", b",", b";", b"\t", b"-", b"9" * 20, b"\xff", b"Total", b"'"]


@given(
    st.sampled_from(EXPORTS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.lists(
        st.tuples(
            st.sampled_from(MUTATIONS),
            st.integers(0, 1500),
            st.sampled_from(HOSTILE) | st.binary(max_size=4) | st.text(max_size=3).map(str.encode),
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_no_damage_to_an_export_is_too_much(
    text: str,
    encoding: str,
    damage: list[tuple[Callable[[bytes, int, bytes], bytes], int, bytes]],
) -> None:
    data = text.encode(encoding)
    for mutate, at, new in damage:
        data = mutate(data, at % (len(data) + 1), new)
    check_outcome(outcome(data, 10))


@given(st.text(max_size=40), st.sampled_from(["date", "requests", "input_tokens", "model"]))
def test_no_cell_is_too_much(cell: str, column: str) -> None:
    row = {"date": "2026-10-01", "requests": "1", "input_tokens": "2", "output_tokens": "3"}
    row |= {"model": "a", column: cell}
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(row))
    writer.writeheader()
    writer.writerow(row)
    check_outcome(outcome(stream.getvalue().encode(), None))
