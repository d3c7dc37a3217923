"""What the list of events must answer, worked out slowly and obviously: from plain rows, in memory, event by event.

Nothing here is shared with the filters of the product but the words: whoever reads this reads what parameters mean.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from math import asin, atan2, cos, degrees, radians, sin, sqrt
from typing import Any

from django.apps import apps

Question = dict[str, str]
MARKS = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
# The marks that people of a group see, and whether they see drafts.
SEES = {
    "nobody": (MARKS[:1], False),
    "Viewer": (MARKS[:3], False),
    "Analyst": (MARKS[:4], True),
    "Editor": (MARKS, True),
    "Administrator": (MARKS, True),
}
EARTH = 6_371_000.0


def rows(model: str) -> list[dict[str, Any]]:
    """Every row of a table."""
    app, name = model.split(".")
    return list(apps.get_model(app, name)._default_manager.order_by("pk").values())


@dataclass
class Held:
    """An event with all that belongs to it."""

    row: dict[str, Any]
    placements: list[dict[str, Any]] = field(default_factory=list)
    involvements: list[dict[str, Any]] = field(default_factory=list)
    counts: list[dict[str, Any]] = field(default_factory=list)
    citations: list[dict[str, Any]] = field(default_factory=list)  # its own, and those of events merged into it

    def touches(self, first: date | None, last: date | None) -> bool:
        """Whether it may have happened between these days."""
        earliest, latest = self.row["earliest"], self.row["latest"]
        begins = last is None or earliest is None or earliest <= last
        return begins and (first is None or latest is None or latest >= first)


class Reference:
    """The events as one reader may see them, read once."""

    def __init__(self, group: str, user: Any = None) -> None:
        self.marks, self.sees_drafts = SEES[group]
        self.user = user.pk if user else None
        self.types, self.sites = ({row["id"]: row for row in rows(f"events.{name}")} for name in ("EventType", "Site"))
        self.actors, self.measures = (
            {row["id"]: row for row in rows(f"events.{name}")} for name in ("Actor", "Measure")
        )
        self.sources = {row["id"]: row for row in rows("sources.Source")}
        self.links = [row for row in rows("events.ActorLink") if row["kind"] in {"member_of", "part_of"}]
        self.reports = {row["id"]: row for row in rows("sources.Report") if self.sees(row)}
        self.relays = rows("sources.Relay")
        self.held = {row["id"]: Held(row) for row in rows("events.Event")}
        self.gather()

    def sees(self, row: dict[str, Any]) -> bool:
        """Whether the row's mark lets the reader see it."""
        own = self.user is not None and self.user in {row["created_by_id"], row["assignee_id"]}
        return row["tlp"] in self.marks or (row["tlp"] == "RED" and own)

    def gather(self) -> None:
        """Give each event what belongs to it."""
        for name in ("Placement", "Involvement", "Count"):
            for row in rows(f"events.{name}"):
                getattr(self.held[row["event_id"]], f"{name.lower()}s").append(row)
        claims = rows("events.Claim")
        for row in rows("events.Citation"):
            row["claims"] = [claim for claim in claims if claim["citation_id"] == row["id"]]
            event = self.held[row["event_id"]]
            if row["report_id"] in self.reports:
                for one in {event.row["id"], event.row["merged_into_id"]} - {None}:
                    self.held[one].citations.append(row)

    def is_visible(self, event: Held) -> bool:
        """Whether the reader may see it."""
        if not self.sees(event.row):
            return False
        if self.sees_drafts or event.row["status"] in {"published", "retracted"}:
            return True
        target = self.held.get(event.row["merged_into_id"])
        out = target is not None and self.sees(target.row) and target.row["status"] in {"published", "retracted"}
        return bool(event.row["status"] == "merged" and event.row["published_at"] and out)

    # Answering

    def answer(self, question: Question) -> list[str]:
        """The events that answer, by UUID, in order."""
        found = [event for event in self.held.values() if self.is_visible(event) and self.answers(event, question)]
        order = question.get("ordering", "newest")
        found.sort(key=by_change if order == "updated" else by_date)
        return [str(event.row["uuid"]) for event in (found if order == "oldest" else reversed(found))]

    def answers(self, event: Held, question: Question) -> bool:
        """Whether an event answers each parameter, those about the same row with one and the same row."""
        if not {"status", "status!"} & set(question) and event.row["status"] in {"retracted", "merged"}:
            return False
        for rows_of, kinds in ROWS.items():
            asked = [(kinds[name], text) for name, text in question.items() if name in kinds]
            if asked and not any(
                all(kind(self, event, row, text, question) for kind, text in asked) for row in rows_of(self, event)
            ):
                return False
            for name, text in question.items():
                if name.endswith("!") and name[:-1] in kinds:
                    kind = kinds[name[:-1]]
                    if any(kind(self, event, row, text, question) for row in rows_of(self, event)):
                        return False
                if name in EMPTIES and EMPTIES[name] is rows_of and bool(rows_of(self, event)) is (text == "true"):
                    return False
        plain = {name: text for name, text in question.items() if name.rstrip("!") in PLAIN}
        return all(
            PLAIN[name.rstrip("!")](self, event, text, question) is not name.endswith("!")
            for name, text in plain.items()
        )

    # What takes more than one look

    def lies_in(self, node: dict[str, Any], slugs: str, tree: dict[int, Any]) -> bool:
        """Whether a node of a tree, or one above it, has one of these slugs."""
        above: dict[str, Any] | None = node
        while above is not None:
            if above["slug"] in slugs.split(","):
                return True
            above = tree.get(above["parent_id"])
        return False

    def belongs(self, actor: int, event: Held, slugs: list[str]) -> bool:
        """Whether the actor is one of these, or belonged to one on a day on which the event may have happened."""
        ways: list[tuple[int, date, date, frozenset[int]]] = [(actor, date.min, date.max, frozenset())]
        while ways:
            now, first, last, seen = ways.pop()
            if first > last or not event.touches(first, last):
                continue
            if self.actors[now]["slug"] in slugs:
                return True
            for link in self.links:
                if link["actor_id"] == now and link["id"] not in seen:
                    start, end = link["earliest"] or date.min, link["latest"] or date.max
                    ways.append((link["other_id"], max(first, start), min(last, end), seen | {link["id"]}))
        return False

    def origins(self, report: int, seen: frozenset[int] = frozenset()) -> set[int]:
        """The sources at the end of what a report passes on."""
        if report not in self.reports or report in seen:
            return set()
        relays = [relay for relay in self.relays if relay["report_id"] == report]
        if not relays:
            return {self.reports[report]["source_id"]}
        found = {relay["relayed_source_id"] for relay in relays if relay["relayed_source_id"]}
        for relay in relays:
            found |= self.origins(relay["relayed_report_id"], seen | {report}) if relay["relayed_report_id"] else set()
        return found


