"""Three sides of one form: what it showed when it was opened, what is stored now, what was typed.

A field that only others have changed is taken over; one that only the sender has changed stays as typed; where both
have changed it, it stays as typed and waits for a choice. Rows are matched by their key.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from osint.base.conflict import rows
from osint.base.conflict.sides import Part, Rows, Side, shown

CHOICE, THEIRS, OPEN = "_choice-", "_theirs-", "_conflict"


@dataclass
class Item:
    """One field, or one row, of which the three sides do not agree."""

    kind: str  # taken: only theirs · kept: only mine · both: a choice · added and deleted: a row
    name: str
    place: str
    label: str
    base: str = ""
    theirs: str = ""
    mine: str = ""
    stored: list[tuple[str, str]] = field(default_factory=list)  # what a choice of theirs puts into the form


@dataclass
class Merger:
    """Puts the sides together; ``data`` is what was sent, and becomes what the form shows next."""

    data: Any
    base: Side | None
    stored: Side
    reader: Any
    pending: frozenset[str] = frozenset()
    takes_over: bool = True
    items: list[Item] = field(default_factory=list)

    def merge(self) -> list[Item]:
        """The items, with the data made ready for the next attempt."""
        base = self.base.own if self.base else None
        sent = {name: self.data.getlist(name) for name, _field in self.stored.own.fields() if name in self.data}
        self.items += self.merge_fields(base, self.stored.own, sent, "", "", self.pending)
        for name, values in sent.items():
            self.data.setlist(name, values)
        for prefix, present in self.stored.rows.items():
            if f"{prefix}-TOTAL_FORMS" in self.data:
                self.merge_rows(prefix, self.base.rows.get(prefix) if self.base else None, present)
        return self.items

    # Fields

    def merge_fields(
        self, base: Part | None, stored: Part, sent: dict[str, list[str]], prefix: str, place: str,
        pending: frozenset[str],
    ) -> Iterator[Item]:  # fmt: skip
        """The fields of one form on which the sides do not agree; what is taken over goes into ``sent``."""
        hidden = {name for name, found in stored.fields() if found.widget.is_hidden}
        for name, found in stored.fields():
            if name in hidden:
                continue
            typed = typed_in(found, sent, name)
            theirs = stored.shows(name)
            was = base.shows(name) if base else None
            kind = self.kind(found, was, theirs, typed, is_pending=f"{prefix}{name}" in pending)
            companions = [other for other in companions_of(name) if other in hidden]
            if kind == "taken" and self.takes_over:
                for other in [name, *companions]:
                    sent[other] = stored.shows(other)
            if kind:
                label = str(found.label or name)
                item = Item(kind, f"{prefix}{name}", place, label[:1].upper() + label[1:])
                item.base = shown(found, was, self.reader) if was is not None else ""
                item.theirs, item.mine = (shown(found, side, self.reader) for side in (theirs, typed))
                item.stored = [
                    (f"{THEIRS}{prefix}{other}", value)
                    for other in [name, *companions]
                    for value in stored.shows(other)
                ]
                yield item

    def kind(self, found: Any, was: list[str] | None, theirs: list[str], typed: list[str], *, is_pending: bool) -> str:
        """What has become of the field."""
        if found.disabled:
            # It names what is withheld from the sender, and stays as stored: what was typed there is told, not kept.
            is_news = differ(found, was, theirs) if was is not None else typed != [""]
            return "taken" if is_news and self.takes_over else ""
        if not differ(found, theirs, typed):
            return "taken" if was is not None and differ(found, was, theirs) and not self.takes_over else ""
        if is_pending:
            return "both"
        if not self.takes_over or (was is not None and not differ(found, was, theirs)):
            return "kept"
        return "both" if was is None or differ(found, was, typed) else "taken"

    # Rows

    def merge_rows(self, prefix: str, base: Rows | None, present: Rows) -> None:
        """Bring the rows of one kind together."""
        key_name = present.blank.form._meta.model._meta.pk.name
        sent = rows.read(self.data, prefix, key_name)
        mine = {row.key: row for row in sent if row.key is not None}
        was = base.parts if base else {}
        known, new = [], [row for row in sent if row.key is None and not row.is_deleted]
        for number, (key, part) in enumerate(present.parts.items()):
            row = mine.get(key)
            if row is None:
                row = self.added(prefix, number, part, present, is_new=base is None or key not in was)
            else:
                self.changed(f"{prefix}-{number}-", f"{prefix}-{row.number}-", row, was.get(key), part, present.title)
            row.values[key_name] = [str(key)]
            known.append(row)
        for key, row in mine.items():
            if key not in present.parts and not row.is_deleted:
                self.deleted(prefix, len(known) + len(new), row, was.get(key), present, key_name, new)
        self.again(prefix, len(known), new, present)
        rows.write(self.data, prefix, known, new)

    def added(self, prefix: str, number: int, part: Part, present: Rows, *, is_new: bool) -> rows.Row:
        """A row that is not in what was sent: shown, and kept."""
        if is_new:
            self.items.append(Item("added", f"{prefix}-{number}", present.title, part.title))
        return rows.Row(number, None, {name: part.shows(name) for name, _field in part.fields()})

    def changed(self, prefix: str, former: str, row: rows.Row, was: Part | None, part: Part, title: str) -> None:
        """A row that is on both sides."""
        place = f"{title}: {part.title}"
        pending = frozenset(prefix + name.removeprefix(former) for name in self.pending if name.startswith(former))
        if not row.is_deleted:
            self.items += self.merge_fields(was, part, row.values, prefix, place, pending)
            return
        is_touched = was is None or any(was.shows(name) != part.shows(name) for name, _field in part.fields())
        row.values = {name: part.shows(name) for name, _field in part.fields()} | {rows.DELETE: ["on"]}
        if (is_touched and self.takes_over) or f"{prefix}{rows.DELETE}" in pending:
            deleted, kept = _("deleted"), _("changed")
            self.items.append(Item("both", f"{prefix}{rows.DELETE}", place, _("Row"), "", kept, deleted))

    def deleted(
        self, prefix: str, number: int, row: rows.Row, was: Part | None, present: Rows, key_name: str,
        new: list[rows.Row],
    ) -> None:  # fmt: skip
        """A row that others have deleted: gone, unless the sender has changed it; then it can be entered again."""
        title = was.title if was else f"#{row.key}"
        is_changed = was is None or any(
            differ(found, was.shows(name), typed_in(found, row.values, name)) for name, found in was.fields()
        )
        if not is_changed:
            self.items.append(Item("deleted", f"{prefix}-{number}", present.title, title))
            return
        row.values.pop(key_name, None)
        new.append(row)
        kept, deleted = _("enter it again, as typed below"), _("deleted")
        self.items.append(Item("both", f"{prefix}-{number}", present.title, title, "", deleted, kept))

    def again(self, prefix: str, known: int, new: list[rows.Row], present: Rows) -> None:
        """New rows that still wait for a choice: others had deleted them."""
        for position, row in enumerate(new):
            if f"{prefix}-{row.number}" in self.pending and row.key is None:
                kept, deleted = _("enter it again, as typed below"), _("deleted")
                name = f"{prefix}-{known + position}"
                self.items.append(Item("both", name, present.title, f"#{known + position + 1}", "", deleted, kept))


def typed_in(found: Any, sent: dict[str, list[str]], name: str) -> list[str]:
    """What was typed into a field, with the line ends of a page undone."""
    values = [value.replace("\r\n", "\n") for value in sent.get(name, [])]
    is_box = isinstance(getattr(found.widget, "widget", found.widget), forms.CheckboxInput)
    return values or ([] if is_box else [""])


def differ(found: Any, one: list[str], other: list[str]) -> bool:
    """Whether two values of a field, as sent, mean something different."""
    return one != other and meaning(found, one) != meaning(found, other)


def meaning(found: Any, values: list[str]) -> Any:
    """The value, or what was sent where it is none."""
    text = values[0] if values else None
    if isinstance(found, forms.ModelChoiceField):
        return text or ""
    try:
        value = found.to_python(text)
    except ValidationError:
        return text
    return "" if value is None else value


def companions_of(name: str) -> list[str]:
    """The hidden fields that go with a field: where its words start."""
    return [f"{name}_start", *([name.removesuffix("quote") + "start"] if name.endswith("quote") else [])]
