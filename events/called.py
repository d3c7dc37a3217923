"""Places, actors and types that are called by a text, and by what other names; one statement tells it.

The statement is the same for every text, so it is put together once, around marks that stand for the text.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import or_
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, Value

from events.models import Actor, EventType, Site
from osint.base.names import Named, has_words, is_exactly
from osint.base.text import fold, key, telling

NAMED: tuple[type[Named], ...] = (Site, Actor, EventType)
SHORTEST = 3  # letters of a word or a key that may be part of another: shorter ones are so in every second text
# They stand for the folded text (whose slug has hyphens for blanks), its key, and the text as it is.
FOLDED, SOUND, TEXT = "\ue000 \ue000", "\ue001" * SHORTEST, "\ue002" * SHORTEST
MARKS = re.compile("|".join((FOLDED, FOLDED.replace(" ", "-"), SOUND, TEXT)))
Records = dict[type[Named], set[int]]  # keys by kind


class Statement(NamedTuple):
    """A question as SQL."""

    sql: str
    values: tuple[Any, ...]


@dataclass
class Found:
    """Records that are called in one way; of those that are called so as a whole, all their names."""

    records: Records = field(default_factory=lambda: defaultdict(set))
    names: set[str] = field(default_factory=set)

    @property
    def spellings(self) -> set[str]:
        """What tells in each name, folded."""
        return {spelling for spelling in map(telling, self.names) if len(spelling) > 1}


class Called(NamedTuple):
    """Records that are called by a text as a whole; those whose names hold it, uncut."""

    whole: Found
    holders: Found


Group = list[tuple[int, Statement]]  # what finds records, each with the number of their kind


def so(text: str) -> Group:
    """What finds the records that are called by a text: a name is the text, by letters or consonants, or holds it."""
    folded, sound = fold(text), key(text)
    marks = {FOLDED: folded, FOLDED.replace(" ", "-"): folded.replace(" ", "-"), SOUND: sound, TEXT: text.strip()}
    is_long, is_heard = len(folded) >= SHORTEST, len(sound) >= SHORTEST
    return [
        (kind, Statement(one.sql, bound(one.values, marks)))
        for kind, model in enumerate(NAMED)
        for one in statements(connection.vendor, model, is_long, is_heard)
    ]


def with_words(words: Iterable[str]) -> Group:
    """What finds the records of which a name holds one of these words, uncut."""
    told = [word for word in words if len(word) >= SHORTEST]
    if not told:
        return []
    return [(kind, one) for kind, model in enumerate(NAMED) for one in either(model, None, None, told)]


def found_by(groups: list[Group], besides: Statement | None = None) -> tuple[list[Called], bool]:
    """What each group finds; and whether a condition is true that is asked besides, in the same query."""
    asked = [(number, kind, *one) for number, group in enumerate(groups) for kind, one in group]
    if besides:
        asked.append((-1, 0, f"SELECT 0, TRUE, '', '', '' WHERE {besides.sql}", besides.values))
    found, is_so = [Called(Found(), Found()) for _group in groups], False
    for number, kind, pk, is_whole, *names in rows(asked):
        if number < 0:
            is_so = True
        else:
            one = found[number][not is_whole]
            one.records[NAMED[kind]].add(pk)
            one.names |= {*filter(None, names)}
    return found, is_so


def rows(asked: list[tuple[int, int, str, tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    """What several statements find, each row with its two numbers; all in one query."""
    if not asked:
        return []
    parts = [f"SELECT {number}, {kind}, part.* FROM ({sql}) part" for number, kind, sql, _values in asked]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [value for *_rest, values in asked for value in values])
        return list(cursor.fetchall())


def bound(values: Iterable[Any], marks: dict[str, str]) -> tuple[Any, ...]:
    """Values with what the marks stand for in their place; no folded text holds a sign that stands for others."""
    return tuple(MARKS.sub(lambda mark: marks[mark[0]], value) if isinstance(value, str) else value for value in values)


@lru_cache(maxsize=32)
def statements(_engine: str, model: Any, is_long: bool, is_heard: bool) -> list[Statement]:
    """What finds the records of one kind that are called by the text that the marks stand for."""
    rows, sound = model.objects.all(), SOUND if is_heard else ""
    own = rows.own_names(is_exactly, FOLDED, sound) | Q(slug=TEXT)
    return either(model, own, rows.spelled(is_exactly, FOLDED, sound), [FOLDED] if is_long else [])


def either(model: Any, own: Q | None, spelled: Q | None, words: Iterable[str]) -> list[Statement]:
    """Whose own name, or other spelling, is so as a whole, or holds one of these words."""
    rows, spelling = model.objects.order_by(), getattr(model, "spelling", None)
    held = reduce(or_, (rows.own_names(has_words, word) for word in words), own or Q())
    if spelling is None:
        return [stated(rows, own, held, "pk", "name_en", "name_ar", "none")]
    of, others = spelling.owner, spelling.objects.order_by()
    heard = reduce(or_, (rows.spelled(has_words, word) for word in words), spelled or Q())
    return [
        stated(rows, own, held, "pk", "name_en", "name_ar", "names__text"),
        stated(others, spelled, heard, of, f"{of}__name_en", f"{of}__name_ar", f"{of}__names__text"),
    ]


def stated(rows: Any, whole: Q | None, wanted: Q, pk: str, *names: str) -> Statement:
    """One of them as SQL: the key, whether it is so as a whole, and all names, which may be blank."""
    is_whole = ExpressionWrapper(whole, BooleanField()) if whole else Value(False)
    found = rows.filter(wanted).annotate(is_whole=is_whole, none=Value(""))
    return Statement(*found.values_list(pk, "is_whole", *names).query.sql_with_params())
