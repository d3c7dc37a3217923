"""Which fields of a record are sent: those that ``fields=`` names, without those that ``omit=`` names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from django.core.exceptions import ValidationError as Unreadable
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from osint.base.errors import unknown
from osint.base.filters.values import parts
from osint.base.text import shown
from osint.base.wire import dumps

PARAMETERS = frozenset({"fields", "omit"})


@dataclass(frozen=True)
class Chosen:
    """The fields that are wanted, in the order in which the record has them."""

    listed: Callable[[], tuple[str, ...]]
    every: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return self.listed()

    def cut(self, record: dict[str, Any]) -> dict[str, Any]:
        """The record with these fields alone."""
        return record if self.every else {name: record[name] for name in self.names if name in record}

    def cut_text(self, record: bytes) -> bytes:
        """The same of a record that is JSON already."""
        return record if self.every else dumps(self.cut(orjson.loads(record)))


def chosen(request: Request, known: Iterable[str]) -> Chosen:
    """The fields that the address asks for, among those that there are, which are not looked at where it is silent."""
    if not PARAMETERS & set(request.query_params):
        return Chosen(cache(lambda: tuple(known)), every=True)
    names = list(known)
    wanted, unwanted = named(request, "fields", names), named(request, "omit", names)
    left = tuple(name for name in names if (wanted is None or name in wanted) and name not in (unwanted or ()))
    if not left:
        raise ValidationError({"omit": [_("Nothing is left of the record. Leave a field in.")]})
    return Chosen(lambda: left, every=False)


def named(request: Request, parameter: str, known: list[str]) -> set[str] | None:
    """The fields that a parameter names; none where it is not there."""
    if parameter not in request.query_params:
        return None
    try:
        found = parts(request.query_params[parameter])
    except Unreadable as error:
        raise ValidationError({parameter: list(error.messages)}) from error
    for name in found:
        if name not in known:
            sentence = _("There is no field “%(name)s” here.") % {"name": shown(name)}
            raise ValidationError({parameter: [unknown(sentence, name, known)]})
    return set(found)
