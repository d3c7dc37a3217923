"""What the tests of events share."""

from typing import Any

import pytest


@pytest.fixture
def public(settings: Any) -> None:
    """An installation that is open to readers without an account."""
    settings.PUBLIC_API = True
