"""What events are found by, each thing as one number, in lists that hold the events in the order of all lists.

Everything is SQL that reads and writes sets of events: it is run within the change that it follows from.
"""

# ruff: noqa: S608 - all parts of the statements are ours

from collections.abc import Iterable

from django.db import connection

from events.choices import ActorRole
from events.shelves import key_at
from osint.base.chunks import chunks

SITE, ACTOR, TYPE = range(3)
ROLES = {str(role): number for number, role in enumerate(ActorRole.values, 1)}
MOST = 500  # keys in one statement
COLUMNS = "term, newest, shelf, type, month, is_plain"
PLACE = "SELECT e.newest FROM events_event e WHERE e.id = events_document.event_id"


def term(kind: int, key: int, role: str = "") -> int:
    """The number of a site, actor or type (and all below it), or of an actor in one part."""
    return (key * 16 + ROLES.get(role, 0)) * 4 + kind


def number(kind: int, key: str, role: str = "0") -> str:
    """The same in SQL."""
    return f"(({key}) * 16 + {role}) * 4 + {kind}"


def role_number() -> str:
    """The number of an actor's part, in SQL."""
    cases = " ".join(f"WHEN '{role}' THEN {number}" for role, number in ROLES.items())
    return f"CASE i.role {cases} END"


def above(kind: int, table: str, held: str) -> tuple[str, str]:
    """Terms of the nodes of a tree that events hold, and of all nodes above them; ``held`` selects event and node."""
    name = f"up{kind}"
    climb = f"SELECT {name}.event, t.parent_id FROM {name} JOIN {table} t ON t.id = {name}.node"
    tree = f"{name}(event, node) AS ({held} UNION {climb} WHERE t.parent_id IS NOT NULL)"
    return tree, f"SELECT event, {number(kind, 'node')} AS term FROM {name}"


def month(engine: str, column: str) -> str:
    """The month of a date: year * 12 + month - 1."""
    if engine == "postgresql":
        return f"(EXTRACT(YEAR FROM {column})::int * 12 + EXTRACT(MONTH FROM {column})::int - 1)"
    return f"(CAST(strftime('%%Y', {column}) AS integer) * 12 + CAST(strftime('%%m', {column}) AS integer) - 1)"


def question(engine: str, among: str) -> str:
    """All terms of some events, as they should be."""
    placed = f"SELECT event_id, site_id FROM events_placement WHERE event_id {among}"
    sites, of_sites = above(SITE, "events_site", placed)
    types, of_types = above(TYPE, "events_eventtype", f"SELECT id, type_id FROM events_event WHERE id {among}")
    actors = f"FROM events_involvement i WHERE i.event_id {among}"
    of_actors = [f"SELECT i.event_id, {number(ACTOR, 'i.actor_id', role)} {actors}" for role in ("0", role_number())]
    found = " UNION ".join([of_sites, of_types, *of_actors])
    first, last = month(engine, "e.earliest"), month(engine, "e.latest")
    plain = "NOT e.is_aggregate"
    return (
        f"WITH RECURSIVE {sites}, {types}, found(event, term) AS ({found}) "
        f"SELECT found.term, e.newest, e.shelf, e.type_id, CASE WHEN {first} = {last} THEN {last} ELSE 0 END, {plain} "
        "FROM found JOIN events_event e ON e.id = found.event"
    )


def file(keys: Iterable[int]) -> None:
    """File these events under their terms anew; the documents know where they were filed."""
    for some in chunks(sorted(set(keys)), MOST):
        among = "IN ({})".format(", ".join(["%s"] * len(some)))
        asked = question(connection.vendor, among)
        filed = f"SELECT newest FROM events_document WHERE event_id {among}"
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM events_term WHERE newest IN ({filed})", some)
            cursor.execute(f"INSERT INTO events_term ({COLUMNS}) {asked}", some * (asked.count("%s") // len(some)))
            cursor.execute(f"UPDATE events_document SET newest = COALESCE(({PLACE}), 0) WHERE event_id {among}", some)


def file_all() -> None:
    """File every event from nothing; each has its document already."""
    asked = question(connection.vendor, "IS NOT NULL").replace("%%", "%")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_term")
        cursor.execute(f"INSERT INTO events_term ({COLUMNS}) {asked}")
        cursor.execute(f"UPDATE events_document SET newest = ({PLACE})")


def misfiled() -> set[int]:
    """Keys of the events whose terms are not as they should be, and of those that are no more."""
    asked = question(connection.vendor, "IS NOT NULL").replace("%%", "%")
    stored = f"SELECT {COLUMNS} FROM events_term"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT newest FROM (SELECT * FROM ({asked}) a EXCEPT {stored}) b")
        wanting = cursor.fetchall()
        cursor.execute(f"SELECT newest FROM ({stored} EXCEPT SELECT * FROM ({asked}) a) b")
        return {key_at(newest) for (newest,) in [*wanting, *cursor.fetchall()]}
