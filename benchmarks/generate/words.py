"""Texts to search: sentences put together from pieces whose folded forms are known, so that a million cost minutes.

A text is folded word by word and sentence by sentence; pieces hold no sign that would join or cut a word, so that the
folded pieces together are the folded text (the tests compare a sample with ``osint.base.text``).
"""

from collections.abc import Iterable
from functools import cache
from random import Random
from typing import NamedTuple

from osint.base.text import fold, heard

FULL_STOP = "."
# Word, and in how many of a thousand texts of its language it stands: what is looked for is a part of it.
PLANTED = {"زبرجدية": 0.2, "عنقودية": 300.0, "zeppelin": 0.2, "quartermaster": 300.0}


class Piece(NamedTuple):
    """Some words as they are written, as search folds them, and as they sound."""

    text: str
    folded: str
    sound: str


@cache
def say(text: str) -> Piece:
    """Words as a piece."""
    # Led by a word that tells: where none does, generic words would be heard, which in a longer text they are not.
    return Piece(text, fold(text), " ".join(heard(f"kerosene {text}").split()[1:]))


def join(pieces: Iterable[Piece], end: str = "") -> Piece:
    """Pieces one after the other."""
    texts, folded, sounds = zip(*pieces, strict=True)
    return Piece(" ".join(texts) + end, " ".join(filter(None, folded)), " ".join(filter(None, sounds)))


def searched(piece: Piece) -> str:
    """What a text is found by, as ``osint.base.text.searchable`` gives it."""
    return f" {piece.folded} \n {piece.sound} "


# "{place}", "{actor}" and "{number}" are filled in; everything between them is one piece.
TEMPLATES = {
    "en": """
        {number} trucks under escort of {actor} reached {place} before dawn and left again at noon
        A patrol of {actor} passed the grain silos near {place} and turned back at the river
        Shells landed on farmland around {place} after {number} hours of quiet
        Residents of {place} heard {number} explosions and saw smoke above the old market
        {actor} closed the road between {place} and the bridge and searched cars for weapons
        A drone circled above {place} for {number} minutes and hit a shed on the eastern edge
        {number} people were held by {actor} at a checkpoint outside {place} and later let go
        Teachers and shopkeepers gathered in {place} against the price of bread and fuel
        {actor} and local notables of {place} agreed to keep armed men out of the schools
        The clinic in {place} took in {number} wounded and asked for blood and plasma
        Helicopters landed at the edge of {place} and flew off toward the desert with crates
        Engineers of {actor} cleared {number} mines from an orchard south of {place}
    """,
    "ar": """
        وصلت {number} شاحنات برفقة عناصر من {actor} إلى {place} قبيل الفجر ثم غادرت ظهرا
        مرت دورية تابعة لجهة {actor} قرب صوامع الحبوب في {place} وعادت من عند النهر
        سقطت قذائف على أراض زراعية في محيط {place} بعد هدوء دام {number} ساعات
        سمع أهالي {place} دوي {number} انفجارات وشاهدوا دخانا فوق السوق القديم
        أغلقت {actor} الطريق الواصل بين {place} والجسر وفتشت السيارات بحثا عن السلاح
        حلقت مسيرة فوق {place} مدة {number} دقائق ثم استهدفت مستودعا على الأطراف الشرقية
        أوقفت {actor} عند حاجز خارج {place} نحو {number} أشخاص ثم أخلت سبيلهم
        تجمع معلمون وأصحاب محال في {place} احتجاجا على غلاء الخبز والوقود
        اتفقت {actor} مع وجهاء {place} على إبعاد المسلحين عن المدارس
        استقبل المستوصف في {place} قرابة {number} جرحى وطلب متبرعين بالدم
        هبطت مروحيات عند أطراف {place} وأقلعت باتجاه البادية محملة بالصناديق
        أزال مهندسون من {actor} نحو {number} ألغام من بستان جنوب {place}
    """,
}


def parsed(template: str) -> tuple[Piece | str, ...]:
    """The pieces of a template; what is filled in stands there by its name."""
    parts = template.replace("}", "{").split("{")
    return tuple(part if place % 2 else say(part.strip()) for place, part in enumerate(parts) if part.strip())


SENTENCES = {
    language: [parsed(line.strip()) for line in block.strip().splitlines()] for language, block in TEMPLATES.items()
}


def sentence(lot: Random, language: str, place: Piece, actor: Piece) -> Piece:
    """One sentence about a place and an actor."""
    filled = {"place": place, "actor": actor, "number": say(str(lot.randint(2, 60)))}
    template = SENTENCES[language][int(lot.random() * len(SENTENCES[language]))]
    return join((filled[part] if isinstance(part, str) else part for part in template), FULL_STOP)


def planted(lot: Random, language: str) -> list[Piece]:
    """The rare and common words that this text holds."""
    words = [word for word in PLANTED if word.isascii() == (language == "en")]
    return [join([say(word)], FULL_STOP) for word in words if lot.random() * 1_000 < PLANTED[word]]
