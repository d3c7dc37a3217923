"""A sheet on its way in: read, planned, and written as drafts; rows that cannot come in are given back to be mended."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from events.models import Event
from osint.base.chunks import chunks
from osint.bundle import applying, planning
from osint.bundle.arrivals import Arrival
from osint.bundle.arriving import Arriving, Identity, identity
from osint.bundle.entries import Entry
from osint.bundle.plans import Plan
from osint.sheets import files
from osint.sheets.codes import Codes, Reports, is_uuid
from osint.sheets.columns import IGNORED, is_known, mapped
from osint.sheets.files import Sheet
from osint.sheets.rows import Known, Problem, Row
from sources.models import Report

PROBLEM = "problem"
ROUNDS = 5
AT_ONCE = 100  # rows whose events are in memory together, each with its evidence


@dataclass
class Arrived:
    """A sheet that was read: its columns, what it would do, and what is wrong with which of its rows."""

    sheet: Sheet
    mapping: dict[str, str]
    plan: Plan
    problems: list[Problem] = field(default_factory=list)

    @property
    def bad(self) -> set[int]:
        """The numbers of the rows that cannot come in."""
        return {problem.row for problem in self.problems}

    @property
    def good(self) -> int:
        """How many rows can."""
        return len(self.sheet.rows) - len(self.bad)

    @property
    def unknown(self) -> list[str]:
        """Headings that nobody knows: what stands below them is left out."""
        return [head for head, column in self.mapping.items() if not column]

    def apply(self, by: Any) -> Arrival | None:
        """Write the good rows, as drafts; nothing where there is nothing to write."""
        return applying.apply(self.plan, by)

    def rest(self) -> Iterator[bytes]:
        """The other rows as a file, with what is wrong beside each: to be mended, and sent again."""
        said: dict[int, list[str]] = defaultdict(list)
        for problem in self.problems:
            said[problem.row].append(f"{problem.column}: {problem.sentence}" if problem.column else problem.sentence)
        kept = [place for place, head in enumerate(self.sheet.heads) if head != PROBLEM]
        heads = [*(self.sheet.heads[place] for place in kept), PROBLEM]
        rows = [(number, cells) for number, cells in self.sheet.rows if number in said]
        told = ([*(cells[place] for place in kept), "\n".join(said[number])] for number, cells in rows)
        return files.csv_written(heads, told)


def read(content: bytes, name: str = "", chosen: dict[str, str] | None = None, by: Any = None) -> Arrived:
    """Read a sheet and plan its import; ``by`` is who sends it, or nobody for the one who runs the installation.

    Raises ``ValidationError`` for a file that is no sheet, or a column that there is not.
    """
    sheet = files.read(content, name)
    for head, column in (chosen or {}).items():
        if head not in sheet.heads or not is_known(column):
            said = {"head": head, "column": column}
            raise ValidationError(_("“%(head)s=%(column)s”: there is no such heading, or no such column.") % said)
    mapping = mapped(sheet.heads, chosen)
    rows = built(sheet, mapping, by)
    arriving = Arriving(format="sheet", sha256=sha256(content).hexdigest(), fresh=fresh(rows), is_entered=True)
    return planned(Arrived(sheet, mapping, Plan(arriving, [], [], {})), rows, by)


def built(sheet: Sheet, mapping: dict[str, str], by: Any) -> list[Row]:
    """Every row, with what is wrong with it; what is here of what they name is in memory for some of them at a time."""
    places = {column: place for place, column in enumerate(mapping.values()) if column}
    rows, seen, codes = [], dict[tuple[str, ...], int](), Codes()
    for some in chunks(sheet.rows, AT_ONCE):
        found = known([cells for _number, cells in some], places, codes, by)
        for number, texts in some:
            row = Row(number, cells_of(mapping, texts), found)
            refuse_formulas(row, mapping, sheet.formulas.get(number, ()))
            row.build()
            again = seen.setdefault(tuple(texts), number)
            if again != number:
                row.wrong("", _("It is the same as row %(row)d.") % {"row": again})
            rows.append(row)
    return rows


def known(rows: list[list[str]], places: dict[str, int], codes: Codes, by: Any) -> Known:
    """What is here of what these rows name."""

    def cells(column: str) -> list[str]:
        return [row[places[column]] for row in rows] if column in places else []

    reports, events = Report.objects.all(), Event.objects.all()
    if by is not None:
        reports, events = reports.visible_to(by), events.visible_to(by)
    uuids = {cell for cell in cells("uuid") if is_uuid(cell)}
    found = {str(event.uuid): event for event in events.filter(uuid__in=uuids).with_evidence()} if uuids else {}
    # Whether somebody may not see it or it is not there makes no difference.
    hidden = {str(UUID(uuid)) for uuid in uuids} - set(found) if by is not None else set()
    return Known(codes, Reports(cells("report"), reports), found, hidden)


def cells_of(mapping: dict[str, str], texts: list[str]) -> dict[str, tuple[str, str]]:
    """The cells of a row by column, each with its heading."""
    cells = zip(mapping.items(), texts, strict=True)
    return {column: (head, text) for (head, column), text in cells if column and column != IGNORED}


def refuse_formulas(row: Row, mapping: dict[str, str], places: Iterable[int]) -> None:
    """Say which cells of a row are formulas, as far as they are read."""
    columns = list(mapping.values())
    for column in (columns[place] for place in places):
        if column not in {"", IGNORED}:
            row.wrong(column, _("The cell holds a formula. Copy its value over it: “paste special, values”."))


def fresh(rows: list[Row]) -> frozenset[Identity]:
    """Records that the sheet's writer had before her as they are now."""
    return frozenset(identity(model, (key,)) for row in rows for model, key in row.fresh)


