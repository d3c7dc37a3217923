"""What is shown of an event, as SQL."""

from datetime import date

from benchmarks.floor.dialect import Dialect

PUBLISHED, SEEN = 10, "(10, 15)"  # shelves: published, and published or retracted, both TLP:CLEAR
HELD = ["reference", "status", "tlp"]
WORDED = ["when", "when_phrase", "earliest", "latest", "when_basis", "when_reason", "summary_en", "summary_ar"]
NUMBER = ["label", "label_ar", "low", "best", "high", "qualifier", "phrase"]
COUNTED = [*NUMBER, "basis", "reason"]

LONG = 31  # days: what lasted longer has an index of its own
BITS = 40  # of a key in the order of lists; the day stands above them

Pairs = list[tuple[str, str]]


def first_of(day: date) -> int:
    """Where a day begins in the order of lists."""
    return day.toordinal() << BITS


def plain(alias: str, names: list[str]) -> Pairs:
    """Columns as they are."""
    return [(name, f'{alias}."{name}"') for name in names]


def slug(table: str, key: str, alias: str) -> str:
    """The slug of a record that may be missing."""
    return f"(SELECT {alias}.slug FROM {table} {alias} WHERE {alias}.id = {key})"


class Shown:
    """The expressions of one engine."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def seen(self, key: str, alias: str) -> str:
        """The UUID of another event, where the public sees it."""
        uuid = self.dialect.uuid(f"{alias}.uuid")
        return f"(SELECT {uuid} FROM events_event {alias} WHERE {alias}.id = {key} AND {alias}.shelf IN {SEEN})"

    def placements(self) -> str:
        """Where."""
        one = [("uuid", self.dialect.uuid("p.uuid")), ("site", "s.slug"), *plain("p", ["role", "basis", "reason"])]
        rows = "FROM events_placement p JOIN events_site s ON s.id = p.site_id WHERE p.event_id = e.id"
        return self.dialect.array(self.dialect.object(one), rows, "p.position, p.id")

    def involvements(self) -> str:
        """Who."""
        one = [("uuid", self.dialect.uuid("i.uuid")), ("actor", "a.slug"), *plain("i", ["role", "basis", "reason"])]
        rows = "FROM events_involvement i JOIN events_actor a ON a.id = i.actor_id WHERE i.event_id = e.id"
        return self.dialect.array(self.dialect.object(one), rows, "i.position, i.id")

    def counts(self) -> str:
        """How many."""
        party = ("party", slug("events_actor", "c.party_id", "x"))
        one = [("uuid", self.dialect.uuid("c.uuid")), ("measure", "m.slug"), party, *plain("c", COUNTED)]
        rows = "FROM events_count c JOIN events_measure m ON m.id = c.measure_id WHERE c.event_id = e.id"
        return self.dialect.array(self.dialect.object(one), rows, "c.position, c.id")

    def pairs(self) -> Pairs:
        """An event in a list: ``e`` is the event, ``t`` its type."""
        return [
            ("uuid", self.dialect.uuid("e.uuid")),
            *plain("e", HELD),
            ("type", "t.slug"),
            *plain("e", ["type_basis", "type_reason", *WORDED]),
            ("is_aggregate", self.dialect.truth("e.is_aggregate")),
            ("placements", self.placements()),
            ("involvements", self.involvements()),
            ("counts", self.counts()),
            ("version", "e.version"),
            ("published_at", self.dialect.moment("e.published_at")),
            ("retraction_reason", "e.retraction_reason"),
            ("created_at", self.dialect.moment("e.created_at")),
            ("changed_at", self.dialect.moment("e.changed_at")),
            ("part_of", self.seen("e.part_of_id", "w")),
            ("merged_into", self.seen("e.merged_into_id", "d")),
        ]

    def brief(self) -> str:
        """The same as an object."""
        return self.dialect.object(self.pairs())
