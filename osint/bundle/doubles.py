"""One fact that was entered on both sides, under two UUIDs: from now on it is one record, under the lesser of the two.

Both sides come to that without asking each other. Who has the greater one calls the record by the lesser from then on,
and tells the others that the greater is gone; who has the lesser one knows the other as another name of it.
"""

from collections.abc import Container, Iterable
from typing import Any

from django.utils.translation import gettext as _

from events.models import ActorLink, ActorName, Citation, Count, Cue, Involvement, Placement, SiteName
from osint.base.record import Record
from osint.base.text import fold
from osint.bundle import contents, units, values
from osint.bundle.arrivals import Arrived
from osint.bundle.arriving import Identity, label_of
from osint.bundle.plans import Step
from sources.models import Attachment, Relay

# What the database lets be said once, in other words than a UUID; first what the record is a part of, if of anything.
ONCE: dict[type[Record], tuple[tuple[str, ...], ...]] = {
    Cue: (("text", "kind", "type"), ("text", "kind", "measure"), ("text", "kind", "value")),
    SiteName: (("site", "language", "text"),),
    ActorName: (("actor", "language", "text"),),
    ActorLink: (("actor", "kind", "other", "when"),),
    Relay: (("report", "relayed_source"), ("report", "relayed_report")),
    Attachment: (("report", "sha256"),),
    Placement: (("event", "site", "role"),),
    Involvement: (("event", "actor", "role"),),
    Count: (("event", "measure", "party", "label"),),
    Citation: (("event", "report"),),
}
NOBODY = "party"  # a number that is of nobody is so once, too
Here = tuple[int, str, dict[str, Any]]  # a record that is here: its key, its identity, its values


class Doubles:
    """Which records of a file are known here by another UUID."""

    def __init__(self, file: Container[Identity]) -> None:
        self.file = file  # what stands in the file under its own name is itself, and nothing else
        self.names: dict[Identity, str] = {}  # as the file calls a record: as it is called from now on
        self.said: dict[Identity, str] = {}  # and the other way round
        self.renamed: dict[Identity, str] = {}  # as it was called here: as it is called from now on

    def recall(self, model: type[Record], names: Iterable[str]) -> None:
        """Those that were found to be others before."""
        label = label_of(model)
        for name, other in remembered(label, names).items():
            if (label, other) not in self.file:
                self.names[label, name], self.said[label, other] = other, name

    def call(self, steps: Iterable[Step]) -> None:
        """Call the records as they are called here."""
        for step in steps:
            if other := self.names.get(step.identity):
                step.said, step.name = step.name, other

    def translate(self, model: type[Record], steps: list[Step]) -> None:
        """Let records name the others as they are called from now on."""
        for field, other in contents.references(model).items():
            if other not in ONCE:
                continue
            label = label_of(other)
            named = {value[0] for step in steps if (value := step.values.get(field))}
            self.recall(other, [name for name in named if (label, name) not in self.file])
            for step in steps:
                if (value := step.values.get(field)) and (known := self.names.get((label, value[0]))):
                    step.values[field] = [known]

    def follow(self, model: type[Record], mine: dict[str, Any]) -> None:
        """Let a record that is here name those that are called otherwise from now on."""
        for field, other in contents.references(model).items():
            if (value := mine.get(field)) and (name := self.renamed.get((label_of(other), value[0]))):
                mine[field] = [name]

    def first_edit(self, step: Step, unit: str, mine: dict[str, Any]) -> str:
        """The first value that is here, as the other side calls it: edits of a first value are named after it."""
        model, told = step.model, []
        references = contents.references(model)
        for name in units.of(model)[unit]:
            other = references.get(name)
            value = mine[name]
            known = self.said.get((label_of(other), value[0])) if other and value else None
            told.append([known] if known else value)
        return units.first_edit((step.identity[0], step.said or step.name), unit, told)

    def find(self, model: type[Record], steps: list[Step]) -> dict[str, Here]:
        """Those of these new records that are here under another UUID, by their names from now on."""
        found: dict[str, Here] = {}
        here = alike(model, steps)
        for step in steps:
            for fact in facts(model, step.values):
                key, own, mine = here.get(fact, (0, "", {}))
                named = (label_of(model), own)
                if own and named not in self.file and named not in self.renamed:
                    self.pair(step, own)
                    found[step.name] = (key, own, mine)
                    break
        return found

    def pair(self, step: Step, own: str) -> None:
        """The record of the file, and the one that is called so here, are one."""
        step.is_paired = True
        if step.name < own:
            self.renamed[step.identity[0], own] = step.name
            step.was = own
        else:
            self.names[step.identity], self.said[step.identity[0], own] = own, step.name
            step.said, step.name = step.name, own
        step.note = _("entered on both sides, here as %(here)s, there as %(there)s: one record from now on") % {
            "here": own,
            "there": step.said or step.name,
        }


def remembered(label: str, names: Iterable[str]) -> dict[str, str]:
    """What these records were found to be, in imports that stand."""
    rows = Arrived.objects.filter(model=label, identity__in=list(names), arrival__undone_at=None).exclude(same_as="")
    return dict(rows.order_by("pk").values_list("identity", "same_as"))


def alike(model: type[Record], steps: Iterable[Step]) -> dict[tuple[Any, ...], Here]:
    """What is here and might be the same, by what it says."""
    first = ONCE[model][0][0]
    column = "folded" if model is Cue else values.lookups(model)[first]
    wanted = {fact[1] for step in steps for fact in facts(model, step.values)}
    return {fact: here for here in values.rows(model, column, wanted) for fact in facts(model, here[2])}


def facts(model: type[Record], told: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a record says that no other may say as well."""
    found = []
    for names in ONCE[model]:
        said = [one[0] if isinstance(one, list) else one for one in map(told.get, names)]
        if any(one is None and name != NOBODY for name, one in zip(names, said, strict=True)):
            continue
        if model is Cue:
            said[0] = fold(str(said[0])[:100])[:120]
        found.append((names[-1], *said))
    return found
