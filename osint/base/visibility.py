"""Records that a visible record names, told to a reader only where the reader may see them too."""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery

SEEN = "_seen"


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
