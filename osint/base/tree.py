"""Trees by parent, with a path (``syria/al-hasakah/qasrak-base/``), so that a subtree is one range of one index."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext_lazy as _

from osint.base.fields import PathField
from osint.base.names import Named, NamedQuerySet
from osint.history import recording

PATH_LENGTH = 1000
T = TypeVar("T", bound="Tree", covariant=True)


MoveRule = Callable[["Tree"], None]
MOVE_RULES: list[MoveRule] = []


def on_move(function: MoveRule) -> MoveRule:
    """Let the function see every node that has moved, its descendants with it; ``ValidationError`` refuses."""
    MOVE_RULES.append(function)
    return function


def check_move(node: "Tree") -> None:
    """Ask every rule, within the transaction of the move."""
    for asked in MOVE_RULES:
        asked(node)


def below(path: str, prefix: str = "") -> Q:
    """The condition "this node or one below it", for the node with this path; ``prefix`` leads to the tree's table."""
    # "0" is the character after "/": the half-open range holds exactly the paths that start with `path`.
    return Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": f"{path[:-1]}0"})


class TreeQuerySet(NamedQuerySet[T]):
    """Nodes of a tree."""

    def within(self, node: "Tree") -> Any:
        """The node and all its descendants."""
        return self.filter(below(node.path))

    def rebuild_paths(self) -> None:
        """Derive every path again, level by level: for rows that were loaded before their parent."""
        fresh = list(self.filter(parent=None))
        while fresh:
            for node in fresh:
                path = node.parent_path() + f"{node.slug}/"
                if path != node.path:
                    self.filter(pk=node.pk).update(path=path)
            fresh = list(self.filter(parent__in=fresh).select_related("parent"))


class Tree(Named):
    """A named record that may lie within another of its kind."""

    parent = models.ForeignKey(
        "self", verbose_name=_("lies within"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    parent_id: int | None
    path = PathField(max_length=PATH_LENGTH, editable=False, serialize=False, default="", db_index=True)

    derives: ClassVar[tuple[str, ...]] = ("path",)

    class Meta(Named.Meta):
        abstract = True
        constraints = [
            *Named.Meta.constraints,
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="%(app_label)s_%(class)s_not_its_own_parent",
                violation_error_message=_("It cannot lie within itself. Choose another parent."),
            ),
        ]

    def parent_path(self) -> str:
        """The parent's path, or nothing at the root."""
        return self.parent.path if self.parent_id and self.parent else ""

    def derive(self) -> None:
        """The path: the parent's, then the slug."""
        super().derive()
        self.path = f"{self.parent_path()}{self.slug}/"

    def ancestor_slugs(self) -> list[str]:
        """Slugs from the root down to this node's parent."""
        return self.path.strip("/").split("/")[:-1]

    def stored_path(self) -> str:
        """The path as it stands in the database, or nothing for a new node."""
        return (
            type(self)._default_manager.filter(pk=self.pk).values_list("path", flat=True).first() or ""
            if self.pk
            else ""
        )

    def clean(self) -> None:
        """Refuse a parent that lies within this node, and a path too long to keep, here or below."""
        super().clean()
        old = self.stored_path()
        self.check_parent(old)
        if len(self.path) + self.depth_below(old) > PATH_LENGTH:
            raise ValidationError(
                {
                    "parent": _(
                        "Too many levels: the path would have more than 1,000 characters. Choose a parent higher up."
                    )
                }
            )

    def depth_below(self, path: str) -> int:
        """How many characters the longest path below this one adds to it."""
        if not path:
            return 0
        longest = type(self)._default_manager.filter(below(path)).aggregate(length=Max(Length("path")))
        return (longest["length"] or len(path)) - len(path)

    def check_parent(self, old_path: str) -> None:
        """Raise ``ValidationError`` where the parent is this node or one below it."""
        if old_path and self.parent_path().startswith(old_path):
            raise ValidationError(
                {
                    "parent": _(
                        "“%(parent)s” lies within “%(node)s”, so it cannot also hold it. Choose another parent."
                    )
                    % {"parent": self.parent, "node": self}
                }
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; where the node has moved, carry the descendants along, unless what rests on its place forbids it."""
        # Who follows the change sees all paths as they are after it.
        with recording.change():
            old = self.lock_path()
            self.check_parent(old)
            super().save(*args, **kwargs)
            if old and old != self.path:
                type(self)._default_manager.filter(below(old)).update(
                    path=Concat(Value(self.path), Substr("path", len(old) + 1))
                )
                check_move(self)

    def lock_path(self) -> str:
        """The stored path, read while no other node can move."""
        nodes = type(self)._default_manager
        # Every change to the tree waits for the lock on its first node: two moves at once could close a circle, and a
        # new node could keep the path that its parent has just left.
        nodes.select_for_update(no_key=True).order_by("pk").first()
        if self.parent_id and self.parent:
            self.parent.path = nodes.values_list("path", flat=True).get(pk=self.parent_id)
        return self.stored_path()
