"""Usage as the APIs of providers answer it, and logs whose cells hold JSON."""

import csv
import json
from datetime import date
from io import StringIO
from typing import Any

import pytest

from apps.usage.file import UnreadableUsageError, read_bill

BODY = {
    "id": "chatcmpl-1",
    "created": 1790812800,
    "model": "gpt-6-luna",
    "choices": [{"message": {"content": "Hello"}}],
    "usage": {
        "prompt_tokens": 19,
        "completion_tokens": 10,
        "total_tokens": 29,
        "prompt_tokens_details": {"cached_tokens": 5, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 2},
    },
}
LOGGED = {
    "request_id": "r1",
    "spend": 0.01,
    "prompt_tokens": 100,
    "completion_tokens": 10,
    "total_tokens": 110,
    "startTime": "2026-10-01T10:00:00Z",
    "endTime": "2026-10-01T10:00:02Z",
    "model": "gpt-6-luna",
    "metadata": {
        "usage_object": {"prompt_tokens": 100, "prompt_tokens_details": {"cached_tokens": 60}},
        "additional_usage_values": {"cache_read_input_tokens": 0},
        "cost_breakdown": {"input_cost": 0.007},
    },
}
BUCKET = {"start_time": 1790812800, "end_time": 1790899200}
COUNTED = {
    "input_tokens": 1000,
    "input_cached_tokens": 800,
    "output_tokens": 500,
    "num_model_requests": 5,
    "model": "gpt-6.1-sol",
}
WRITTEN = {
    "uncached_input_tokens": 1500,
    "cache_creation": {"ephemeral_1h_input_tokens": 1000, "ephemeral_5m_input_tokens": 500},
    "cache_read_input_tokens": 200,
    "output_tokens": 500,
    "model": "claude-opus-5-5",
}
OF_A_DAY = {
    "date": "2026-10-01",
    "inputTokens": 20_723,
    "outputTokens": 59_188,
    "cacheCreationTokens": 4_510_035,
    "cacheReadTokens": 56_239_656,
    "totalTokens": 60_829_602,
}
DETAILS = {"input": 70, "input_cached_tokens": 30, "output": 20, "total": 120}
OF_MISTRAL = {"billing_metric": "mistral-large-4", "usage_type": "completion"}


def mistral(group: str, value: int) -> dict[str, Any]:
    return OF_MISTRAL | {"billing_group": group, "timestamp": "2026-10-01", "value": value}


DOCUMENTS: list[tuple[str, Any, int | None, tuple[int, int, int, int]]] = [
    # (requests, tokens in, of them cached, tokens out)
    ("OpenAI", {"data": [BUCKET | {"results": [COUNTED]}]}, None, (5, 1000, 800, 500)),
    ("Anthropic", {"data": [BUCKET | {"results": [WRITTEN]}]}, 100, (100, 3200, 200, 500)),
    ("a body", BODY, None, (1, 19, 5, 10)),
    (
        "a body of Google",
        {
            "responseId": "a",
            "modelVersion": "gemini-3.5-flash-lite",
            "usageMetadata": {
                "promptTokenCount": 10,
                "candidatesTokenCount": 5,
                "thoughtsTokenCount": 7,
                "cachedContentTokenCount": 4,
                "totalTokenCount": 22,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 10}],
            },
        },
        None,
        (1, 10, 4, 12),
    ),
    ("LiteLLM", [LOGGED, LOGGED | {"request_id": "r2"}], None, (2, 200, 120, 20)),
    (
        "Langfuse",
        {"data": [{"id": "o1", "usageDetails": DETAILS}], "meta": {"page": 1}},
        None,
        (1, 100, 30, 20),
    ),
    (
        "ccusage",
        {"daily": [OF_A_DAY | {"modelBreakdowns": [OF_A_DAY]}], "totals": OF_A_DAY},
        100,
        (100, 60_770_414, 56_239_656, 59_188),
    ),
    (
        "Mistral",
        {"models": {"large": {"input": [mistral("input", 12), mistral("cached", 8)]}}},
        10,
        (10, 20, 8, 0),
    ),
    (
        "by day",
        {"2026-10-01": {**COUNTED}, "2026-10-02": {**COUNTED}},
        None,
        (10, 2000, 1600, 1000),
    ),
]


def totals(data: str, typed: int | None) -> tuple[int, int, int, int]:
    usage = read_bill(data.encode(), typed).usage
    return usage.requests, usage.tokens_in, usage.tokens_cached, usage.tokens_out


@pytest.mark.parametrize(
    ("document", "typed", "expected"), [d[1:] for d in DOCUMENTS], ids=[d[0] for d in DOCUMENTS]
)
def test_what_a_document_adds_up_to(
    document: object, typed: int | None, expected: tuple[int, int, int, int]
) -> None:
    assert totals(json.dumps(document), typed) == expected


def test_a_document_a_line_is_read() -> None:
    lines = [{"custom_id": str(n), "response": {"body": BODY | {"id": str(n)}}} for n in range(3)]
    text = "\n".join(map(json.dumps, lines))
    assert totals(text, None) == (3, 57, 15, 30)
    assert read_bill(text.encode()).usage.first == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({name: value for name, value in LOGGED.items() if name != "spend"}, (1, 100, 60, 10)),
        ({"id": "o1", "model": "gpt-6-luna", "usage_details": DETAILS}, (1, 100, 30, 20)),
    ],
)
def test_counts_inside_of_cells_are_read(
    cells: dict[str, Any], expected: tuple[int, int, int, int]
) -> None:
    text = StringIO()
    table = csv.writer(text)
    table.writerow(cells)
    table.writerow(json.dumps(v) if isinstance(v, dict) else v for v in cells.values())
    assert totals(text.getvalue(), None) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "no objects with input and output tokens"),
        ('\n {"object": "page"}', "no objects with input and output tokens"),
        ('{"data": [{"amount": {"value": 1}, "line_item": null}]}', "not the costs"),
        ('[{"input_tokens": 1,', "cannot be read to its end"),
        ("[" * 100_000, "cannot be read to its end"),
        ('{"a":' * 900 + "1" + "}" * 900, "no objects with"),
        (json.dumps([COUNTED | {"input_tokens": 10**300}]), "is too large"),
        (json.dumps([COUNTED | {"input_tokens": -5}]), "is below 0"),
        (json.dumps([COUNTED | {f"k{n}": 1 for n in range(10_000)}]), "columns; at most 500"),
    ],
)
def test_a_document_that_counts_nothing_gets_a_sentence(text: str, says: str) -> None:
    with pytest.raises(UnreadableUsageError, match=says):
        read_bill(text.encode(), 10)
