"""What of a question a posting list can answer: places, actors, types, each by their keys."""

from typing import Any, NamedTuple

from osint.base.filters import Rows


class Anchor(NamedTuple):
    """Things, one of which an event must be found by.

    ``kind`` is site, actor, actor_role or type; the keys of actor_role are pairs of key and role. Where it is
    ``exact``, it says all that the parameters of these ``names`` say; else they must be asked besides.
    """

    kind: str
    keys: tuple[Any, ...]
    names: frozenset[str]
    exact: bool


def anchors_of(filterset: Any) -> list[Anchor]:
    """The anchors of a question that was understood."""
    found = [of_types(filterset), of_sites(filterset), of_actors(filterset)]
    return [anchor for anchor in found if anchor is not None]


def keys(filterset: Any, name: str) -> tuple[int, ...]:
    """Keys of the records that a parameter names."""
    return tuple(record.pk for record in filterset.cleaned[name])


def alone(filterset: Any, through: Rows, names: set[str]) -> bool:
    """Whether nothing else is asked of the same row."""
    asked = {name for name, one in filterset.sent.items() if one.through is through and one.speaks_of_row}
    return asked <= names


def of_types(filterset: Any) -> Anchor | None:
    """Types, with all narrower ones."""
    return Anchor("type", keys(filterset, "type"), frozenset({"type"}), True) if "type" in filterset else None


def of_sites(filterset: Any) -> Anchor | None:
    """Places, with all that lies within them."""
    if "site" not in filterset:
        return None
    through = filterset.sent["site"].through
    return Anchor("site", keys(filterset, "site"), frozenset({"site"}), alone(filterset, through, {"site"}))


def of_actors(filterset: Any) -> Anchor | None:
    """Actors, in the parts that are asked for."""
    if "actor" not in filterset:
        return None
    found, exact = keys(filterset, "actor"), alone(filterset, filterset.sent["actor"].through, {"actor", "actor_role"})
    if filterset.cleaned.get("actor_tree"):
        by_days = filterset.belonging(found)
        found, exact = tuple(sorted({key for some in by_days.values() for key in some})), exact and len(by_days) == 1
    if "actor_role" not in filterset:
        return Anchor("actor", found, frozenset({"actor", "actor_tree"}), exact)
    pairs = tuple((key, role) for key in found for role in filterset.cleaned["actor_role"])
    return Anchor("actor_role", pairs, frozenset({"actor", "actor_tree", "actor_role"}), exact)
