"""What the reading aid knows: names and cues out of the database, in memory for as long as nobody has changed them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Max, Value

from events.choices import ActorKind, CueKind, Facet, SiteKind
from events.models import Actor, ActorName, Cue, EventType, Measure, Site, SiteName
from events.reading import spellings
from events.reading.counted import Vocabulary
from events.reading.spellings import HEADS, IGNORED, ORIGIN, Case, Spelling, Target
from sources.models import Source

_READ: Final[tuple[type[Any], ...]] = (Site, SiteName, Actor, ActorName, Source, Cue, EventType, Measure)
_NAMED: Final = ("slug", "name_en", "name_ar")
_SHORTEST_SOUND: Final = 3
# Of an adjective of nationality: one, two and many, men and things.
_ENDINGS: Final = ("", "ه", "ان", "ين", "ون", "تان", "تين")


@dataclass(frozen=True, slots=True)
class Sign:
    """A cue as it is looked for: its words, and what it says."""

    tokens: tuple[str, ...]
    text: str
    target: Target | None = None
    value: str = ""


@dataclass(slots=True)
class Lexicon:
    """Names by their first word and by sound, cues by kind and first word."""

    names: dict[str, list[Spelling]] = field(default_factory=dict)
    sounds: dict[str, list[Spelling]] = field(default_factory=dict)
    adjectives: dict[str, Target] = field(default_factory=dict)
    heads: dict[str, dict[Target, None]] = field(default_factory=dict)
    cues: dict[str, dict[str, list[Sign]]] = field(default_factory=dict)
    metonyms: dict[str, Target] = field(default_factory=dict)  # a capital: the government that sits there
    parents: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    measures: dict[str, Target] = field(default_factory=dict)
    counted: Vocabulary = field(default_factory=Vocabulary)

    def add(self, found: Iterable[Spelling]) -> None:
        """Take in spellings."""
        for spelling in found:
            row = self.names.setdefault(spelling.tokens[0], [])
            if spelling in row:
                continue
            row.append(spelling)
            # A line or a whole country is known by its words: “the Syrian-Iraqi border” sounds like too much.
            is_wide = spelling.target.kind in {SiteKind.BORDER, SiteKind.ROAD, SiteKind.COUNTRY}
            is_silent = is_wide or spelling.case == Case.CAPS or spellings.says_sort(spelling)
            sound = "" if is_silent else spellings.sound_of(spelling)
            if spelling.target.facet in {Facet.WHERE, Facet.WHO} and len(sound) >= _SHORTEST_SOUND:
                self.sounds.setdefault(sound, []).append(spelling)
            self._add_head(spelling)

    def add_cue(self, kind: str, sign: Sign) -> None:
        """Take in a cue."""
        if sign.tokens:
            self.cues.setdefault(kind, {}).setdefault(sign.tokens[0], []).append(sign)

    def _add_head(self, spelling: Spelling) -> None:
        for token in spelling.tokens if spelling.target.facet != IGNORED else ():
            head = token.removeprefix("ال")
            if head in HEADS and (len(spelling.tokens) > 1 or token == head):
                self.heads.setdefault(head, {})[spelling.target] = None

    def sorted(self) -> "Lexicon":
        """The same with the longest first, wherever several begin with one word."""
        for row in self.names.values():
            row.sort(key=lambda spelling: -len(spelling.tokens))
        for kind in self.cues.values():
            for signs in kind.values():
                signs.sort(key=lambda sign: -len(sign.tokens))
        return self


@dataclass(slots=True)
class _Kept:
    """The lexicon of one database, with the state of the data that it was made from."""

    state: tuple[Any, ...] = ()
    lexicon: Lexicon = field(default_factory=Lexicon)


_kept = _Kept()


def current() -> Lexicon:
    """The lexicon as the database has it now: one query where nothing has changed."""
    found = state()
    if found != _kept.state:
        _kept.lexicon = load()
        _kept.state = found
    return _kept.lexicon


def state() -> tuple[Any, ...]:
    """How many records there are and when one was last changed, table by table, and in which database."""
    counted = [
        model._default_manager.order_by()
        .annotate(table=Value(model._meta.db_table))
        .values("table")
        .annotate(rows=Count("pk"), last=Max("changed_at"), newest=Max("pk"))
        .values_list("table", "rows", "last", "newest")
        for model in _READ
    ]
    rows = counted[0].union(*counted[1:], all=True).order_by()
    return (connection.settings_dict["NAME"], *sorted(map(str, rows)))


def load() -> Lexicon:
    """The lexicon, out of the database."""
    lexicon = Lexicon()
    lexicon.parents = {slug: parent or "" for slug, parent in Site.objects.values_list("slug", "parent__slug")}
    for facet, model, names, owner in ((Facet.WHERE, Site, SiteName, "site"), (Facet.WHO, Actor, ActorName, "actor")):
        targets = _targets(facet, model)
        lexicon.kinds |= {target.slug: target.kind for target in targets.values()}
        read = spellings.of_site if facet == Facet.WHERE else spellings.of_actor
        for pk, text in _texts(targets, names, owner):
            lexicon.add(read(targets[pk], text))
            _add_adjective(lexicon, targets[pk], text)
            _add_metonym(lexicon, targets[pk], text)
    lexicon.add(_namesakes(lexicon))
    _add_sources(lexicon)
    _add_cues(lexicon)
    return lexicon.sorted()


def _targets(facet: str, model: Any) -> dict[int, Target]:
    rows = model.objects.order_by("pk").values_list("pk", "slug", "name_en", "name_ar", "kind")
    return {pk: Target(facet, slug, english, arabic, kind) for pk, slug, english, arabic, kind in rows}


def _texts(targets: dict[int, Target], names: Any, owner: str) -> Iterator[tuple[int, str]]:
    for pk, target in targets.items():
        yield from ((pk, name) for name in (target.name_en, target.name_ar) if name)
    for pk, text in names.objects.order_by("pk").values_list(owner, "text"):
        if pk in targets:
            yield pk, text


def _namesakes(lexicon: Lexicon) -> list[Spelling]:
    """Places that are called after another one (“Deir ez-Zor airport”), by every spelling of that other one."""
    bare: dict[str, list[Spelling]] = {}
    cores: list[Spelling] = []
    for spelling in (spelling for row in lexicon.names.values() for spelling in row):
        if spelling.target.facet == Facet.WHERE:
            (cores if spelling.is_core else bare.setdefault(spelling.target.slug, [])).append(spelling)
    owners = {
        spelling.tokens: slug for slug, row in bare.items() for spelling in row if slug in lexicon.parents.values()
    }
    return [
        replace(core, tokens=other.tokens, case=other.case)
        for core in cores
        if (slug := owners.get(core.tokens)) and slug != core.target.slug
        for other in bare[slug]
        if other.tokens != core.tokens
    ]


def _add_adjective(lexicon: Lexicon, target: Target, text: str) -> None:
    """“القوات التركية” and “Turkish forces” tell whose any aircraft, strike or patrol is that is called Turkish."""
    if target.kind != ActorKind.FORCE:
        return
    match spellings.tokens_of(text):
        case ("القوات", whose) if whose.startswith("ال") and whose.endswith("يه"):
            for stem in (whose[2:-1], whose[2:-1].replace("امريك", "اميرك")):
                for form in (article + stem + ending for article in ("", "ال") for ending in _ENDINGS):
                    lexicon.adjectives.setdefault(form, target)
        case (whose, "forces") if text[:1].isupper():
            lexicon.adjectives.setdefault(whose, target)


def _add_metonym(lexicon: Lexicon, target: Target, text: str) -> None:
    """“حكومة دمشق” and “Damascus government” tell whom “دمشق” may stand for."""
    if target.facet != Facet.WHO:
        return
    match spellings.tokens_of(text):
        case ("حكومه", seat) | (seat, "government"):
            lexicon.metonyms.setdefault(seat, target)


def _add_sources(lexicon: Lexicon) -> None:
    rows = Source.objects.order_by("pk").values_list("slug", "name_en", "name_ar", "kind")
    targets = [Target(ORIGIN, *row) for row in rows]
    found = [spelling for target in targets for spelling in spellings.of_source(target)]
    starts: dict[tuple[str, ...], dict[str, Spelling]] = {}
    for spelling in found:
        if len(spelling.tokens) > 2:
            starts.setdefault(spelling.tokens[:2], {})[spelling.target.slug] = spelling
    lexicon.add(found)
    for tokens, owners in starts.items():
        # “المرصد السوري”: the first two words are enough where nobody else's name begins so.
        if len(owners) == 1 and tokens[0].startswith("ال"):
            lexicon.add(Spelling(tokens, spelling.target, spelling.case) for spelling in owners.values())


def _add_cues(lexicon: Lexicon) -> None:
    types = {pk: Target(Facet.WHAT, *row) for pk, *row in EventType.objects.values_list("pk", *_NAMED)}
    lexicon.measures = {row[0]: Target(Facet.HOW_MANY, *row) for row in Measure.objects.values_list(*_NAMED)}
    cues = list(Cue.objects.order_by("pk").select_related("measure"))
    lexicon.counted = Vocabulary.of(cues)
    for cue in cues:
        if cue.kind == CueKind.IGNORE:
            lexicon.add([Spelling(tokens, Target(IGNORED, ""))] if (tokens := spellings.tokens_of(cue.text)) else [])
        elif cue.kind not in {CueKind.MEASURE, CueKind.QUALIFIER}:
            lexicon.add_cue(
                cue.kind, Sign(spellings.of_cue(cue.text), cue.text, types.get(cue.type_id or 0), cue.value)
            )
