"""One block of events with all that belongs to them, and the reports that only they cite; drawn from its own seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from random import Random
from typing import NamedTuple
from uuid import UUID

from benchmarks.generate import tables, times
from benchmarks.generate.shapes import Row, Shape
from benchmarks.generate.words import Piece, join, planted, searched, sentence
from benchmarks.generate.world import SEED, Known, World
from events.models.reference import references

SIZE, CITED = 1_000, 5  # events in a block, events for each report
PARTS, DUPLICATES = 100, 200  # of so many events one sums up the next two; the last was merged into the one before
ROLES = {"at": 70, "near": 12, "from": 6, "to": 6, "via": 3, "over": 3}
PARTS_PLAYED = {"acts": 55, "target": 18, "affected": 12, "partner": 8, "present": 5, "mentioned": 2}
REPORTED = {"reports": 80, "background": 8, "updates": 5, "corrects": 2, "denies": 2, "sums_up": 3}
STATUSES = {"published": 945, "draft": 30, "submitted": 10, "retracted": 15}
MARKS = {"CLEAR": 96, "GREEN": 3, "AMBER": 1}
UNIQUE_BITS, STRIDE = 30, 0x2545F491  # so that no two events have the same short reference


class Plan(NamedTuple):
    """How many events there are in all, and in which order the blocks stand in time."""

    size: int
    order: list[int]


def plan(size: int) -> Plan:
    """The blocks in an order of their own: keys rise with time only within a block."""
    order = list(range(-(-size // SIZE)))
    Random(SEED).shuffle(order)
    return Plan(size, order)


class Told(NamedTuple):
    """A report, and its sentences with their places in its text."""

    pk: int
    day: date
    quotes: list[tuple[Piece, int]]


@dataclass(frozen=True)
class Made:
    """An event that rows are being written for."""

    pk: int
    place: int  # within the block
    stamps: tuple[str, str]
    when: times.When


def drawn(lot: Random, weights: dict[str, int]) -> str:
    """One of the words, as often as its weight says."""
    return lot.choices(list(weights), list(weights.values()))[0]


class Block:
    """The rows of one block, table by table."""

    def __init__(self, world: World, plan: Plan, number: int) -> None:
        self.world, self.lot = world, Random(f"{SEED}:{plan.size}:{number}")
        self.first = number * SIZE
        self.size = min(SIZE, plan.size - self.first)
        self.span = times.DAYS / len(plan.order)
        self.start = times.FIRST + timedelta(days=plan.order[number] * self.span)
        self.rows: dict[Shape, list[Row]] = {shape: [] for shape in tables.ALL}
        self.reports: list[Told] = []

    def made(self) -> dict[Shape, list[Row]]:
        """All rows."""
        number = max(10, self.size // CITED)
        for place in range(number):
            self.make_report(place, self.start + timedelta(days=self.span * place / number))
        for place in range(self.size):
            self.make_event(place)
        return self.rows

    def uuid(self) -> str:
        """A UUID, as hexadecimal digits."""
        return f"{self.lot.getrandbits(128):032x}"

    def site(self) -> Known:
        """A place, the usual ones more often."""
        return self.lot.choices(self.world.sites, cum_weights=self.world.site_weights)[0]

    def actor(self) -> Known:
        """An actor, the usual ones more often."""
        return self.lot.choices(self.world.actors, cum_weights=self.world.actor_weights)[0]

    def text(self, language: str, number: int, place: Known, actor: Known) -> list[Piece]:
        """So many sentences, with what is planted."""
        named = place.piece(language), actor.piece(language)
        return [sentence(self.lot, language, *named) for _n in range(number)] + planted(self.lot, language)

    # Reports

    def make_report(self, place: int, day: date) -> None:
        """A report, and whom it relays."""
        lot, pk = self.lot, self.first // CITED + place + 1
        language = "ar" if lot.random() < 0.8 else "en"
        site, actor = self.site(), self.actor()
        title = join([actor.piece(language), site.piece(language)])
        said = self.text(language, lot.randint(4, 6), site, actor)
        whole, source = join(said), lot.choice(self.world.sources)
        stamps = times.entered(lot, day)
        self.rows[tables.REPORT].append((
            pk, self.uuid(), source, title.text, whole.text, language, f"{day}", drawn(lot, MARKS),
            sha256(whole.text.encode()).hexdigest(), join([title, whole]).folded, lot.choice(self.world.users), *stamps,
        ))  # fmt: skip
        self.relay(place, pk, source, stamps)
        self.reports.append(Told(pk, day, placed(said)))

    def relay(self, place: int, pk: int, source: int, stamps: tuple[str, str]) -> None:
        """Every third report passes on another source, or an earlier report."""
        chance = self.lot.random()
        other = self.lot.choice([known for known in self.world.sources if known != source])
        earlier = self.reports[-1].pk if place else None
        if chance < 0.15 or (chance < 0.3 and earlier is None):
            self.rows[tables.RELAY].append((pk, self.uuid(), pk, other, None, *stamps))
        elif chance < 0.3:
            self.rows[tables.RELAY].append((pk, self.uuid(), pk, None, earlier, *stamps))

    # Events

    def make_event(self, place: int) -> None:
        """An event with its facts and its evidence."""
        lot, number = self.lot, self.first + place
        at = int(lot.random() * (len(self.reports) - 5))
        when = times.happened(lot, self.reports[at].day, is_vague=place % PARTS == 0)
        event = Made(number + 1, place, times.entered(lot, self.reports[at].day), when)
        site, actor = self.site(), self.actor()
        kind = lot.choices(self.world.types, cum_weights=self.world.type_weights)[0]
        self.event_row(event, kind, site, actor)
        where, who = self.place(event, site), self.involve(event, actor)
        counted = self.count(event)
        for nth in range(lot.choices((1, 2, 3, 4), (45, 35, 15, 5))[0]):
            self.cite(event, nth, self.reports[at + nth], kind, where, who, counted)

    def event_row(self, event: Made, kind: int, site: Known, actor: Known) -> None:
        """The event itself."""
        lot = self.lot
        english, arabic = (join(self.text(one, lot.randint(2, 4), site, actor)) for one in ("en", "ar"))
        status, tlp, whole, into = self.standing(event)
        unique = (event.pk * STRIDE) % (1 << UNIQUE_BITS)
        uuid = f"{lot.getrandbits(128 - UNIQUE_BITS) << UNIQUE_BITS | unique:032x}"
        reference = next(references(UUID(uuid), date.fromisoformat(event.when.latest)))
        self.rows[tables.EVENT].append((
            event.pk, uuid, reference, kind, *event.when, english.text, arabic.text, searched(join([english, arabic])),
            status, tlp, event.place % PARTS == 0, whole, None if status in {"draft", "submitted"} else event.stamps[0],
            "It did not happen." if status == "retracted" else "", into, lot.randint(1, 4),
            lot.choice(self.world.users), *event.stamps,
        ))  # fmt: skip

    def standing(self, event: Made) -> tuple[str, str, int | None, int | None]:
        """Status, mark, the whole that it is part of, and the event that it was merged into."""
        status, tlp = drawn(self.lot, STATUSES), drawn(self.lot, MARKS)
        nth = event.place % PARTS
        if event.place % DUPLICATES == DUPLICATES - 1:
            return "merged", "CLEAR", None, event.pk - 1
        if nth == 0 or event.place % DUPLICATES == DUPLICATES - 2:
            return "published", "CLEAR", None, None
        return status, tlp, event.pk - nth if nth in {1, 2} else None, None

    def facts(self, event: Made, shape: Shape, values: list[Row]) -> None:
        """Rows of one sort of fact: the first is stated, the others are worked out."""
        for nth, row in enumerate(values):
            basis = ("stated", "") if nth == 0 else ("derived", tables.REASON)
            self.rows[shape].append((event.pk * 4 + nth, self.uuid(), event.pk, nth, *basis, *event.stamps, *row))

    def place(self, event: Made, site: Known) -> Row:
        """Where: 1.3 places; the first of them."""
        found = dict.fromkeys([site.pk, *([self.site().pk] if self.lot.random() < 0.3 else [])])
        rows = [(pk, drawn(self.lot, ROLES)) for pk in found]
        self.facts(event, tables.PLACEMENT, rows)
        return rows[0]

    def involve(self, event: Made, actor: Known) -> Row:
        """Who: 1.5 actors; the first of them."""
        more = self.lot.choices((0, 1, 2), (60, 30, 10))[0]
        found = dict.fromkeys([actor.pk, *(self.actor().pk for _n in range(more))])
        rows = [(pk, drawn(self.lot, PARTS_PLAYED)) for pk in found]
        self.facts(event, tables.INVOLVEMENT, rows)
        return rows[0]

    def count(self, event: Made) -> Row | None:
        """How many: one figure, more or less; the first of them."""
        number = self.lot.choices((0, 1, 2, 3), (30, 45, 20, 5))[0]
        rows = [(measure, *self.figure()) for measure in self.lot.sample(self.world.measures, number)]
        self.facts(event, tables.COUNT, rows)
        return rows[0] if rows else None

    def figure(self) -> Row:
        """Low, best, high, qualifier and wording."""
        chance, low = self.lot.random(), int(self.lot.expovariate(0.05)) + 1
        high = low + self.lot.randint(1, 20)
        if chance < 0.05:
            return None, None, None, "dozens", "العشرات"
        if chance < 0.2:
            return low, None, None, "at_least", ""
        return (
            (low, None, high, "between", "") if chance < 0.3 else (None, low, None, "about" if chance < 0.5 else "", "")
        )

    # Evidence

    def cite(self, event: Made, nth: int, report: Told, kind: int, where: Row, who: Row, counted: Row | None) -> None:
        """A report's part in the event; the first states all that is held as stated, the others less."""
        lot, pk = self.lot, event.pk * 4 + nth
        role = "reports" if nth == 0 else drawn(lot, REPORTED)
        row = (pk, self.uuid(), event.pk, report.pk, role, lot.randint(2, 6), *event.stamps)
        self.rows[tables.CITATION].append(row)
        aside = nth > 0 and lot.random() < 0.04
        standing = ("set_aside", "It speaks of another incident.") if aside else ("accepted", "")
        self.claim(event, pk, 0, report, tables.WHAT, (kind, *standing))
        if nth == 0:
            self.claim(event, pk, 1, report, tables.WHEN, event.when)
            self.claim(event, pk, 3, report, tables.WHO, who)
        if nth == 0 or lot.random() < 0.3:
            # Every tenth of the others says another place than we hold.
            said = (self.site().pk, where[1]) if nth and lot.random() < 0.1 else where
            self.claim(event, pk, 2, report, tables.WHERE, said)
        if counted is not None and (nth == 0 or lot.random() < 0.2):
            self.claim(event, pk, 4, report, tables.HOW_MANY, counted)

    def claim(self, event: Made, citation: int, nth: int, report: Told, shape: Shape, value: Row) -> None:
        """What the report says of one thing, in which of its sentences."""
        words, start = self.lot.choice(report.quotes)
        place = (words.text, start, start + len(words.text), searched(words))
        self.rows[shape].append((citation * 8 + nth, self.uuid(), citation, *place, *event.stamps, *value))


def placed(said: list[Piece]) -> list[tuple[Piece, int]]:
    """Sentences with the places where they start in the text that they make."""
    found, at = [], 0
    for one in said:
        found.append((one, at))
        at += len(one.text) + 1
    return found
