"""An empty platform, not in demo mode, with the limits on trying counted anew for each test."""

from typing import Any

import pytest
from django.test import Client

from tests.faces.accounts.people import known
from zhiheng.foundation.people.models import Account


@pytest.fixture(autouse=True)
def platform(db: None, settings: Any, _empty_cache: None) -> None:
    settings.ZHIHENG_DEMO = False
    settings.ZHIHENG_SITE_URL = "https://award.example.gov.cn"


@pytest.fixture
def account() -> Account:
    """An expert with a confirmed e-mail."""
    return known("zhang.san", "zhang@example.org")


@pytest.fixture
def client() -> Client:
    """A browser that sends the form's token, as a real one must."""
    return Client(enforce_csrf_checks=False)
