"""What hangs on other records: whether a reader may see those; each model's own rule is its ``visible_to``."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Subquery

SEEN = "_seen"


def leads_to_visible(records: models.QuerySet[Any], relation: str, reader: Any, path: str = "") -> Exists:
    """The condition on records: what stands at the other end of a relation the reader may see.

    ``path`` leads to the relation, where it is not of the records that are asked for.
    """
    related: Any = records.model._meta.get_field(relation).related_model
    visible = related._default_manager.visible_to(reader).order_by()
    # Asked of each: with IN, SQLite tries every visible report at every visible event; PostgreSQL, with NOT IN, too.
    return Exists(visible.filter(pk=OuterRef(path or relation)))


def seen_by(reader: Any, model: Any, *names: str) -> dict[str, Subquery]:
    """Annotations `<name>_seen`: the UUID of each related record that the reader may see, else nothing."""
    return {f"{name}{SEEN}": seen(reader, model._meta.get_field(name)) for name in names}


def seen(reader: Any, relation: Any) -> Subquery:
    """The UUID at the other end of a relation, where the reader may see it."""
    visible = relation.related_model._default_manager.visible_to(reader)
    return Subquery(visible.filter(pk=OuterRef(relation.name)).values("uuid")[:1])


def seen_rows(model: type[models.Model], reader: Any) -> models.QuerySet[Any]:
    """The rows of a model that the reader may see: all, where they have no rule of their own."""
    rows = model._default_manager.all()
    return rows.visible_to(reader) if hasattr(rows, "visible_to") else rows
