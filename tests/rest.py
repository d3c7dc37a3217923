"""Speaking to the REST door in tests."""

from typing import Any

from django.apps import apps
from rest_framework.test import APIClient

API = "/api/v1"


def client(user: Any = None) -> APIClient:
    """A client that speaks JSON, signed in as this user or not at all."""
    found = APIClient(raise_request_exception=True)
    if user is not None:
        found.force_authenticate(user)
    return found


def rows() -> dict[str, Any]:
    """Every row of every table of ours: what a refused request leaves as it was."""
    tables = [model for label in ("sources", "events") for model in apps.get_app_config(label).get_models()]
    return {model.__name__: sorted(map(repr, model._default_manager.values_list())) for model in tables}


def refused(answer: Any, *words: str, status: int = 400) -> str:
    """The sentences of a refusal, in which each of these words stands."""
    text = answer.content.decode()
    assert answer.status_code == status, text
    for word in words:
        assert word in text, f"“{word}” is not in {text}"
    return str(text)


def given(answer: Any, status: int = 200) -> Any:
    """The content of an answer that is no refusal."""
    assert answer.status_code == status, answer.content.decode()
    return answer.json()
