"""Exports of each shape: what they add up to, told by their values and their arithmetic."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from apps.usage.file import UnreadableUsageError, read_bill
from apps.usage.values import Bill

HEAD = "date,requests,input_tokens,output_tokens"
DEEPSEEK = """\
user_id,utc_date,model,api_key_name,api_key,type,price,amount
u1,2026-10-03,deepseek-v4-pro,key-a,sk-***,output_tokens,0.00000087,23547
u1,2026-10-03,deepseek-v4-pro,key-a,sk-***,request_count,,5
u1,2026-10-03,deepseek-v4-pro,key-a,sk-***,input_cache_hit_tokens,0.000000003625,54400
u1,2026-10-03,deepseek-v4-pro,key-a,sk-***,input_cache_miss_tokens,0.000000435,11000
"""
CURSOR = (
    "Date,User,Cloud Agent ID,Automation ID,Kind,Model,Max Mode,Input (w/ Cache Write),"
    "Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost\n"
    '"2026-10-01T10:00:00.000Z","dev@example.org","","","Included","claude-opus-5-5","No",'
    '"1200","1000","5000","300","7500","0.12"\n'
    '"2026-10-01T11:00:00.000Z","dev@example.org","","","Errored, No Charge","gpt-6-1-sol","No",'
    '"9","9","9","9","36","0"\n'
)
COPILOT = """\
date,username,model,input,output,cache_read,cache_write
2026-09-01,dev,claude-sonnet-5-5,1000,200,5000,300
"""
CCUSAGE = """\
date,model,inputTokens,outputTokens,cacheCreationTokens,cacheReadTokens,totalTokens,totalCost
2026-10-01,claude-opus-5-5,20723,59188,4510035,56239656,60829602,60.63
"""
GOOGLE = """\
day,calls,promptTokenCount,cachedContentTokenCount,candidatesTokenCount,thoughtsTokenCount,totalTokenCount
2026-10-01,10,1000,400,200,300,1500
"""
LITELLM = """\
request_id,startTime,endTime,model,spend,total_tokens,prompt_tokens,completion_tokens
a,2026-10-01 10:00:00.1,2026-10-01 10:00:09.2,gpt-6-luna,0.5,1100,1000,100
b,2026-10-02 10:00:00.1,2026-10-02 10:00:09.2,gpt-6-luna,0.5,1100,1000,100
"""
HELICONE = """\
request_id,request_created_at,status,model,prompt_tokens,completion_tokens,total_tokens,cost_usd
a,2026-10-01T10:00:00Z,200,gpt-6-luna,1000,100,1100,0.001
b,2026-10-01T10:00:01Z,500,gpt-6-luna,0,0,0,0
"""
AWS = """\
identity/LineItemId,bill/BillingPeriodStartDate,lineItem/UsageStartDate,lineItem/UsageType,lineItem/UsageAmount,pricing/unit,lineItem/UnblendedCost
a1,2026-10-01T00:00:00Z,2026-10-03T00:00:00Z,USE1-NovaLite2-input-tokens,1234.5,1K tokens,0.407
a2,2026-10-01T00:00:00Z,2026-10-03T00:00:00Z,USE1-NovaLite2-output-tokens,100.25,1K tokens,0.2757
a3,2026-10-01T00:00:00Z,2026-10-03T00:00:00Z,BoxUsage:t3.micro,24,Hrs,0.25
"""
AZURE = """\
Date,MeterName,UnitOfMeasure,Quantity,CostInBillingCurrency,BillingCurrencyCode
10/13/2026,gpt 6.1 sol Inp glbl Tokens,1K,1234.5,2.469,EUR
10/14/2026,gpt 6.1 sol Outp glbl Tokens,1M,0.5,2,EUR
10/14/2026,gpt 6.1 sol cached Inp glbl Tokens,1K,100,0.1,EUR
"""


def totals(bill: Bill) -> tuple[int, int, int, int]:
    usage = bill.usage
    return usage.requests, usage.tokens_in, usage.tokens_cached, usage.tokens_out


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        pytest.param(DEEPSEEK, None, (5, 65_400, 54_400, 23_547), id="DeepSeek: a row a type"),
        pytest.param(CURSOR, None, (1, 7200, 5000, 300), id="Cursor, one event not charged"),
        pytest.param(COPILOT, 10, (10, 6300, 5000, 200), id="Copilot: more cached than input"),
        pytest.param(CCUSAGE, 100, (100, 60_770_414, 56_239_656, 59_188), id="its total says all"),
        pytest.param(GOOGLE, None, (10, 1000, 400, 500), id="thoughts beside the candidates"),
        pytest.param(LITELLM, None, (2, 2000, 0, 200), id="LiteLLM: a row a request"),
        pytest.param(HELICONE, None, (1, 1000, 0, 100), id="Helicone, one failed"),
        pytest.param(AWS, 100, (100, 1_234_500, 0, 100_250), id="AWS: quantity times unit"),
        pytest.param(AZURE, 100, (100, 1_334_500, 100_000, 500_000), id="Azure, US dates"),
        pytest.param(
            "date,requests,input_tokens,cache_read_input_tokens,output_tokens\n"
            "2026-10-01,10,1000,600,200\n",
            None,
            (10, 1600, 600, 200),
            id="Anthropic's names: cached beside input",
        ),
        pytest.param(
            "date,requests,input_tokens,cache_read_input_tokens,output_tokens,total_tokens\n"
            "2026-10-01,10,1000,600,200,1200\n",
            None,
            (10, 1000, 600, 200),
            id="the total goes before the name",
        ),
        pytest.param(
            "date,requests,prompt_tokens,prompt_cache_hit_tokens,prompt_cache_miss_tokens,"
            "completion_tokens\n2026-10-01,100,100000,80000,20000,10000\n",
            None,
            (100, 100_000, 80_000, 10_000),
            id="hit and miss make up the input",
        ),
        pytest.param(
            "id,timestamp,name,model,promptTokens,completionTokens,totalTokens,totalCost\n"
            "o1,2026-10-01T10:00:00Z,chat,gpt-6-luna,1000,100,1100,0.001\n",
            None,
            (1, 1000, 0, 100),
            id="Langfuse: an id a row",
        ),
        pytest.param(
            f"{HEAD},reasoning_tokens,total_tokens\n2026-10-01,1,100,20,30,150\n",
            None,
            (1, 100, 0, 50),
            id="reasoning beside output, where only that adds up",
        ),
        pytest.param(
            "generation_id,created_at,cost_total,tokens_prompt,tokens_completion,tokens_reasoning,"
            "tokens_cached,model_permaslug,time_to_first_token_ms\n"
            "gen-1,2026-10-01 10:00:00.1,0.01,1000,200,50,300,openai/gpt-6-luna,300\n",
            None,
            (1, 1000, 300, 200),
            id="OpenRouter: a row a request",
        ),
        pytest.param(
            "date,metrics.spend,metrics.prompt_tokens,metrics.completion_tokens,"
            "metrics.cache_read_input_tokens,metrics.total_tokens,metrics.api_requests\n"
            "2026-10-01,1.2,1000,100,500,1100,10\n",
            None,
            (10, 1000, 500, 100),
            id="LiteLLM: a row a day",
        ),
        pytest.param(
            "Timestamp,ModelDeploymentName,ProcessedPromptTokens,GeneratedTokens,"
            "AzureOpenAIRequests\n2026-10-01T00:00:00Z,sol,1000,200,5\n",
            None,
            (5, 1000, 0, 200),
            id="Azure: metrics",
        ),
        pytest.param(
            "ChargePeriodStart,ChargePeriodEnd,SkuMeter,ConsumedQuantity,ConsumedUnit,BilledCost\n"
            "2026-10-01,2026-10-02,sol Inp Tokens,1234.5,1K,2.4\n"
            "2026-10-01,2026-10-02,sol Outp Tokens,0.5,1M,5\n",
            7,
            (7, 1_234_500, 0, 500_000),
            id="FOCUS: quantity times unit",
        ),
        pytest.param(
            "SKU description,Usage start date,Usage end date,Usage amount,Usage unit,Cost ($)\n"
            "Generate content input token count lite,2026-10-01,2026-10-31,1000000,count,0.3\n"
            "Generate content output token count lite,2026-10-01,2026-10-31,100000,count,0.2\n"
            "Standard Storage,2026-10-01,2026-10-31,5,gibibyte month,0.1\n",
            9,
            (9, 1_000_000, 0, 100_000),
            id="Google: costs by SKU",
        ),
        pytest.param(
            "date,model,billing_group,value,cost_eur\n"
            "2026-10-01,mistral-large-4,input,1000,0.01\n"
            "2026-10-01,mistral-large-4,output,100,0.01\n",
            4,
            (4, 1000, 0, 100),
            id="Mistral: a row a kind",
        ),
        pytest.param(
            "date,model,requests,input_tokens,cached_input_tokens,output_tokens\n"
            "2026-10-01,openai/gpt-oss-120b,10,1000,200,300\n",
            None,
            (10, 1000, 200, 300),
            id="Groq: cached input is part of the input",
        ),
    ],
)
def test_what_a_shape_adds_up_to(
    text: str, typed: int | None, expected: tuple[int, int, int, int]
) -> None:
    assert totals(read_bill(text.encode(), typed)) == expected


def test_what_a_plan_includes_costs_nothing_more() -> None:
    free = CURSOR + (
        '"2026-10-01T12:00:00.000Z","dev@example.org","","","Included","claude-opus-5-5","No",'
        '"0","10","0","5","15","Included"\n'
    )
    assert read_bill(free.encode()).amount == Decimal("0.12")


def test_rows_that_are_not_counted_are_named_with_their_reason() -> None:
    assert [(row.number, row.reason) for row in read_bill(CURSOR.encode()).left_out] == [
        (3, "failed and was not charged")
    ]
    assert [(row.label, row.reason) for row in read_bill(AWS.encode(), 1).left_out] == [
        ("BoxUsage:t3.micro", "counts neither tokens nor requests")
    ]


def test_what_the_file_says_it_cost_is_added_up_by_model() -> None:
    bill = read_bill(DEEPSEEK.encode())
    # 23,547 × 0.87 + 54,400 × 0.003625 + 11,000 × 0.435 millionths
    assert bill.amount == Decimal("0.02546809")
    azure = read_bill(AZURE.encode(), 1)
    assert (azure.amount, azure.currency) == (Decimal("4.569"), "EUR")
    assert [model.name for model in azure.by_model] == ["gpt 6.1 sol"]


@pytest.mark.parametrize(
    "label", ["Gesamt", "Summe", "Zusammen", "Итого всего", "合計", "All models"]
)
def test_a_row_that_equals_the_sum_of_the_others_is_a_sum(label: str) -> None:
    head = "Model,Requests,Input tokens,Output tokens\n"
    rows = "gpt-6-luna,1000,1000000,100000\ngpt-6-1-sol,1000,1000000,100000\n"
    total = f"{label},2000,2000000,200000\n"
    for text in (head + rows + total, head + total + rows):
        bill = read_bill(text.encode())
        assert totals(bill) == (2000, 2_000_000, 0, 200_000)
        assert [row.label for row in bill.left_out] == [label]


@pytest.mark.parametrize("word", ["Subtotal", "Zwischensumme", "Σ"])
def test_sums_of_parts_are_told_by_the_sum_of_all(word: str) -> None:
    text = (
        "Model,Requests,Input tokens,Output tokens\n"
        "gpt-6-luna,1000,1000000,100000\n"
        f"{word} OpenAI,1000,1000000,100000\n"
        "claude-haiku-5-5,500,500000,50000\n"
        f"{word} Anthropic,500,500000,50000\n"
        "Total,1500,1500000,150000\n"
    )
    assert totals(read_bill(text.encode())) == (1500, 1_500_000, 0, 150_000)


def test_two_rows_alike_are_two_rows() -> None:
    text = f"{HEAD}\n2026-10-01,5,10,20\n2026-10-02,5,10,20\n2026-10-03,10,20,40\n"
    assert totals(read_bill(text.encode())) == (20, 40, 0, 80)
    without_days = "model,requests,input_tokens,output_tokens\na,5,10,20\nb,5,10,20\n"
    assert totals(read_bill(without_days.encode())) == (10, 20, 0, 40)


@pytest.mark.parametrize(
    ("name", "first", "second", "period"),
    [
        ("BucketStartUtc", "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", (1, 10, 2, 10, 2)),
        ("month", "2026-08", "2026-10", (1, 8, 31, 10, 92)),
        ("Monat", "08/2026", "10/2026", (1, 8, 31, 10, 92)),
        ("month", "2026-08-01", "2026-10-01", (1, 8, 31, 10, 92)),
        ("when", "Aug 2026", "Oct 2026", (1, 8, 31, 10, 92)),
        ("Datum", "01.10.2026", "31.10.2026", (1, 10, 31, 10, 31)),
        ("Day", "10/01/2026", "10/31/2026", (1, 10, 31, 10, 31)),
        ("Day", "01/10/2026", "31/10/2026", (1, 10, 31, 10, 31)),
        ("Day", "01/10/2026", "12/10/2026", (1, 10, 12, 10, 12)),
        ("date", "2026-01-15", "2026-10-15", (15, 1, 15, 10, 274)),
    ],
)
def test_dates_are_known_by_their_values(
    name: str, first: str, second: str, period: tuple[int, int, int, int, int]
) -> None:
    text = f"{name},requests,input_tokens,output_tokens\n{first},1,2,3\n{second},1,2,3\n"
    usage = read_bill(text.encode()).usage
    assert usage.first == date(2026, period[1], period[0])
    assert usage.last == date(2026, period[3], period[2])
    assert usage.days == period[4]


def test_the_end_of_a_charge_period_is_counted_out() -> None:
    text = (
        "ChargePeriodStart,ChargePeriodEnd,requests,input_tokens,output_tokens\n"
        "2026-10-01,2026-11-01,5,10,10\n"
    )
    usage = read_bill(text.encode()).usage
    assert (usage.first, usage.last, usage.days) == (date(2026, 10, 1), date(2026, 10, 31), 31)


def test_days_with_rows_are_counted_apart_from_the_period() -> None:
    bill = read_bill(f"{HEAD}\n2026-01-15,1,2,3\n2026-10-15,1,2,3\n".encode())
    assert (bill.usage.days, bill.days_with_rows) == (274, 2)


def test_lines_above_the_header_may_name_the_period() -> None:
    text = (
        "Usage report\nOrganization: Example\nPeriod: 2026-10-01 to 2026-10-31\n\n"
        f"{HEAD}\n2026-10-01,1000,1000000,100000\n"
    )
    bill = read_bill(text.encode())
    assert totals(bill) == (1000, 1_000_000, 0, 100_000)
    assert bill.usage.days == 31
    assert "The 3 lines above the header were not read as rows." in bill.notes


@pytest.mark.parametrize(
    "text",
    [
        "Datum;Requests;Input Tokens;Output Tokens\n01.10.2026;1.500;1.234.567;98.765\n",
        "Datum;Requests;Input Tokens;Output Tokens\n01.10.2026;1.500,00;1.234.567;98.765,0\n",
        'date,requests,input_tokens,output_tokens\n2026-10-01,"1,500","1,234,567","98,765"\n',
        "date|requests|input_tokens|output_tokens\n2026-10-01|1’500|1’234’567|98’765\n",
        "date,requests,input_tokens,output_tokens\n2026-10-01,1.5E+3,1.234567E+06,98765\n",
    ],
)
def test_numbers_are_read_as_their_country_writes_them(text: str) -> None:
    assert totals(read_bill(text.encode())) == (1500, 1_234_567, 0, 98_765)


@pytest.mark.parametrize("nothing", ["N/A", "-", "–", "", "null", "NaN"])
def test_a_cell_without_a_number_counts_nothing(nothing: str) -> None:
    text = f"{HEAD},cached_tokens\n2026-10-01,1000,1000000,100000,{nothing}\n"
    assert totals(read_bill(text.encode())) == (1000, 1_000_000, 0, 100_000)


def test_that_a_spreadsheet_rounded_a_number_is_said() -> None:
    bill = read_bill(f"{HEAD}\n2026-10-01,100000,1.5E+11,3.0E+10\n".encode())
    assert totals(bill) == (100_000, 150_000_000_000, 0, 30_000_000_000)
    assert any("rounded by a spreadsheet" in note for note in bill.notes)


@pytest.mark.parametrize(
    ("tier", "half"),
    [("flex", 1000), ("batch", 1000), ("message_batch", 1000), ("default", 0), ("standard", 0)],
)
def test_flex_and_batch_are_half_the_price(tier: str, half: int) -> None:
    text = f"{HEAD},service_tier\n2026-10-01,1000,2000000,500000,{tier}\n"
    assert read_bill(text.encode()).usage.batch == half


def test_a_column_of_tokens_that_is_not_understood_is_named() -> None:
    bill = read_bill(f"{HEAD},grounding_tokens\n2026-10-01,1,2,3,4\n".encode())
    assert "Columns of tokens that were not counted: “grounding_tokens”." in bill.notes
    bill = read_bill(f"{HEAD},total_tokens\n2026-10-01,1,2,3,9\n".encode())
    assert any("“total_tokens” is not the sum" in note for note in bill.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_an_old_encoding_is_read(encoding: str) -> None:
    text = "date,team,requests,input_tokens,output_tokens\n2026-10-01,Büro,1000,1000000,100000\n"
    assert totals(read_bill(text.encode(encoding))) == (1000, 1_000_000, 0, 100_000)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("start_time,amount_value,amount_currency,line_item", "export the activity"),
        ("usage_date_utc,model,token_type,cost_usd", "export Usage instead of Cost"),
        ("date,username,sku,applied_cost_per_quantity,exceeds_quota", "AI usage report"),
        ("lineItem/UsageType,lineItem/UnblendedCost", "lineItem/UsageAmount"),
        ("Date,MeterName,CostInBillingCurrency", "Quantity and UnitOfMeasure"),
        ("SKU description,Cost ($)", "Usage unit"),
        ("Service,Bedrock($),Total costs($)", "Cost and Usage Report"),
        ("user_id,utc_date,model,wallet_type,cost,currency", "file of amounts"),
        ("SubscriptionGuid,Date,ServiceResource,Quantity", "MeterName"),
        ("Description,Quantity,Unit price,Amount", "lines of an invoice"),
    ],
)
def test_a_report_without_tokens_is_refused_with_the_one_to_take(header: str, says: str) -> None:
    with pytest.raises(UnreadableUsageError) as error:
        read_bill(f"{header}\n1,2,3,4\n".encode())
    assert says in str(error.value)


TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(rows: str, extra: dict[str, bytes] | None = None) -> bytes:
    """Return the smallest workbook that holds these rows."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": (
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Usage" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
            f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        ),
    }
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in (parts | dict(extra or {})).items():
            archive.writestr(name, content)
    return stream.getvalue()