def speaks(citation: dict[str, Any]) -> bool:
    """Whether the citation speaks for its event."""
    standings = {claim["standing"] for claim in citation["claims"]}
    return citation["role"] != "denies" and (not standings or bool(standings & {"accepted", "in_conflict"}))


def by_change(event: Held) -> Any:
    """Where it stands among all by the moment of its newest change."""
    return event.row["changed_at"], event.row["id"]


def by_date(event: Held) -> Any:
    """Where it stands among all by its last day; what has none comes before all that has."""
    latest = event.row["latest"]
    return latest is not None, latest or date.min, event.row["id"]


# Days and moments


def moment(text: str, *, end: bool = False) -> datetime:
    """A moment, or the day that stands for its beginning or end."""
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time.max if end else time.min, UTC)
    return datetime.fromisoformat(text)


def happened(column: str, certain: str, compare: Callable[[date, date], bool]) -> Callable[..., bool]:
    """Whether the end of the date lies on the right side of a day: the far one may, the near one must."""

    def asked(ref: Reference, event: Held, text: str, question: Question) -> bool:
        is_certain = question.get("date_match") == "certain"
        day = event.row[certain if is_certain else column]
        return compare(day, date.fromisoformat(text)) if day else not is_certain

    return asked


# The earth


def apart(north: float, east: float, other_north: float, other_east: float) -> float:
    """Metres between two points."""
    here, there, gap = radians(north), radians(other_north), radians(other_east - east)
    chord = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(gap / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(chord)))


