"""Related rows that parameters speak of, asked for with EXISTS: no row comes twice, and none hidden is told of.

Parameters that speak ``through`` the same rows, sent together, speak of one and the same row.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, OuterRef, Q


class Rows:
    """The rows at the end of a relation, among those that the reader may see."""

    def __init__(self, relation: str) -> None:
        self.relation = relation

    def field(self, model: Any) -> Any:
        """The relation, from a listed record to its rows."""
        return model._meta.get_field(self.relation)

    def seen(self, model: Any, reader: Any) -> Any:
        """The rows that the reader may see."""
        return self.field(model).related_model._default_manager.visible_to(reader)

    def ways(self, model: Any) -> list[str]:
        """How a row leads to the listed record."""
        return [str(self.field(model).field.name)]

    def holding(self, model: Any, reader: Any, *conditions: Q) -> Q:
        """The condition on a listed record: one of its rows fulfils all of these."""
        rows = self.seen(model, reader).order_by().filter(*conditions)
        return reduce(or_, [Q(Exists(rows.filter(**{way: OuterRef("pk")}))) for way in self.ways(model)])


class OwnRows(Rows):
    """The rows that belong to a listed record: who sees it sees them."""

    def seen(self, model: Any, reader: Any) -> Any:  # noqa: ARG002 - the same for every reader
        """All of them."""
        return self.field(model).related_model._default_manager.all()


def all_of(conditions: Iterable[Q]) -> Q:
    """The condition that all of these are fulfilled."""
    return reduce(and_, conditions, Q())
