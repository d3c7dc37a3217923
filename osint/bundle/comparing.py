"""The records of a file beside those that are here: what is new, the same, newer there or here, or in conflict."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from osint.base.among import Among
from osint.base.chunks import chunks
from osint.base.errors import sentence_of
from osint.base.record import Record
from osint.bundle import contents, edits, units, values
from osint.bundle.arrivals import Arrived
from osint.bundle.arriving import Arriving, Identity, Pedigree, identity, label_of
from osint.bundle.doubles import ONCE, Doubles
from osint.bundle.entries import Entry
from osint.bundle.merging import Verdict, joined, judge
from osint.bundle.plans import MINE, NOTHING, THEIRS, Difference, Outcome, Step, conflict_name

QUOTE = ("quote", "start", "end")
Progress = Callable[[int], None]
TOGETHER = 2_000  # records of a model that are asked for at once


class Comparison:
    """What becomes of each entry, as far as it can be told without writing it."""

    def __init__(self, arriving: Arriving, decisions: dict[str, str], default: str) -> None:
        self.arriving, self.decisions, self.default = arriving, decisions, default
        self.given: set[str] = set()
        self.doubles = Doubles(set())
        self.new: set[Identity] = set()  # wholes of which nothing can be here yet

    def of(self, entries: Iterable[Entry]) -> list[Step]:
        """The entries, each with its outcome, in their order."""
        is_long = not isinstance(entries, list)  # so long that it is not held in memory
        started = (begun(number, entry) for number, entry in enumerate(entries, 1))
        steps = list(packed(started) if is_long else started)
        refuse_doubles(steps)
        self.doubles = Doubles(self.named(steps))
        by_model: dict[type[Record], list[Step]] = defaultdict(list)
        for step in steps:
            if step.outcome != Outcome.REFUSED:
                by_model[step.model].append(step)
        for model, some in by_model.items():
            for few in chunks(some, TOGETHER):
                self.unpacked(model, few, is_long=is_long)
        return steps

    def unpacked(self, model: type[Record], steps: list[Step], *, is_long: bool) -> None:
        """Compare some records of one model, whose values are at hand only so long."""
        for step in steps:
            step.unpack()
        self.compare(model, steps)
        for step in steps:
            if not (step.is_changed or step.outcome == Outcome.NEW):
                step.let_go()
            elif is_long:
                step.pack()

    def named(self, steps: Iterable[Step]) -> set[Identity]:
        """What the file names of what may be here under another UUID; nothing where it knows of no other databases."""
        if self.arriving.edits is None:
            return set()
        fates = {identity(fate.model, fate.key) for fate in self.arriving.fates if fate.model in ONCE}
        return fates | {step.identity for step in steps if step.model in ONCE}

    def compare(self, model: type[Record], steps: list[Step]) -> None:
        """Compare some records of one model with those that are here."""
        if self.arriving.edits is not None:
            self.doubles.translate(model, steps)
        here = values.by_identity(model, [step.name for step in steps])
        if model in ONCE and self.arriving.edits is not None:
            others = [step for step in steps if step.name not in here]
            self.doubles.recall(model, [step.name for step in others])
            self.doubles.call(others)
            here |= values.by_identity(model, [step.name for step in others if step.said])
        pedigrees = edits.worked_out(model, {key: name for name, (key, _values) in here.items()})
        self.given = self.given_before(model, here)
        gone = edits.gone(model, {step.name for step in steps} - set(here))
        for step in steps:
            if step.name in here:
                step.key, mine = here[step.name]
                self.beside(step, mine, pedigrees.get(step.key, {}))
            elif step.identity in gone:
                self.after_deletion(step, gone[step.identity])
            else:
                step.outcome = Outcome.NEW
                step.pedigree = self.told(step)
        if self.arriving.edits is not None:
            self.pair(model, [step for step in steps if step.outcome == Outcome.NEW])

    def pair(self, model: type[Record], new: list[Step]) -> None:
        """Compare what is here under another UUID with that."""
        if model not in ONCE:
            self.new |= {step.identity for step in new}
            return
        found = self.doubles.find(model, [step for step in new if not self.is_of_new(step)])
        pedigrees = edits.worked_out(model, {key: own for key, own, _mine in found.values()})
        for step in new:
            if step.name in found:
                step.key, own, mine = found[step.name]
                step.outcome, step.pedigree = Outcome.SAME, {}
                held = pedigrees.get(step.key, {})
                if step.was:
                    own_edits = held_edits(model, (label_of(model), own), mine, held)
                    step.farewell = frozenset(own_edits).union(*(one.seen for one in held.values()))
                self.beside(step, mine, held)

    def is_of_new(self, step: Step) -> bool:
        """Whether the record is a part of one that is new as well."""
        whole = contents.references(step.model).get(ONCE[step.model][0][0])
        return whole is not None and (label_of(whole), step.values[ONCE[step.model][0][0]][0]) in self.new

    def given_before(self, model: type[Record], names: Collection[str]) -> set[str]:
        """Those of these records that came with a file of the same kind and organisation before."""
        if self.arriving.edits is not None or not names:
            return set()
        rows = Arrived.objects.filter(Among("identity", names), model=label_of(model), arrival__undone_at=None)
        own = {"arrival__format": self.arriving.format, "arrival__organisation": self.arriving.organisation}
        return set(rows.filter(**own).values_list("identity", flat=True))

    def told(self, step: Step) -> dict[str, Pedigree]:
        """What the file says of the pedigree of a record, but for what became of it."""
        found = (self.arriving.edits or {}).get((step.identity[0], step.said or step.name))
        return {unit: pedigree for unit, pedigree in found.items() if unit != units.STATE} if found else NOTHING

    # A record that is here

    def beside(self, step: Step, mine: dict[str, Any], pedigrees: dict[str, Pedigree]) -> None:
        """Compare a record with the one that is here, unit by unit."""
        fill_place(step.values, mine)
        self.doubles.follow(step.model, mine)
        told = self.told(step)
        kept = dict(pedigrees)
        for unit, names in units.of(step.model).items():
            said = [name for name in names if name in step.values]
            if not said:
                continue
            same = all(step.values[name] == mine[name] for name in said)
            if same and unit not in told and unit not in pedigrees:
                continue
            self.weigh(step, unit, mine, pedigrees, told, kept, same=same)
        if units.THERE in told or units.THERE in pedigrees:
            begun = first(step.identity, units.THERE, [True])
            both = (pedigrees.get(units.THERE, begun), told.get(units.THERE, begun))
            kept[units.THERE] = joined(*both, Verdict.SAME)
        if kept != pedigrees or step.was or any(one.choice in {MINE, THEIRS} for one in step.differences):
            step.pedigree = kept
        settle(step)

    def weigh(
        self, step: Step, unit: str, mine: dict[str, Any], pedigrees: dict[str, Pedigree], told: dict[str, Pedigree],
        kept: dict[str, Pedigree], *, same: bool,
    ) -> None:  # fmt: skip
        """Compare one unit, and say what its pedigree is then."""
        names = units.of(step.model)[unit]
        own = pedigrees.get(unit) or first(step.identity, unit, [mine[name] for name in names])
        there = [step.values.get(name, mine[name]) for name in names]
        theirs = told.get(unit) or first(step.identity, unit, there)
        theirs = self.widened(step, theirs, own)
        begun = first(step.identity, unit, [mine[name] for name in names])
        if own.edit == begun.edit and self.doubles.first_edit(step, unit, mine) in theirs.seen:
            theirs = Pedigree(theirs.edit, theirs.seen | begun.seen)
        verdict = judge(own, theirs, same=same)
        if not same:
            fields = {
                name: (mine[name], step.values[name])
                for name in names
                if name in step.values and step.values[name] != mine[name]
            }
            difference = Difference(unit, fields, verdict, own, theirs)
            difference.choice = self.choice(step, difference)
            step.differences += (difference,)
        if verdict != Verdict.CONFLICT:
            now = joined(own, theirs, verdict)
            if now != first(
                step.identity, unit, there if verdict == Verdict.THEIRS else [mine[name] for name in names]
            ):
                kept[unit] = now

    def widened(self, step: Step, theirs: Pedigree, own: Pedigree) -> Pedigree:
        """What their writer has seen, where the file says nothing of it: what it gave before, or what is here now."""
        if self.arriving.edits is not None:
            return theirs
        if step.identity in self.arriving.fresh:
            return Pedigree(theirs.edit, theirs.seen | own.seen)
        if step.name not in self.given:
            return theirs
        return Pedigree(theirs.edit, theirs.seen | {edit for edit in own.seen if units.is_first(edit)})

    def choice(self, step: Step, difference: Difference) -> str:
        """What was decided of a conflict."""
        return self.chosen(step, difference) if difference.verdict == Verdict.CONFLICT else ""

    def chosen(self, step: Step, difference: Difference) -> str:
        """What was decided of a difference."""
        return self.decisions.get(conflict_name(step, difference), self.default)

    # A record that was deleted here

    def after_deletion(self, step: Step, farewell: Pedigree) -> None:
        """Whether a record that was deleted here stays away: yes, where its deletion had seen all that they hold."""
        told = self.told(step)
        begun = told.get(units.THERE, first(step.identity, units.THERE, [True]))
        held = held_edits(step.model, step.identity, step.values, told)
        if held <= farewell.seen:
            step.outcome, step.note = Outcome.MINE, _("deleted here")
            return
        begun = Pedigree(begun.edit, begun.seen | held)  # whoever decides has seen what the record says there
        verdict = Verdict.THEIRS if farewell.edit in begun.seen else Verdict.CONFLICT
        difference = Difference(units.THERE, {units.THERE: (_("deleted"), _("there"))}, verdict, farewell, begun)
        difference.choice = self.choice(step, difference)
        step.differences += (difference,)
        step.note = _("deleted here, and changed there")
        if difference.is_taken:
            step.outcome = Outcome.NEW
            step.pedigree = told | {units.THERE: Pedigree(begun.edit, begun.seen | farewell.seen)}
        elif difference.choice == MINE:
            step.outcome, step.pedigree = Outcome.MINE, {units.THERE: farewell}
        else:
            step.outcome = Outcome.CONFLICT


def held_edits(
    model: type[Record], identity: Identity, held: dict[str, Any], pedigrees: dict[str, Pedigree]
) -> set[str]:
    """The edits that made a record what it is: one of each unit, and that by which it is there."""
    found = {pedigrees[units.THERE].edit if units.THERE in pedigrees else units.there(identity)}
    for unit, names in units.of(model).items():
        if unit in pedigrees:
            found.add(pedigrees[unit].edit)
        elif all(name in held for name in names):
            found.add(units.first_edit(identity, unit, [held[name] for name in names]))
    return found


def begun(number: int, entry: Entry) -> Step:
    """The entry as a step, its values taken as they travel."""
    step = Step(number, entry.model, " ".join(entry.key), entry.where)
    try:
        step.name = values.name_of(entry.model, step.name)
    except ValidationError as error:
        step.refuse(contents.key_field(entry.model), sentence_of(error))
        return step
    takers, held = values.takers(entry.model), step.values
    for name, value in entry.fields.items():
        take = takers.get(name)
        if take is None:
            if name != contents.key_field(entry.model):
                step.refuse(name, _("This field does not travel. Leave it out."))
            continue
        try:
            held[name] = take(value) if value is not None else values.taken(entry.model, name, value)
        except ValidationError as error:
            step.refuse(name, sentence_of(error))
    return step


def packed(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps, each in little room."""
    for step in steps:
        step.pack()
        yield step