def to_box(north: float, east: float, box: list[float]) -> float:
    """Metres from a point to a box: its sides are walked along, step by step and with the foot of the shortest way."""
    west, south, right, top = box
    width = (right - west) % 360 if right != west and (right - west) % 360 else (right - west)
    if (east - west) % 360 <= width and south <= north <= top:
        return 0.0
    sides = [(latitude, edge) for edge in (west, right) for latitude in (south, top)]
    for edge in (west, right):
        foot = degrees(atan2(sin(radians(north)), cos(radians(north)) * cos(radians(edge - east))))
        sides += [(foot, edge)] if south <= foot <= top else []
    if (east - west) % 360 <= width:
        sides += [(south, east), (top, east)]
    return min(apart(north, east, *side) for side in sides)


def in_box(ref: Reference, event: Held, row: dict[str, Any], text: str, question: Question) -> bool:
    site = ref.sites[row["site_id"]]
    if site["latitude"] is None:
        return False
    return bool(
        to_box(site["latitude"], site["longitude"], [float(one) for one in text.split(",")]) <= site["precision_m"]
    )


def near(ref: Reference, event: Held, row: dict[str, Any], text: str, question: Question) -> bool:
    site = ref.sites[row["site_id"]]
    if site["latitude"] is None:
        return False
    longitude, latitude = map(float, text.split(","))
    reach = float(question["radius_km"]) * 1000 + int(site["precision_m"])
    return apart(site["latitude"], site["longitude"], latitude, longitude) <= reach


# Who, how many, on whose word


def acting(ref: Reference, event: Held, row: dict[str, Any], text: str, question: Question) -> bool:
    if question.get("actor_tree") == "true":
        return ref.belongs(row["actor_id"], event, text.split(","))
    return ref.actors[row["actor_id"]]["slug"] in text.split(",")


def figure(compare: Callable[[int, int], bool]) -> Callable[..., bool]:
    """A bound of the figure that is asked about."""

    def asked(ref: Reference, event: Held, row: dict[str, Any], text: str, question: Question) -> bool:
        number = row[question.get("count_on", "best")]
        return number is not None and compare(number, int(text))

    return asked


def going_back(ref: Reference, event: Held, row: dict[str, Any], text: str, question: Question) -> bool:
    found = {ref.sources[key]["slug"] for key in ref.origins(row["report_id"])}
    return speaks(row) and bool(found & set(text.split(",")))


def enough_origins(ref: Reference, event: Held, text: str, question: Question) -> bool:
    found = {key for row in event.citations if speaks(row) for key in ref.origins(row["report_id"])}
    return len(found) >= int(text)


def is_disputed(ref: Reference, event: Held, text: str, question: Question) -> bool:
    standings = {claim["standing"] for row in event.citations for claim in row["claims"]}
    disputed = "in_conflict" in standings or any(row["role"] == "denies" for row in event.citations)
    return disputed is (text == "true")


def rests_on(ref: Reference, event: Held, text: str, question: Question) -> bool:
    bases = {event.row["type_basis"]} | ({event.row["when_basis"]} if event.row["when"] else set())
    bases |= {row["basis"] for row in (*event.placements, *event.involvements, *event.counts)}
    return bool(bases & set(text.split(",")))


def whole(ref: Reference, event: Held) -> list[Held]:
    """The event that it is part of, if the reader may see it."""
    found = ref.held.get(event.row["part_of_id"])
    return [found] if found is not None and ref.is_visible(found) else []


def is_whole(ref: Reference, event: Held, row: Held, text: str, question: Question) -> bool:
    return bool({str(row.row["uuid"]), row.row["reference"]} & set(text.split(",")))


def within(name: str, values: Callable[..., Iterable[Any]]) -> Callable[..., bool]:
    """A row's column is one of the values."""

    def asked(ref: Reference, event: Held, row: dict[str, Any], text: str, question: Question) -> bool:
        return row[name] in values(ref, text)

    return asked


def slugs(tree: str) -> Callable[..., set[int]]:
    """Keys of the records with these slugs."""
    return lambda ref, text: {key for key, row in getattr(ref, tree).items() if row["slug"] in text.split(",")}


def listed(_ref: Reference, text: str) -> list[str]:
    """The values as they stand."""
    return text.split(",")


