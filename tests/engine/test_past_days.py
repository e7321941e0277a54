"""Every page that prices can be asked of any day from the first that the catalog knows."""

import pytest
from django.test import Client

from apps.money.overrides import FIRST_DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

PUBLIC = "boundary=contract&connection=always&task=documents&volume=1000&size=chat&team=nobody"
INSIDE = "boundary=own-premises&scope=part&connection=never&hardware=laptop&volume=1000"


@pytest.mark.parametrize("day", [FIRST_DAY.isoformat(), "2024-02-15"])
@pytest.mark.parametrize("answers", [PUBLIC, INSIDE])
@pytest.mark.parametrize("path", ["/decide/result/", "/decide/result.json", "/costs/"])
def test_a_past_day_has_a_page(client: Client, path: str, answers: str, day: str) -> None:
    response = client.get(f"{path}?{answers}&at={day}", follow=True)
    assert response.status_code == 200
    assert not response.redirect_chain
