"""`?dry_run=true`: a write that is done as if it were meant, answered as it would be, and undone.

Invariant: what a rehearsal leaves behind is what a refused request leaves behind, which is nothing.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from osint.base.text import shown

PARAMETER = "dry_run"
HEADER = "X-Dry-Run"
FLAGS = {"true": True, "false": False}
ONGOING: ContextVar[bool] = ContextVar("rehearsal", default=False)


def is_on() -> bool:
    """Whether what is being written will be undone: for what a database cannot undo, such as a file."""
    return ONGOING.get()


def parameters(request: Request) -> set[str]:
    """The parameter, where something can be written."""
    return set() if request.method in SAFE_METHODS else {PARAMETER}


def flag(request: Request, name: str, *, default: bool) -> bool:
    """A parameter that is true or false."""
    seen = request.query_params.get(name)
    if seen is None:
        return default
    if seen not in FLAGS:
        raise ValidationError(
            {name: [_("“%(value)s” is neither true nor false. Write one of them.") % {"value": shown(seen)}]}
        )
    return FLAGS[seen]


def prepare(view: Any, request: Request) -> None:
    """Let the view only rehearse this request, where that is asked for."""
    method = str(request.method).lower()
    if request.method not in SAFE_METHODS and flag(request, PARAMETER, default=False) and hasattr(view, method):
        setattr(view, method, rehearsed(getattr(view, method)))


def rehearsed(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler, with everything undone that it does in the database."""

    @wraps(handler)
    def play(*args: Any, **kwargs: Any) -> Any:
        token = ONGOING.set(True)
        try:
            with transaction.atomic():
                answer = handler(*args, **kwargs)
                check_deferred()
                transaction.set_rollback(True)
        finally:
            ONGOING.reset(token)
        answer.headers[HEADER] = "true"
        return answer

    return play


def check_deferred() -> None:
    """Check now what would be checked at the end of the transaction.

    On SQLite that is only whether what is named is there, which whoever holds its one lock has checked already.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()
