"""Reports that hold no tokens, known by their headers, and which export to take instead."""

from collections.abc import Sequence

from apps.usage.columns import words

# Each with the columns that its documentation names: what the file is, and what to export.
_REPORTS = (
    (
        {"amountvalue", "lineitem"},
        "This is OpenAI’s list of costs, without tokens; export the activity (Usage, Completions).",
    ),
    (
        {"costusd", "tokentype"},
        "This is Anthropic’s list of costs, without tokens; export Usage instead of Cost.",
    ),
    (
        {"appliedcostperquantity", "exceedsquota"},
        "This report of GitHub Copilot counts premium requests, not tokens; "
        "export the AI usage report with input and output tokens.",
    ),
    (
        {"wallettype", "cost"},
        "This is DeepSeek’s list of costs, without tokens; "
        "take the file of amounts (amount-….csv) of the same export.",
    ),
    (
        {"service", "totalcosts"},
        "This is a table of AWS Cost Explorer, without tokens; export the Cost and Usage Report "
        "with lineItem/UsageType, lineItem/UsageAmount and pricing/unit.",
    ),
    (
        {"subscriptionguid", "serviceresource"},
        "This Azure report names no units of tokens; export the usage details with "
        "MeterName, Quantity and UnitOfMeasure.",
    ),
    (
        {"description", "quantity", "amount"},
        "These are the lines of an invoice; export the usage with a column each of requests, "
        "input tokens and output tokens.",
    ),
    (
        {"skudescription"},
        "This report of Google Cloud names no units of tokens; "
        "export the table of costs by SKU with “Usage amount” and “Usage unit”.",
    ),
    (
        {"lineitemusagetype"},
        "This AWS report has no amounts in tokens; export the Cost and Usage Report with "
        "lineItem/UsageType, lineItem/UsageAmount and pricing/unit.",
    ),
    (
        {"metername"},
        "This Azure report has no amounts in tokens; export the usage details with "
        "MeterName, Quantity and UnitOfMeasure.",
    ),
)


def refusal(names: Sequence[str]) -> str | None:
    """Return the sentence for a known report without tokens."""
    found = {"".join(words(name)) for name in names}
    return next((sentence for marks, sentence in _REPORTS if marks <= found), None)
