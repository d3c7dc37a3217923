"""How long a search among many events takes: `python -m benchmarks.search [EVENTS]`.

Fills a database of its own (SQLite in a temporary folder, or the empty one of DATABASE_URL) with that many published
events, each with 300 to 600 characters of Arabic and English, a place, an actor and a citation, past the history. Then
it asks `/api/v1/events/?q=` for rare and for common words, in turn with the bare SQL: how many events hold the word in
their texts, by the trigram index, and which are the newest hundred. Medians, and their ratio.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from statistics import median
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

WANTED = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROUNDS = 9
BLOCK = 2_000
# Word, and in how many of a thousand events it stands.
WORDS = {"zeppelin": 0.2, "زبرجد": 0.2, "convoy": 300, "قافلة": 300, "fuel": 20, "وقود": 20}
PLAIN = {
    "en": "trucks arrived base north patrol moved along river road village night drone passed over camp soldiers guard "
    "market bridge school field closed opened checkpoint searched houses morning evening sounds heard near town east",
    "ar": "وصلت شاحنات إلى شمال البلدة ليلا ومرت دورية على طريق النهر وسمعت أصوات قرب الجسر وأغلق السوق صباحا ثم فتح "
    "الحاجز وفتشت منازل شرق القرية وحلقت طائرة فوق الحقل وعاد الجنود مساء من المدرسة",
}


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes, in seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def sentences(lot: random.Random) -> dict[str, list[str]]:
    """Plain sentences to mix texts from, by language."""
    return {
        language: [" ".join(lot.choices(words.split(), k=12)).capitalize() for _n in range(1_000)]
        for language, words in PLAIN.items()
    }


def texts(lot: random.Random) -> Iterator[tuple[str, str, str]]:
    """English summary, Arabic summary and what they are searched by, without end; 300 to 600 characters."""
    from osint.base.text import fold, heard

    known = sentences(lot)
    folded = {text: (fold(text), heard(text).strip()) for texts in known.values() for text in texts}
    folded |= {word: (fold(word), heard(word).strip()) for word in WORDS}
    while True:
        english, arabic = lot.choices(known["en"], k=lot.randint(2, 4)), lot.choices(known["ar"], k=lot.randint(2, 4))
        for word, often in WORDS.items():
            if lot.random() * 1_000 < often:
                (english if word.isascii() else arabic).append(word)
        words, sounds = zip(*(folded[text] for text in [*english, *arabic]), strict=True)
        searched = f" {' '.join(words)} \n {' '.join(filter(None, sounds))} "
        yield ". ".join(english) + ".", ". ".join(arabic) + ".", searched


def put(model: Any, rows: list[Any]) -> None:
    """Rows written as they are, past the history."""
    QuerySet(model).bulk_create(rows, batch_size=BLOCK)


def named() -> tuple[list[Any], list[Any], Any]:
    """Places, actors and a type, to be named by the events."""
    from events.models import Actor, EventType, Site

    Site.objects.bulk_create(
        Site(slug=f"place-{n}", name_en=f"Place {n}", name_ar=f"مكان {n}", kind="village") for n in range(300)
    )
    Actor.objects.bulk_create(
        Actor(slug=f"crew-{n}", name_en=f"Crew {n}", name_ar=f"طاقم {n}", kind="armed_group") for n in range(300)
    )
    kind = EventType(slug="thing", name_en="Thing", name_ar="أمر")
    kind.save()
    return list(Site.objects.all()), list(Actor.objects.all()), kind


def fill(wanted: int) -> None:
    """The events with all that belongs to them."""
    from events.models import Citation, Claim, Event, Involvement, Placement
    from sources.models import Report, Source

    lot = random.Random(4)
    sites, actors, kind = named()
    source = Source(slug="outlet", name_en="Outlet", kind="outlet", reliability_reason="Made up.")
    source.save()
    day = date(2026, 1, 1)
    put(Report, [Report(source=source, title=f"R {n}", url="https://x.example/", published_on=day) for n in range(500)])
    reports = list(Report.objects.values_list("pk", flat=True))
    made = texts(lot)
    for first in range(0, wanted, BLOCK):
        events = []
        for n in range(first, min(first + BLOCK, wanted)):
            english, arabic, folded = next(made)
            day = date(2025, 12, 31) - timedelta(days=lot.randrange(3_000))
            events.append(
                Event(
                    pk=n + 1, type=kind, when=day.isoformat(), earliest=day, latest=day, status="published",
                    published_at=timezone.now(), reference=f"SY-{day.year}-{n:06d}", summary_en=english,
                    summary_ar=arabic, folded=folded,
                )
            )  # fmt: skip
        put(Event, events)
        put(Placement, [Placement(event=event, site=lot.choice(sites)) for event in events])
        put(Involvement, [Involvement(event=event, actor=lot.choice(actors)) for event in events])
        cited = [Citation(pk=event.pk, event=event, report_id=lot.choice(reports)) for event in events]
        put(Citation, cited)
        put(Claim, [Claim(citation=citation, facet="what", type=kind) for citation in cited])


BESIDE = "trigrams_events_event"
RAW = {
    "postgresql": "FROM events_event WHERE folded LIKE %s",
    "sqlite": f"FROM events_event WHERE id IN (SELECT rowid FROM {BESIDE} WHERE {BESIDE} MATCH %s)",
}


def raw(word: str) -> int:
    """The bare question: how many, and the newest hundred."""
    from osint.base.text import fold

    folded = fold(word)
    wanted = [f"%{folded}%" if connection.vendor == "postgresql" else f'"{folded}"']
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {RAW[connection.vendor]}", wanted)
        number = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT id {RAW[connection.vendor]} ORDER BY latest DESC NULLS LAST, id DESC LIMIT 100", wanted)
        cursor.fetchall()
    return number


def main() -> None:
    """Fill, ask, print."""
    from django.conf import settings

    from events.models import Event
    from osint.base import guards, trigrams

    settings.PUBLIC_API = True
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    if not Event.objects.exists():
        trigrams.remove(trigrams.INDEXES.values(), connection)
        guards.remove(guards.GUARDS, connection)
        filled = seconds(lambda: fill(WANTED))
        indexed = seconds(lambda: trigrams.make(trigrams.INDEXES.values(), connection))
        guards.make(guards.GUARDS, connection)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{connection.vendor}: {WANTED:,} events, filled in {filled:.0f} s, indexed in {indexed:.0f} s")
    for word in WORDS:
        print(measured(word))


def measured(word: str) -> str:
    """One word, asked for in turn by bare SQL and by the API; the medians in a sentence."""
    took: dict[str, list[float]] = {"raw": [], "finding": [], "api": [], "plain": []}
    size = min(100, max(1, raw(word)))
    for _round in range(ROUNDS):
        finding = Finding()
        took["raw"].append(seconds(partial(raw, word)))
        with connection.execute_wrapper(finding):
            took["api"].append(seconds(partial(ask, q=word)))
        took["finding"].append(finding.seconds)
        took["plain"].append(seconds(partial(ask, page_size=size)))
    times = {name: median(values) * 1_000 for name, values in took.items()}
    found = ask(q=word, count="true")["count"]
    return (
        f"{word}: {found:,} found; bare SQL {times['raw']:.1f} ms; what finds them for q= "
        f"{times['finding']:.1f} ms = {times['finding'] / times['raw']:.1f} ×; the whole answer "
        f"{times['api']:.0f} ms = {times['api'] / times['raw']:.1f} ×; a page as long without q= "
        f"{times['plain']:.0f} ms"
    )


class Finding:
    """The time of the statements up to the one that finds the page and counts all."""

    def __init__(self) -> None:
        self.seconds, self.is_over = 0.0, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        done = execute(sql, params, many, context)
        if not self.is_over:
            self.seconds += time.perf_counter() - begun
            self.is_over = " OVER " in sql
        return done


def ask(**parameters: Any) -> Any:
    """What the API answers."""
    answer = Client().get("/api/v1/events/", parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint.settings")
        django.setup()
        main()