def empty(*names: str) -> Callable[..., bool]:
    """All of these columns of a row are empty, or not all are."""
    return lambda _ref, _event, row, text, _question: all(row[name] is None for name in names) is (text == "true")


def of_site(name: str, test: Callable[[Any, str], bool]) -> Callable[..., bool]:
    """A test of a column of the row's site."""
    return lambda ref, _event, row, text, _question: test(ref.sites[row["site_id"]][name], text)


def of_event(test: Callable[[dict[str, Any], str], bool]) -> Callable[..., bool]:
    """A test of the event's own columns."""
    return lambda _ref, event, text, _question: test(event.row, text)


def belonging(name: str) -> Callable[[Reference, Held], list[Any]]:
    """The rows of one kind that belong to an event."""
    return lambda _ref, event: list(getattr(event, name))


places, parties, counts, cited = map(belonging, ("placements", "involvements", "counts", "citations"))

# Parameters about a row of the event's, and about the event itself

ROWS: dict[Callable[[Reference, Held], list[Any]], dict[str, Callable[..., bool]]] = {
    places: {
        "site": lambda ref, _event, row, text, _q: ref.lies_in(ref.sites[row["site_id"]], text, ref.sites),
        "site_role": within("role", listed),
        "bbox": in_box,
        "near": near,
        "precision_min_m": of_site("precision_m", lambda radius, text: radius is not None and radius >= int(text)),
        "precision_max_m": of_site("precision_m", lambda radius, text: radius is not None and radius <= int(text)),
        "precision_empty": of_site("precision_m", lambda radius, text: (radius is None) is (text == "true")),
    },
    parties: {"actor": acting, "actor_role": within("role", listed)},
    counts: {
        "measure": within("measure_id", slugs("measures")),
        "party": within("party_id", slugs("actors")),
        "party_empty": empty("party_id"),
        "count_min": figure(int.__ge__),
        "count_max": figure(int.__le__),
        "count_empty": empty("low", "best", "high"),
    },
    cited: {
        "source": lambda ref, _event, row, text, _q: (
            ref.sources[ref.reports[row["report_id"]]["source_id"]]["slug"] in text.split(",")
        ),
        "report": lambda ref, _event, row, text, _q: str(ref.reports[row["report_id"]]["uuid"]) in text.split(","),
        "origin": going_back,
        "credibility_min": lambda _ref, _event, row, text, _q: row["credibility"] >= int(text),
        "credibility_max": lambda _ref, _event, row, text, _q: row["credibility"] <= int(text),
        "reliability": lambda ref, _event, row, text, _q: (
            ref.sources[ref.reports[row["report_id"]]["source_id"]]["reliability"] in text.split(",")
        ),
    },
    whole: {"part_of": is_whole},
}
EMPTIES = {
    "site_empty": places,
    "actor_empty": parties,
    "measure_empty": counts,
    "source_empty": cited,
    "report_empty": cited,
    "part_of_empty": whole,
}
PLAIN: dict[str, Callable[..., bool]] = {
    "date_from": happened("latest", "earliest", date.__ge__),
    "date_to": happened("earliest", "latest", date.__le__),
    "date_empty": of_event(lambda row, text: (row["earliest"] is None and row["latest"] is None) is (text == "true")),
    "published_from": of_event(lambda row, text: bool(row["published_at"]) and row["published_at"] >= moment(text)),
    "published_to": of_event(
        lambda row, text: bool(row["published_at"]) and row["published_at"] <= moment(text, end=True)
    ),
    "published_empty": of_event(lambda row, text: (row["published_at"] is None) is (text == "true")),
    "updated_since": of_event(lambda row, text: row["changed_at"] >= moment(text)),
    "type": lambda ref, event, text, _q: ref.lies_in(ref.types[event.row["type_id"]], text, ref.types),
    "min_origins": enough_origins,
    "disputed": is_disputed,
    "basis": rests_on,
    "status": of_event(lambda row, text: row["status"] in text.split(",")),
    "tlp": of_event(lambda row, text: row["tlp"] in text.split(",")),
    "is_aggregate": of_event(lambda row, text: row["is_aggregate"] is (text == "true")),
}
