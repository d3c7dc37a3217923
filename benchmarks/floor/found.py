"""How events are found: for each question the condition on events, with its values."""

from collections.abc import Callable
from datetime import date
from math import cos, radians
from typing import Any

from benchmarks.floor.dialect import Dialect
from benchmarks.floor.shown import PUBLISHED, first_of

Values = list[Any]
Sent = dict[str, str]
METRES = 111_194.9  # in a degree
BELOW = (
    "{0}.path >= (SELECT path FROM {1} WHERE slug = ?) AND "
    "{0}.path < (SELECT substr(path, 1, length(path) - 1) || '0' FROM {1} WHERE slug = ?)"
)
PLACED = "SELECT 1 FROM events_placement p JOIN events_site s ON s.id = p.site_id WHERE p.event_id = e.id AND"


class Found:
    """The conditions of one engine; question marks stand for values, whatever the engine writes."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.conditions: dict[str, Callable[[Sent], tuple[str, Values]]] = {
            "site": self.site,
            "type": self.type,
            "actor": self.actor,
            "date_from": lambda sent: ("e.newest >= ?", [first_of(date.fromisoformat(sent["date_from"]))]),
            "date_to": lambda sent: ("(e.earliest <= ? OR e.earliest IS NULL)", [sent["date_to"]]),
            "bbox": self.bbox,
            "q": self.words,
            "updated_since": lambda sent: (f"e.changed_at >= {dialect.told_moment('?')}", [sent["updated_since"]]),
            "below": lambda sent: ("e.newest < ?", [int(sent["below"])]),
        }

    def where(self, sent: Sent) -> tuple[str, Values]:
        """All conditions of a question."""
        parts, values = [f"e.shelf = {PUBLISHED}"], list[Any]()
        for name, condition in self.conditions.items():
            if name in sent:
                part, some = condition(sent)
                parts.append(part)
                values += some
        return " AND ".join(parts), values

    def site(self, sent: Sent) -> tuple[str, Values]:
        """A place, with all that lies within it."""
        return self.dialect.some(f"{PLACED} {BELOW.format('s', 'events_site')}"), [sent["site"]] * 2

    def type(self, sent: Sent) -> tuple[str, Values]:
        """A type, with all narrower ones."""
        below = BELOW.format("n", "events_eventtype")
        return self.dialect.among("e.type_id", f"SELECT n.id FROM events_eventtype n WHERE {below}"), [sent["type"]] * 2

    def actor(self, sent: Sent) -> tuple[str, Values]:
        """An actor in a part."""
        actor = "(SELECT id FROM events_actor WHERE slug = ?)"
        held = f"SELECT 1 FROM events_involvement i WHERE i.event_id = e.id AND i.actor_id = {actor} AND i.role = ?"
        return self.dialect.some(held), [sent["actor"], sent["actor_role"]]

    def bbox(self, sent: Sent) -> tuple[str, Values]:
        """A box that a place lies in, or reaches into with its radius."""
        west, south, east, north = map(float, sent["bbox"].split(","))
        beyond = "max(0, {0} - s.{2}, s.{2} - {1})" if self.dialect.is_lite else "greatest(0, {0} - s.{2}, s.{2} - {1})"
        x, y = beyond.format(west, east, "longitude"), beyond.format(south, north, "latitude")
        x = f"({x} * {cos(radians((south + north) / 2))})"
        reach = f"(s.precision_m / {METRES})"
        within = f"SELECT s.id FROM events_site s WHERE {x} * {x} + {y} * {y} <= {reach} * {reach}"
        held = f"SELECT 1 FROM events_placement p WHERE p.event_id = e.id AND {self.dialect.among('p.site_id', within)}"
        return self.dialect.some(held), []

    def words(self, sent: Sent) -> tuple[str, Values]:
        """Words of the summary, or of a quote of a report that the public sees, of a duplicate's report too."""
        own, quoted = self.dialect.holds("events_event", "f"), self.dialect.holds("events_claim", "k")
        cited = (
            "FROM events_claim k JOIN events_citation c ON c.id = k.citation_id "
            "JOIN sources_report r ON r.id = c.report_id AND r.tlp = 'CLEAR'"
        )
        merged = f"SELECT g.merged_into_id {cited} JOIN events_event g ON g.id = c.event_id WHERE {quoted}"
        if "alone" in sent:
            return own.replace("f.", "e."), [sent["q"]]
        if "walk" in sent:
            # So common that a page is soon full: events one by one, the newest first.
            return walked(self.dialect), [sent["q"]] * 3
        found = f"SELECT f.id FROM events_event f WHERE {own} UNION SELECT c.event_id {cited} WHERE {quoted}"
        return f"e.id IN ({found} UNION {merged} AND g.merged_into_id IS NOT NULL)", [sent["q"]] * 3


def walked(dialect: Dialect) -> str:
    """The same condition, asked of one event after the other."""
    cited = (
        "SELECT 1 FROM events_citation c JOIN sources_report r ON r.id = c.report_id AND r.tlp = 'CLEAR' "
        f"JOIN events_claim k ON k.citation_id = c.id WHERE {dialect.reads('k.folded')} AND c.event_id"
    )
    own, merged = dialect.some(f"{cited} = e.id"), "IN (SELECT g.id FROM events_event g WHERE g.merged_into_id = e.id)"
    return f"({dialect.reads('e.folded')} OR {own} OR {dialect.some(f'{cited} {merged}')})"
