"""Words that a writer cut in two to get past a filter (“kil*led”, “اعت.قال”), read as whole.

A star or a bullet between two letters of one script is nothing else. A full stop, hyphen or underscore there mostly
parts two words (“al-Shaddadi”, “قوات_سوريا”): it counts as a cut only where the whole is a word that filters look for.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

_CUTS: Final = frozenset("*∗⁎٭✱✶•●◦∙⋅·\u0387‧＊")
_LATIN: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\u0300-\u036f\u212a\u212b\uff21-\uff3a\uff41-\uff5a"
)
_ARABIC: Final = (
    "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06e8\u06ea-\u06ed\u06fa-\u06ff\u0750-\u077f"
    "\ufb50-\ufdfb\ufe70-\ufefc"
)
_UNSEEN: Final = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_SEEN_ALONE: Final = rf"(?:_|[^\w\s{_UNSEEN}\u0300-\u036f])"  # one sign that is neither letter nor digit nor blank
_CUT_WORD: Final = re.compile(
    # A word begins once, and what follows it is looked at afterwards: else a long one is gone through again and again.
    rf"(?<![\w{_UNSEEN}{_LATIN}{_ARABIC}])(?:"
    + "|".join(rf"[{letters}{_UNSEEN}]++(?:{_SEEN_ALONE}[{letters}{_UNSEEN}]++)++" for letters in (_LATIN, _ARABIC))
    + r")"
)
_GOES_ON: Final = re.compile(r"\w")
_SIGN: Final = re.compile(rf"[^\w\s{_UNSEEN}{_LATIN}{_ARABIC}]|_")
SHORTEST: Final = 3  # letters: “a*b” is a sum

# What filters look for, folded, with the endings and beginnings that it takes.
_CENSORED: Final = re.compile(
    r"(?:kill(?:s|ed|er|ers|ing|ings)?|murder(?:s|ed|er|ers|ing)?|dead|deaths?|shot|shoot(?:s|er|ing|ings)?|bomb(?:s|ed|er"
    r"|ing|ings)?|explo(?:de|ded|des|sion|sions|sive|sives)|blast(?:s|ed)?|attack(?:s|ed|er|ers|ing)?|massacre[ds]?"
    r"|execut(?:e|ed|ion|ions)|behead(?:ed|ing|ings)?|tortur(?:e|ed|ing)|rape[ds]?|suicides?|terror(?:ism|ist|ists)?|isis"
    r"|isil|daesh|hamas|jihad(?:i|is|ist|ists)?|weapons?|missiles?|rockets?|blood|bloody|corpses?|wound(?:s|ed)?"
    r"|injur(?:ed|y|ies)|casualt(?:y|ies)|victims?|hostages?|kidnap(?:s|ped|ping)?|abduct(?:s|ed|ion|ions)?"
    r"|arrest(?:s|ed|ing)?|detain(?:s|ed|ee|ees)?|assassin(?:s|ate|ated|ation|ations)?|slaughter(?:ed)?|genocide)"
    r"|(?:[وفبكل]?ال|[وفبكل]|لل)?(?:[اتين]?قتل|مقتل|قتلي|قتيل|قاتل|مقتول|اقتتال|[اتين]?قصف|قصفت|مقتله|شهيد|شهدا|استشهد"
    r"|استشهاد|تفجير|انفجار|انفجر|متفجر|مفخخ|[اتين]?عتقل|معتقل|اعتقال|اختطف|اختطاف|خطف|مخطوف|اسير|اسري|اعدام|اعدم|ذبح"
    r"|مذبح|مجزر|مجازر|اغتيال|اغتال|اغتيل|تعذيب|اغتصاب|ارهاب|ارهابي|داعش|قسد|جهاد|جهادي|مجاهد|سلاح|اسلح|صاروخ|صواريخ"
    r"|قنبل|قنابل|قذيف|قذايف|عبو|غار|جث|جثث|دما|دموي|جريح|جرحي|اصاب|اصيب|حرب|هجوم|اشتباك|كمين|لغم|الغام|انتحار|انتحاري"
    r"|رصاص|ضحي|ضحايا|موت|كيماوي|كيميايي)(?:ه|ات|ت|ين|ون|ان|وا|يه|هم|ها|يين|يون)?"
)


def cuts(text: str, letters_of: Callable[[str], str]) -> Iterator[int]:
    """Where in the text a sign cuts a word in two; ``letters_of`` folds what is left of it."""
    for found in _CUT_WORD.finditer(text):
        if not _GOES_ON.match(text, found.end()):
            within = _known_cuts if len(found[0]) < _LONG_WORD else _cuts_within
            yield from (found.start() + place for place in within(found[0], letters_of))


def _cuts_within(word: str, letters_of: Callable[[str], str]) -> list[int]:
    signs = [(sign.start(), sign[0]) for sign in _SIGN.finditer(word)]
    whole = letters_of(_SIGN.sub("", word))
    if _CENSORED.fullmatch(whole):
        return [place for place, _sign in signs]
    return [place for place, sign in signs if sign in _CUTS] if len(whole) >= SHORTEST else []


_LONG_WORD: Final = 30
_known_cuts = lru_cache(10_000)(_cuts_within)
