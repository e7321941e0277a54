"""People who work in the admin."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

type LogIn = Callable[[str], Client]


@pytest.fixture
def log_in(db: None) -> LogIn:
    """Return a client of somebody in a group; 'staff' is in none, 'anonymous' is nobody."""

    def enter(name: str) -> Client:
        client = Client()
        if name != "anonymous":
            user = User.objects.create_user(name, is_staff=True)
            user.groups.set(Group.objects.filter(name=name.split("-")[0]))
            client.force_login(user)
        return client

    return enter
