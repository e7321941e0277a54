from typing import Any

from django.db import migrations

# What editors wrote before, in words.
CODES = {
    "Australia": "AU",
    "Austria": "AT",
    "Canada": "CA",
    "China": "CN",
    "France": "FR",
    "Germany": "DE",
    "India": "IN",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Netherlands": "NL",
    "Poland": "PL",
    "Singapore": "SG",
    "South Korea": "KR",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "United Arab Emirates": "AE",
    "United Kingdom": "GB",
    "United States": "US",
}


def write_codes(apps: Any, _: Any) -> None:
    """Write each maker's country by its two letters; a name that is none becomes unknown."""
    for row in apps.get_model("catalog", "Provider").objects.exclude(country=""):
        row.country = CODES.get(row.country, row.country if len(row.country) == 2 else "")
        row.save(update_fields=("country",))


def write_names(apps: Any, _: Any) -> None:
    """Write each maker's country in words again."""
    names = {code: name for name, code in CODES.items()}
    for row in apps.get_model("catalog", "Provider").objects.exclude(country=""):
        row.country = names.get(row.country, row.country)
        row.save(update_fields=("country",))


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_device")]

    operations = [migrations.RunPython(write_codes, write_names)]
