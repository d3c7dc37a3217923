"""What other people have done since a moment to the records that somebody works on, record by record.

Bounded, however long the history: at most ``LOOKED_AT`` of the newest entries are looked at, and ``READ`` are read.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import F, Q
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from events.models import Comment, Event
from osint.history import past, reading
from osint.history.chain import WHY
from osint.history.models import Action, Entry, EntryQuerySet, Value
from osint.history.naming import is_long
from osint.history.wording import in_words
from sources.bygone import bearers

if TYPE_CHECKING:
    from sources.querysets import Reader

LOOKED_AT, READ = 5_000, 300  # entries
RECORDS, LINES = 10, 4  # told of, and of each
Root = tuple[str, int]
EVENT = Event._meta.label_lower


@dataclass(frozen=True)
class Line:
    """What one person did at once to one record: when, who, and what in a few words."""

    at: datetime
    by: str
    said: list[str]
    why: str = ""


@dataclass
class News:
    """A record, what it is called and what was done to it, the newest first."""

    model: Any
    key: int
    kind: str
    name: str
    is_there: bool
    lines: list[Line] = field(default_factory=list)

    @property
    def shown(self) -> list[Line]:
        """The newest of them."""
        return self.lines[:LINES]

    @property
    def more(self) -> int:
        """How many others there are."""
        return max(0, len(self.lines) - LINES)


def since(reader: "Reader", moment: datetime) -> list[News]:
    """What others have done since then to the records that this person works on and may see."""
    fresh, comments = of_others(reader, moment), remarks(reader, moment)
    touched = set(fresh.order_by().values_list("root_model", "root_key").distinct())
    own = worked_on(reader, touched | {(EVENT, comment.event_id) for comment in comments})
    told: dict[Root, list[Line]] = {}
    for changed in changes(readable(reader, fresh, own)):
        # A change of which the reader may read nothing is no news: not even that there was one, and when.
        if (line := line_of(changed)).said:
            told.setdefault(changed[0].root, []).append(line)
    for comment in comments:
        if (EVENT, comment.event_id) in own:
            told.setdefault((EVENT, comment.event_id), []).append(quoted(comment))
    found = [News(*about(root), lines=newest(lines)) for root, lines in told.items()]
    found.sort(key=lambda one: one.lines[0].at, reverse=True)
    name_all(found[: 2 * RECORDS], reader)
    return [one for one in found if one.name][:RECORDS]


# Which


def of_others(reader: "Reader", moment: datetime) -> EntryQuerySet:
    """The newest entries of other people."""
    first = Entry.objects.filter(at__gt=moment).order_by("at").values_list("seq", flat=True).first()
    if first is None:
        return Entry.objects.none()
    last = Entry.objects.order_by("-seq").values_list("seq", flat=True)[0]
    return Entry.objects.filter(seq__gte=max(first, last - LOOKED_AT)).exclude(by=reader.pk)


def remarks(reader: "Reader", moment: datetime) -> list[Comment]:
    """What others have said of events."""
    fresh = Comment.objects.visible_to(reader).filter(created_at__gt=moment).exclude(created_by=reader.pk)
    return list(fresh.select_related("created_by").order_by("-pk")[:READ])


def worked_on(reader: "Reader", roots: set[Root]) -> set[Root]:
    """Those of these that the person has changed, has entered or is assigned to; asked at once, not row by row."""
    keys = {key for _model, key in roots}
    own: set[Root] = set(
        Entry.objects.order_by()
        .filter(by=reader.pk, root_key__in=keys)
        .values_list("root_model", "root_key")
        .distinct()
    )
    for model in bearers():
        theirs = Q(created_by=reader.pk) | Q(assignee=reader.pk)
        found = model._base_manager.filter(theirs, pk__in=keys).values_list("pk", flat=True)
        own |= {(model._meta.label_lower, key) for key in found}
    return own & roots


def readable(reader: "Reader", fresh: EntryQuerySet, own: set[Root]) -> list[Entry]:
    """Of these entries the newest about these records that the person may read."""
    condition = Q(pk__in=[])
    for model in {model for model, _key in own}:
        condition |= Q(root_model=model, root_key__in=[key for other, key in own if other == model])
    if not own:
        return []
    seen = reading.readable(reader).filter(condition, seq__in=fresh.order_by().values("seq"))
    return list(seen.select_related("by").order_by("-seq")[:READ])


# In words


@dataclass(frozen=True)
class Done:
    """One entry, with the texts of its values field by field."""

    entry: Entry
    values: dict[str, str]

    @property
    def root(self) -> Root:
        """What the record belongs to."""
        return self.entry.root_model, self.entry.root_key

    @property
    def is_own(self) -> bool:
        """Whether it is about the whole itself, and not about one of its parts."""
        return (self.entry.model, self.entry.key) == self.root


def changes(entries: list[Entry]) -> Iterable[list[Done]]:
    """These entries, those together that one person did at once to one record; comments are told in full elsewhere."""
    texts: dict[int, dict[str, str]] = {}
    for seq, field_name, text in Value.objects.filter(entry__in=entries).values_list("entry_id", "field", "text"):
        texts.setdefault(seq, {})[field_name] = text
    found: dict[tuple[Any, Root], list[Done]] = {}
    for entry in entries:
        if entry.model != Comment._meta.label_lower:
            done = Done(entry, texts.get(entry.seq, {}))
            found.setdefault((entry.change, done.root), []).append(done)
    return found.values()


def line_of(changed: list[Done]) -> Line:
    """What was done at once to one record."""
    first = changed[0]
    by = first.entry.by.get_username() if first.entry.by else ""
    why = first.values.get(WHY)
    return Line(first.entry.at, by, list(in_short(changed)), str(json.loads(why)) if why else "")


def in_short(changed: list[Done]) -> Iterator[str]:
    """What was done, in a few words: of the record itself field by field, of its parts how many of which kind."""
    parts: Counter[tuple[Any, str]] = Counter()
    for done in changed:
        if not done.is_own:
            parts[apps.get_model(done.entry.model), str(done.entry.get_action_display())] += 1
        elif done.entry.action != Action.CHANGE:
            yield str(done.entry.get_action_display())
        else:
            yield from fields_of(done)
    for (model, action), number in parts.items():
        yield f"{model._meta.verbose_name}: {action}" + (f" ({number})" if number > 1 else "")


def fields_of(done: Done) -> Iterator[str]:
    """The fields of a record that were changed; its status from what to what."""
    for column in apps.get_model(done.entry.model)._meta.concrete_fields:
        if column.name not in done.values or column.name in reading.SAID_ELSEWHERE:
            continue
        label = str(column.verbose_name)
        label = label[:1].upper() + label[1:]
        if column.name == "status":
            before, after = (in_words(column, side, {}) for side in past.read(done.values[column.name]))
            label += f": {before} {'←' if get_language_bidi() else '→'} {after}"
        yield label


def quoted(comment: Comment) -> Line:
    """What somebody said."""
    text = str(comment)
    who = comment.created_by.get_username() if comment.created_by else ""
    return Line(comment.created_at, who, [_("commented")], text)


def newest(lines: list[Line]) -> list[Line]:
    """The newest first."""
    return sorted(lines, key=lambda line: line.at, reverse=True)


# What they are called


def about(root: Root) -> tuple[Any, int, str, str, bool]:
    """Model and key of a record whose name is not known yet."""
    model = apps.get_model(root[0])
    return model, root[1], str(model._meta.verbose_name), "", False


def name_all(found: list[News], reader: "Reader") -> None:
    """Give each record its name, one query for each kind; what is gone is called as its last entry says."""
    for model in {one.model for one in found}:
        own = [one for one in found if one.model is model]
        rows = named_rows(model, reader, [one.key for one in own])
        for one in own:
            if one.key in rows:
                one.name, one.is_there = str(rows[one.key]), True
    lost = {(one.model._meta.label_lower, one.key): one for one in found if not one.name}
    keys = [key for _label, key in lost]
    gone = reading.readable(reader).filter(action=Action.DELETE, model=F("root_model"), key=F("root_key"), key__in=keys)
    for _change, told in reading.one_by_one(gone.order_by("seq") if keys else (), reader):
        bygone = lost.get((told.entry.model, told.entry.key))
        if bygone is not None and not told.is_withheld:
            bygone.name = told.name


def named_rows(model: Any, reader: "Reader", keys: list[int]) -> dict[int, Any]:
    """Those of these records that the reader may see, with what their names are made of."""
    columns = model._meta.concrete_fields
    sure = [column.name for column in columns if column.is_relation and not column.null]
    long = [column.name for column in columns if is_long(column)]
    return model._default_manager.visible_to(reader).select_related(*sure).defer(*long).in_bulk(keys)  # type: ignore[no-any-return]