def cells(texts: list[str]) -> str:
    return "<row>" + "".join(f'<c t="str"><v>{text}</v></c>' for text in texts) + "</row>"


def test_a_workbook_is_read() -> None:
    formula = "<row><c><f>1+1</f><v>2</v></c></row>"
    rows = cells(["Usage report"]) + cells(["requests", "input_tokens", "output_tokens"])
    assert totals(read_bill(workbook(rows + cells(["5", "10", "20"])))) == (5, 10, 0, 20)
    numbers = "<row><c><v>5</v></c><c><f>2*5</f><v>10</v></c><c><v>20</v></c></row>"
    assert totals(read_bill(workbook(rows + numbers))) == (5, 10, 0, 20)
    with pytest.raises(UnreadableUsageError):
        read_bill(workbook(formula))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(workbook("", {"xl/media/a.bin": b"0" * 50_000_000}), id="unpacks to 50 MB"),
        pytest.param(
            workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), id="far out"
        ),
        pytest.param(
            workbook(
                '<row><c t="s"><v>0</v></c></row>' * 20_000,
                {"xl/sharedStrings.xml": b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>"},
            ),
            id="one long text in every cell",
        ),
        pytest.param(workbook("", {f"xl/{n}.xml": b"" for n in range(600)}), id="600 parts"),
    ],
)
def test_a_workbook_that_would_grow_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableUsageError, match="too large once unpacked"):
        read_bill(data)


@pytest.mark.parametrize(
    "data",
    [
        b"," * 1_000_000,
        b"a," * 1_000_000,
        b'=cmd|"/c calc"!A1,input_tokens\n1,2\n',
        b"\0" * 1000,
        b"date,requests\x1b[31m,input_tokens\n",
        workbook("<row>")[:-40],
    ],
)
def test_a_hostile_file_gets_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableUsageError) as error:
        read_bill(data)
    assert str(error.value).endswith(".")
    assert len(str(error.value)) < 1000
