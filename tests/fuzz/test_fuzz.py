"""Nothing that is asked makes the site fail."""

import pytest
from django.contrib.auth.models import User

from tests.fuzz.requests import routes
from tests.fuzz.visit import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

# The same ones every time; `make fuzz` asks a hundred thousand others.
SEED, COUNT = 1, 2_000


def test_no_request_makes_the_site_fail() -> None:
    visitor = Visitor(User.objects.create_superuser("fuzz"))
    assert list(visitor.failures(SEED, COUNT)) == []


def test_every_route_is_among_those_that_are_asked() -> None:
    assert {"/", "/decide/<slug:key>/", "/models.json", "/metrics"} <= set(routes(False))
    assert "/admin/catalog/model/<path:object_id>/change/" in routes(True)