def refuse_doubles(steps: Iterable[Step]) -> None:
    """Refuse what the file says twice."""
    first_of: dict[Identity, Step] = {}
    for step in steps:
        earlier = first_of.setdefault(step.identity, step)
        if earlier is not step:
            step.refuse("", _("The file has this record already: %(where)s.") % {"where": earlier.where})


def fill_place(theirs: dict[str, Any], mine: dict[str, Any]) -> None:
    """A quote whose place the file leaves out stands where it stands here."""
    if theirs.get("quote") and theirs["quote"] == mine.get("quote") and theirs.get("start") is None:
        theirs |= {name: mine[name] for name in QUOTE}


def first(identity: Identity, unit: str, held: list[Any]) -> Pedigree:
    """The pedigree of a first value."""
    edit = units.first_edit(identity, unit, held)
    return Pedigree(edit, frozenset([edit]))


def settle(step: Step) -> None:
    """The outcome of a record that is here, from its differences."""
    if step.was or any(one.is_taken for one in step.differences):
        step.is_changed = True
        step.outcome = Outcome.CHANGED
    if any(one.is_open for one in step.differences):
        step.outcome = Outcome.CONFLICT
    elif step.differences and not step.is_changed:
        step.outcome = Outcome.MINE


def conflicts(steps: Iterable[Step]) -> Iterator[tuple[Step, Difference]]:
    """Each conflict with the record that it is about, the decided ones too."""
    for step in steps:
        for difference in step.differences:
            if difference.verdict == Verdict.CONFLICT:
                yield step, difference
