"""Speaking to the REST door in tests."""

import re
from typing import Any, cast

from django.apps import apps
from django.db.models import Q
from django.urls import Resolver404, resolve
from rest_framework.test import APIClient

from osint.base.filters import identity
from tests.kit.past_the_orm import rows as found

API = "/api/v1"
STORED = object()  # stands for whatever version is stored


class Client(APIClient):
    """A client that names the version it changes: the one stored, unless `version=` says another, or none."""

    def generic(self, method: str, path: Any, *args: Any, version: Any = STORED, **extra: Any) -> Any:
        """The answer to a request."""
        if version is STORED:
            version = stored_version(path) if method not in {"GET", "HEAD", "OPTIONS"} else None
        if version is not None:
            extra["HTTP_IF_MATCH"] = version if isinstance(version, str) else f'"{version}"'
        return super().generic(method, path, *args, **extra)


def stored_version(path: str) -> int | None:
    """The version of the record at this address, if there is one."""
    try:
        found = resolve(path.split("?")[0])
    except Resolver404:
        return None
    view = getattr(found.func, "cls", None)
    name = getattr(view, "lookup_field", "")
    if name not in found.kwargs or name == "seq":  # an entry of the history has no versions
        return None
    model, value = view.queryset.model, found.kwargs[name]  # type: ignore[union-attr]
    also = "reference" if hasattr(model, "reference") else ""
    condition = Q(slug=value) if name == "slug" else identity(value, also=also)
    stored = model._default_manager.filter(condition) if condition else model._default_manager.none()
    return cast("int | None", stored.values_list("version", flat=True).first())


def client(user: Any = None) -> Client:
    """A client that speaks JSON, signed in as this user or not at all."""
    found = Client(raise_request_exception=True)
    if user is not None:
        found.force_authenticate(user)
    return found


def rows() -> dict[str, Any]:
    """Every row of every table of ours: what a refused request leaves as it was."""
    tables = [model for label in ("sources", "events") for model in apps.get_app_config(label).get_models()]
    return {model.__name__: sorted(map(repr, found(f"SELECT * FROM {model._meta.db_table}"))) for model in tables}


def refused(answer: Any, *words: str, status: int = 400) -> str:
    """The sentences of a refusal, in which each of these words stands."""
    text = answer.content.decode()
    assert answer.status_code == status, text
    assert answer.headers["Content-Type"] == "application/problem+json", text
    for word in words:
        assert word in text, f"“{word}” is not in {text}"
    return str(text)


def errors(answer: Any, status: int = 400) -> Any:
    """The sentences of a refusal, by field or parameter."""
    return problem(answer, status).get("errors", {})


def problem(answer: Any, status: int = 400) -> Any:
    """A refusal as programs read it."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.headers
    told = given(answer, status)
    assert told["status"] == status
    assert {"type", "title", "detail"} < set(told)
    return told


def given(answer: Any, status: int = 200) -> Any:
    """The content of an answer."""
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def version_in(answer: Any) -> int:
    """The version that the ETag of an answer names, before the digest of what is shown."""
    found = re.fullmatch('"([0-9]+)-[0-9a-f]{16}"', answer.headers["ETag"])
    assert found, answer.headers
    return int(found[1])
