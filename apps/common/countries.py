"""Countries by their two letters (ISO 3166), as the catalog and the address write them."""

from django.core.validators import RegexValidator

COUNTRY_CODE = RegexValidator(r"^[A-Z]{2}$", "Write the two letters of the country: FR.")
# Countries that rows name, in words; another code is shown as it is.
COUNTRIES = {
    "AE": "United Arab Emirates",
    "AT": "Austria",
    "AU": "Australia",
    "CA": "Canada",
    "CH": "Switzerland",
    "CN": "China",
    "DE": "Germany",
    "ES": "Spain",
    "FR": "France",
    "GB": "United Kingdom",
    "IL": "Israel",
    "IN": "India",
    "IT": "Italy",
    "JP": "Japan",
    "KR": "South Korea",
    "NL": "Netherlands",
    "PL": "Poland",
    "SE": "Sweden",
    "SG": "Singapore",
    "US": "United States",
}


def country_name(code: str) -> str:
    """Return the name of a country; its letters where no name is known here."""
    return COUNTRIES.get(code, code)
