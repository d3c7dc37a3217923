"""Events as rows of a table, as SQL."""

from benchmarks.floor.dialect import Dialect
from benchmarks.floor.shown import SEEN

PLAIN = ["when", "earliest", "latest", "when_phrase", "summary_en", "summary_ar"]
PLACES = "FROM events_placement p JOIN events_site s ON s.id = p.site_id WHERE p.event_id = e.id"
PARTIES = "FROM events_involvement i JOIN events_actor a ON a.id = i.actor_id WHERE i.event_id = e.id"
COUNTS = (
    "FROM events_count c JOIN events_measure m ON m.id = c.measure_id "
    "LEFT JOIN events_actor x ON x.id = c.party_id WHERE c.event_id = e.id"
)
NAMES = [
    "reference", "uuid", "status", "tlp", "type", *PLAIN, "longitude", "latitude", "precision_m", "sites", "site_roles",
    "actors", "actor_roles", "measures", "parties", "lows", "bests", "highs", "phrases", "is_aggregate", "version",
    "published_at", "changed_at", "part_of", "merged_into",
]  # fmt: skip


def columns(dialect: Dialect) -> list[str]:
    """The expressions of the columns: ``e`` is the event, ``t`` its type, ``f`` the place at whose point it stands."""
    places, parties = "p.position, p.id", "i.position, i.id"
    return [
        "e.reference", dialect.uuid("e.uuid"), "e.status", "e.tlp", "t.slug", *(f'e."{name}"' for name in PLAIN),
        "f.longitude", "f.latitude", "f.precision_m",
        dialect.joined("s.slug", PLACES, places), dialect.joined("p.role", PLACES, places),
        dialect.joined("a.slug", PARTIES, parties), dialect.joined("i.role", PARTIES, parties),
        dialect.joined("m.slug", COUNTS, "c.position, c.id"),
        *(counted(dialect, value) for value in ("x.slug", "c.low", "c.best", "c.high", "c.phrase")),
        "CASE WHEN e.is_aggregate THEN 'true' ELSE 'false' END", "e.version", dialect.moment("e.published_at"),
        dialect.moment("e.changed_at"), seen(dialect, "e.part_of_id"), seen(dialect, "e.merged_into_id"),
    ]  # fmt: skip


def seen(dialect: Dialect, key: str) -> str:
    """The UUID of another event, where the public sees it."""
    return f"(SELECT {dialect.uuid('w.uuid')} FROM events_event w WHERE w.id = {key} AND w.shelf IN {SEEN})"


def counted(dialect: Dialect, value: str) -> str:
    """Values of counts, nothing where each is missing."""
    text = f"COALESCE(CAST({value} AS text), '')"
    every = dialect.joined(text, COUNTS, "c.position, c.id")
    return f"CASE WHEN EXISTS (SELECT 1 {COUNTS} AND {text} <> '') THEN {every} END"


FIRST_PLACE = (
    "LEFT JOIN events_site f ON f.id = (SELECT p.site_id FROM events_placement p WHERE p.event_id = e.id "
    "ORDER BY p.position, p.id LIMIT 1)"
)
