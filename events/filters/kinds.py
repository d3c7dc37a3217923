"""Kinds of parameters that only events have: where, who, how many, on whose word."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In, IsNull
from django.utils.translation import gettext as _

from events import behind, search
from events.choices import Basis, CitationRole, Standing
from events.membership import Days
from events.models import Citation, Claim, Count, Involvement, Placement
from events.places.geometry import Point, box_between
from events.places.reach import within_box, within_reach
from osint.base.among import Beside
from osint.base.filters import (
    Choices,
    Day,
    Modifier,
    Ordering,
    OwnRows,
    Parameter,
    RealsField,
    Rows,
    Slugs,
    Truth,
    Whole,
    Words,
)

PLACES, PARTIES, COUNTS = OwnRows("placements"), OwnRows("involvements"), OwnRows("counts")
# Word for word, so that SQLite knows that the index of these claims answers it.
IN_CONFLICT = f"SELECT citation_id FROM {Claim._meta.db_table} WHERE standing = '{Standing.IN_CONFLICT.value}'"  # noqa: S608
FARTHEST = 20_038  # kilometres: half around the earth


class CitedRows(Rows):
    """Citations of reports that the reader may see: the event's own, and those of events that were merged into it."""

    def seen(self, model: Any, reader: Any) -> Any:  # noqa: ARG002
        return Citation.objects.from_reports_seen_by(reader)

    def ways(self, model: Any) -> list[str]:  # noqa: ARG002
        return ["event", "event__merged_into"]


class SeenTarget(Rows):
    """The record at the end of a relation, if the reader may see it."""

    def holding(self, model: Any, reader: Any, *conditions: Q) -> Q:
        seen = self.seen(model, reader).order_by().filter(*conditions, pk=OuterRef(self.relation))
        if conditions:
            return Q(Exists(seen))
        # Asked for beside each row: PostgreSQL would join an EXISTS, and where it misjudges the rest, row by row.
        return Q(IsNull(Subquery(seen.values("pk")[:1]), False))


CITED = CitedRows("citations")
WHOLE = SeenTarget("part_of")


class Happened(Day):
    """A day at which what is dated may begin, or end; or must, as `date_match` says."""

    def __init__(self, end: str, **kwargs: Any) -> None:
        super().__init__("", **kwargs)
        self.end = end

    def condition(self, value: Any) -> Q:  # noqa: ARG002 - a question of the rows
        return Q()

    def applied(self, rows: Any, value: Any) -> Any:
        how = "certainly" if self.beside("date_match") == "certain" else "possibly"
        return getattr(rows, f"{how}_{self.end}")(value)


class Actors(Slugs):
    """Actors; with `actor_tree` also those who belong to one of them at the date of the event."""

    def condition(self, value: Any) -> Q:
        keys = [actor.pk for actor in value]
        if not self.beside("actor_tree"):
            return Q(actor__in=keys)
        condition = Q()
        for days, members in self.parent.belonging(keys).items():  # type: ignore[attr-defined]
            condition |= Q(actor__in=members) & touching(days)
        return condition


def touching(days: Days) -> Q:
    """The condition on a row of an event: it may have happened on one of these days."""
    condition = Q()
    if days.last is not None:
        condition &= Q(event__earliest__lte=days.last) | Q(event__earliest=None)
    if days.first is not None:
        condition &= Q(event__latest__gte=days.first) | Q(event__latest=None)
    return condition


class BoxField(RealsField):
    """A box between two meridians and two parallels, as GeoJSON writes it."""

    def __init__(self, **kwargs: Any) -> None:
        bounds = ((-180.0, 180.0), (-90.0, 90.0)) * 2
        super().__init__(names=("west", "south", "east", "north"), bounds=bounds, **kwargs)

    def to_python(self, value: Any) -> Any:
        west, south, east, north = super().to_python(value)
        if south > north:
            sentence = _("The south %(south)g lies north of %(north)g. Write west,south,east,north.")
            raise ValidationError(sentence % {"south": south, "north": north})
        return box_between(west, south, east, north)


class PointField(RealsField):
    """A point, as GeoJSON writes it: the longitude first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(names=("longitude", "latitude"), bounds=((-180.0, 180.0), (-90.0, 90.0)), **kwargs)

    def to_python(self, value: Any) -> Any:
        longitude, latitude = super().to_python(value)
        return Point(latitude, longitude)


class ReachField(RealsField):
    """A distance in kilometres."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(names=("distance",), bounds=((0.0, float(FARTHEST)),), **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value)[0]


class InBox(Parameter):
    """A box in which a place may lie."""

    field_class = BoxField
    told: ClassVar = {"type": "string", "example": "40,36,42,37.5"}

    def condition(self, value: Any) -> Q:
        return within_box(value, str(self.field_name))


class Near(Parameter):
    """A point near which a place may lie."""

    field_class = PointField
    told: ClassVar = {"type": "string", "example": "40.74,36.51"}

    def condition(self, value: Any) -> Q:
        return within_reach(value, self.beside("radius_km") * 1000, str(self.field_name))


class Reach(Modifier):
    """How near."""

    field_class = ReachField
    told: ClassVar = {"type": "number", "minimum": 0, "maximum": FARTHEST}


class Figure(Whole):
    """A bound of the figure that `count_on` names."""

    def condition(self, value: Any) -> Q:
        column, lookup = str(self.field_name).split("__")
        return Q(**{f"{self.beside('count_on', column)}__{lookup}": value})


class Origins(Slugs):
    """Sources at the end of what a report passes on, where the report speaks for the event."""

    is_thing = False  # a report that there is has an origin

    def condition(self, value: Any) -> Q:
        reports = behind.going_back_to([source.pk for source in value], self.reader)
        return behind.speaking() & Q(In(Beside("report"), reports))


class OriginsAtLeast(Whole):
    """How many independent sources there are behind an event."""

    def condition(self, value: Any) -> Q:
        return Q(pk__in=behind.with_origins(value, self.reader))


class Disputed(Truth):
    """Whether a claim is in conflict with others, or a report denies the event."""

    def condition(self, value: Any) -> Q:
        held = CITED.holding(self.model, self.reader, Q(role=CitationRole.DENIES) | Q(pk__in=RawSQL(IN_CONFLICT, ())))  # noqa: S611 - ours
        return held if value else ~held


class RestsOn(Choices):
    """The basis of one of the facts that an event holds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("", among=Basis, **kwargs)

    def condition(self, value: Any) -> Q:
        held = Q(type_basis__in=value) | Q(when_basis__in=value) & ~Q(when="")
        for fact in (Placement, Involvement, Count):
            held |= Q(Exists(fact._default_manager.order_by().filter(event=OuterRef("pk"), basis__in=value)))
        return held


class Search(Words):
    """Words to look for in events, among what this reader may see."""

    def condition(self, value: Any) -> Q:
        return search.condition(value, self.reader)

    def applied(self, rows: Any, value: Any) -> Any:  # noqa: ARG002 - all is said by the condition
        return rows


class EventOrdering(Ordering):
    """The order of events."""

    orders: ClassVar = {"newest": ("-newest",), "oldest": ("newest",), "updated": ("-changed_at", "-pk")}

    def ordered(self, rows: Any, words: str) -> Any:
        return search.nearest_first(rows, words)