def planned(arrived: Arrived, rows: list[Row], by: Any) -> Arrived:
    """Plan what the good rows say; a row of which anything is refused stays out as a whole."""
    arrived.problems = [problem for row in rows for problem in row.problems]
    for _round in range(ROUNDS):
        good = [row for row in rows if row.number not in arrived.bad]
        entries, twice = merged(good)
        if not twice:
            arrived.plan = planning.plan(entries, arrived.plan.arriving, by=by)
            twice = list(refused(arrived.plan, good))
        if not twice:
            break
        arrived.problems += twice
    return arrived


def merged(rows: list[Row]) -> tuple[list[Entry], list[Problem]]:
    """The records of all rows, each once; and the rows that say something else of one than a row before them."""
    found: dict[tuple[Any, tuple[str, ...]], Entry] = {}
    problems = []
    for row in rows:
        for entry in row.entries():
            before = found.setdefault((entry.model, entry.key), entry)
            if {**before.fields, "position": 0} != {**entry.fields, "position": 0}:
                sentence = _("It says something else of the same event than %(where)s.") % {"where": before.where}
                problems.append(Problem(row.number, "", "", sentence))
                break
    return list(found.values()), problems


def refused(plan: Plan, rows: list[Row]) -> Iterator[Problem]:
    """What the import refuses or leaves to a person to decide, by the rows that say it."""
    by_where = {_("row %(row)d") % {"row": row.number}: row for row in rows}
    first: dict[str, Any] = {}
    for step in plan.refused():
        row = by_where[step.where]
        # What needs a record that is refused is refused with it: that is no problem of its own.
        if first.setdefault(step.where, step.model) is not step.model:
            continue
        for name, sentence in step.problems:
            head, value = row.cells.get(name, (name, ""))
            yield Problem(row.number, head, value, sentence)
    for step in plan.conflicts():
        row = by_where[step.where]
        names = ", ".join(name for one in step.differences if one.is_open for name in one.fields)
        sentence = _("Somebody has changed this here since the sheet was written: %(names)s. Export it anew.")
        yield Problem(row.number, "", "", sentence % {"names": names})
