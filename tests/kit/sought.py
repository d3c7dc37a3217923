"""What `q` finds and `ordering=relevance` puts first, worked out slowly: event by event, text by text, name by name.

Of the product it shares how texts are folded and heard, which has tests of its own.
"""

import re
from functools import cached_property
from typing import Any, NamedTuple

from osint.base.text import fold, heard, key, telling, tokens
from tests.kit.reference import Held, Question, Reference, rows

SHORTEST = 3  # letters of what may stand within another word, or be heard
Record = tuple[str, int]  # its kind and its key


class Meant(NamedTuple):
    """What a text stands for: the records that are called so or like it, and how their names are spelled."""

    bearers: set[Record]
    records: set[Record]
    spellings: set[str]


class Seeking(Reference):
    """The reference, of which words can be asked too."""

    def answer(self, question: Question) -> list[str]:
        """The events that answer, by UUID, in order."""
        left = {name: text for name, text in question.items() if name != "q" and text != "relevance"}
        found = super().answer(left)
        if (text := question.get("q")) is None:
            return found
        found = [uuid for uuid in found if self.is_found(self.by_uuid[uuid], text)]
        if question.get("ordering") != "relevance":
            return found
        return sorted(found, key=lambda uuid: self.nearness(self.by_uuid[uuid], text))

    @cached_property
    def by_uuid(self) -> dict[str, Held]:
        """The events by their identity."""
        return {str(event.row["uuid"]): event for event in self.held.values()}

    @cached_property
    def names(self) -> dict[Record, tuple[str, list[str]]]:
        """For each place, actor and type its slug, and all its names as they are written."""
        found: dict[Record, tuple[str, list[str]]] = {}
        for kind, table in (("site", self.sites), ("actor", self.actors), ("type", self.types)):
            for pk, row in table.items():
                found[kind, pk] = row["slug"], [row["name_en"], row["name_ar"]]
        for kind in ("site", "actor"):
            for row in rows(f"events.{kind.title()}Name"):
                found[kind, row[f"{kind}_id"]][1].append(row["text"])
        return found

    def is_found(self, event: Held, text: str) -> bool:
        """Whether the event is about the text, or about each of its words, or is called so."""
        words = set(tokens(text))
        if self.is_about(event, text) or (len(words) > 1 and all(self.is_about(event, word) for word in words)):
            return True
        written = text.strip().upper()
        is_reference = re.fullmatch(r"[A-Z]{2,8}-[0-9]{4}(-[0-9A-Z]*)?", written)
        return bool(is_reference and (event.row["reference"] or "").startswith(written))

    def is_about(self, event: Held, text: str) -> bool:
        """Whether the event holds what the text stands for, or its summary or a quote that may be seen says so."""
        meant = self.meaning(text)
        texts = [event.row["folded"], *(claim["folded"] for row in event.citations for claim in row["claims"])]
        said = (spelling if len(spelling) >= SHORTEST else f" {spelling} " for spelling in meant.spellings)
        return bool(meant.records & held_by(event)) or any(spelling in one for spelling in said for one in texts)

    def meaning(self, text: str) -> Meant:
        """What the text stands for, worked out once."""
        if text not in self.meanings:
            self.meanings[text] = self.worked_out(text)
        return self.meanings[text]

    @cached_property
    def meanings(self) -> dict[str, Meant]:
        """What has been worked out."""
        return {}

    def worked_out(self, text: str) -> Meant:
        """What the text stands for."""
        bearers = {record for record, (slug, names) in self.names.items() if is_called(slug, names, text)}
        told = {telling(name) for record in bearers for name in self.names[record][1] if len(telling(name)) > 1}
        spellings = {fold(text), *told, *(heard(one) for one in told if len(key(one)) >= SHORTEST)}
        holders = {
            record
            for record, (_slug, names) in self.names.items()
            for word in {fold(text), *told}
            if len(word) >= SHORTEST and any(f" {word} " in f" {fold(name)} " for name in names)
        }
        return Meant(bearers, bearers | holders, spellings)

    def nearness(self, event: Held, text: str) -> int:
        """How near the event comes to the text, the nearest first."""
        if event.row["reference"] == text.strip().upper():
            return 0
        if self.meaning(text).bearers & held_by(event):
            return 1
        folded = fold(text)
        return 2 if f" {folded} " in event.row["folded"] else 3 if folded in event.row["folded"] else 4


def is_called(slug: str, names: list[str], text: str) -> bool:
    """Whether one of the names, or the slug, is the text, by letters or by consonants."""
    if slug in {text.strip(), fold(text).replace(" ", "-")} or fold(text) in map(fold, names):
        return True
    return len(key(text)) >= SHORTEST and key(text) in map(key, names)


def held_by(event: Held) -> set[Any]:
    """The places, actors and the type that the event holds."""
    found = {("site", row["site_id"]) for row in event.placements}
    found |= {("actor", row["actor_id"]) for row in event.involvements}
    return found | {("type", event.row["type_id"])}
