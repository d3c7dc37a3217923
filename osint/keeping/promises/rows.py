"""Promises that the database holds row by row: constraints, and references to what is there."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from osint.base.record import together
from osint.history.recording import recorded_models, rows_of
from osint.keeping import tables
from osint.keeping.promises.registry import Found, address_of, named, promise, sentences

CHUNK = 500


@promise(2)
def rows_keep_their_constraints() -> Found:
    """Every record is as the constraints of its table ask: states, reasons, numbers in their order."""
    for model in recorded_models():
        broken = together(model, frozenset())
        if broken is None or not model._meta.managed:
            continue
        for row in rows_of(model).filter(broken.condition).order_by("pk").iterator(chunk_size=CHUNK):
            for sentence in against(row):
                yield address_of(model, row.pk), f"{named(model, row.pk)}: {sentence}"


def against(row: Any) -> list[str]:
    """What its constraints have against a row."""
    try:
        models.Model.validate_constraints(row)
    except ValidationError as error:
        return list(sentences(error))
    return [_("It breaks a constraint of its table.")]


@promise(6)
def nothing_that_is_named_is_gone() -> Found:
    """Whatever a row speaks of is there."""
    for model in tables.kept():
        for field in tables.columns(model):
            if field.is_relation:
                yield from dangling(model, field)


def dangling(model: Any, field: Any) -> Found:
    """Rows whose reference leads nowhere."""
    target: Any = field.target_field
    there: Any = models.QuerySet(field.related_model).filter(**{target.attname: OuterRef(field.attname)})
    rows: Any = (
        models.QuerySet(model).exclude(**{f"{field.attname}__isnull": True}).exclude(Exists(there)).order_by("pk")
    )
    for key, value in rows.values_list("pk", field.attname).iterator(chunk_size=CHUNK):
        said = {"field": field.verbose_name, "value": value}
        yield address_of(model, key), f"{named(model, key)}: " + _("Its %(field)s (%(value)s) is gone.") % said
