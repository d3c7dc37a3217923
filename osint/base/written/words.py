"""The words of dates in English and Arabic, as plain tables: a new spelling is a new entry, and no code.

Any spelling of a word that folds to the same (``osint.base.text.fold``) is the same entry. Each word has a kind, one
letter of the grammar's alphabet (``KINDS``), and where it needs one a value.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from osint.base.text import fold


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


KINDS: Final = {
    "d": "a number in digits from 1 to 31", "D": "another number in digits", "y": "a year in digits",
    "w": "a number word", "o": "an ordinal word; -1 is “the last one”",
    "m": "a month", "v": "a month whose name is also another word", "q": "a weekday", "k": "a weekday, abbreviated",
    "&": "and", "|": "or", "f": "from, of (من)", "e": "of", "F": "between", "t": "to, until", "i": "in, on, during",
    "s": "since", "p": "a letter written before a word (ب، ل، ف، ك)", "r": "about", "@": "on the date of",
    "Y": "the word year", "M": "the word month", "W": "the word week", "A": "the word day",
    "U": "days, weeks, months …",
    "u": "two days, two weeks …, as one word", "c": "hours", "H": "half", "R": "third", "Q": "quarter",
    "E": "early", "B": "the beginning", "C": "the middle", "L": "late, the end",
    "g": "this, the current", "l": "last", "N": "the coming", "j": "the following", "J": "the previous",
    "S": "the same",
    "x": "today", "z": "yesterday", "Z": "the day before yesterday", "X": "tomorrow", "h": "a time of day",
    "b": "before", "a": "after", "G": "ago", "K": "earlier", "P": "later", "T": "that", "I": "of it (منه)",
    "n": "any other word", "!": "the end of a sentence", "\n": "the end of a paragraph",
}  # fmt: skip

# One line a month: the names that mean it wherever they stand; and after the bar those that are other words too.
_MONTHS: Final = (
    "january jan يناير ينايير جانفي | ",
    "february feb فبراير فيفري شباط | ",
    "اذار ادار | march mar مارس",
    "apr ابريل افريل | april نيسان",
    "مايو ايار | may ماي",
    "jun يونيو يونيه حزيران | june جوان",
    "july jul يوليو يوليه يوليوز جويليه تموز | ",
    "اغسطس غشت | august aug اوت اب",
    "september sept sep سبتمبر شتنبر | ايلول",
    "october oct اكتوبر | ",
    "november nov نوفمبر نونبر | ",
    "december dec ديسمبر دجنبر | ",
)
# “تشرين” and “كانون” are months only with “the first” or “the second” behind them.
TWIN_MONTHS: Final = {"تشرين": (10, 11), "كانون": (12, 1)}
ABBREVIATED: Final = _set(
    "jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun"
)
# In running text these are months and days only with a capital.
CAPITAL: Final = frozenset({"may", "march", "mar", "august", "mon", "wed", "sat", "sun", "dec", "jan"})
SHORT_MONTHS: Final = {"ت1": 10, "ت2": 11, "ك1": 12, "ك2": 1}

# From Monday.
_WEEKDAYS: Final = (
    "monday الاثنين", "tuesday الثلاثا الثلثا", "wednesday الاربعا", "thursday الخميس", "friday الجمعه",
    "saturday السبت", "sunday الاحد",
)  # fmt: skip
_SHORT_WEEKDAYS: Final = ("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun")

_ORDINALS: Final = (
    "first الاول الاولي", "second الثاني الثانيه", "third الثالث الثالثه", "fourth الرابع الرابعه",
    "fifth الخامس الخامسه", "sixth السادس السادسه", "seventh السابع السابعه", "eighth الثامن الثامنه",
    "ninth التاسع التاسعه", "tenth العاشر العاشره", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth",
    "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth العشرين العشرون", "", "", "", "", "", "", "", "",
    "", "thirtieth الثلاثين الثلاثون",
)  # fmt: skip
_CARDINALS: Final = (
    "one واحد واحده", "two اثنين اثنان اثنتين", "three ثلاثه ثلاث", "four اربعه اربع", "five خمسه خمس", "six سته ست",
    "seven سبعه سبع", "eight ثمانيه ثماني ثمان", "nine تسعه تسع", "ten عشره عشر", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen",
)  # fmt: skip
_DEFINITE: Final = {
    "الثلاثه": 3, "الثلاث": 3, "الاربعه": 4, "الاربع": 4, "الخمسه": 5, "الخمس": 5, "السته": 6, "الست": 6,
    "السبعه": 7, "السبع": 7, "العشره": 10, "العشر": 10,
}  # fmt: skip

DAYS, WEEKS, MONTHS, YEARS = "days", "weeks", "months", "years"
_UNITS: Final = {
    DAYS: ("ايام الايام days", "يومين يومان اليومين"),
    WEEKS: ("اسابيع الاسابيع weeks", "اسبوعين اسبوعان الاسبوعين"),
    MONTHS: ("اشهر شهور الاشهر الشهور months", "شهرين شهران الشهرين"),
    YEARS: ("سنوات اعوام years", "سنتين عامين سنتان عامان"),
}
_PLAIN: Final = {
    "&": "and و", "|": "or او", "f": "من from", "e": "of لل", "F": "between بين",
    "t": "to until till through الي حتي لغايه وحتي ولغايه", "s": "since منذ مذ",
    "i": "في on in during خلال throughout within", "@": "بتاريخ تاريخ dated موافق الموافق",
    "r": "about around circa approximately roughly نحو حوالي قرابه زها",
    "Y": "year عام عاما سنه العام السنه عامي",
    "M": "month شهر شهرا الشهر شهري", "W": "week اسبوع اسبوعا الاسبوع",
    "A": "day يوم يوما يومي", "x": "اليوم today tonight",
    "c": "hours ساعه ساعات الساعات", "H": "half نصف النصف", "R": "ثلث الثلث", "Q": "quarter ربع الربع",
    "E": "early اوائل", "B": "beginning start مطلع بدايه بدايات مستهل", "C": "mid middle منتصف اواسط",
    "L": "late end اواخر نهايه نهايات",
    "g": "this current الجاري الجاريه الحالي الحاليه هذا هذه",
    "l": "last past الماضي الماضيه المنصرم المنصرمه الفايت الفايته الماضيين الماضيتين المنصرمين",
    "N": "next coming المقبل المقبله القادم القادمه", "j": "following التالي اللاحق", "J": "previous preceding السابق",
    "S": "same نفس نفسه ذاته ذات عينه", "z": "yesterday امس الامس البارحه", "X": "tomorrow غدا غد الغد",
    "h": "فجر صباح ظهر عصر مسا ليل ليله الليله ظهيره ضحي morning evening night afternoon dawn noon",
    "b": "before قبل قبلها قبله قبيل", "a": "after بعد بعدها بعده", "G": "ago مضت", "K": "earlier previously",
    "P": "later afterwards", "T": "that ذلك تلك", "I": "منه",
}  # fmt: skip

_NUMBERED: Final = {
    "w": _DEFINITE | {"a": 1, "an": 1},
    "o": {"الاخير": -1, "الاخيره": -1, "اول": 1, "الحادي": 1, "الحاديه": 1},
    "m": SHORT_MONTHS,
}
# Days of a month are masculine.
FEMININE: Final = _set("الاولي الثانيه الثالثه الرابعه الخامسه السادسه السابعه الثامنه التاسعه العاشره")
# What makes "so many days ago" count from the date that is being told of, not from the day of publication.
SEASONS: Final = _set("spring summer autumn fall winter ربيع صيف خريف شتاء الربيع الصيف الخريف الشتاء")
NARRATIVE: Final = _set(
    "بعد عقب اثر سبق سبقه سبقها سبقت سبقته سبقتها تلا تلي يسبق مماثل مماثله شبيه شبيهه مشابه مشابهه after following"
)
# Places, units and movements that are named after a day: “7 April street” is no date.
NAMED_AFTER: Final = _set(
    "حي شارع ساحه مدرسه ملعب جسر حركه ثوره قوي تجمع فوج مشفي مستشفي سد جامعه كليه حديقه دوار سوق صلاه خطبه جامع مسجد "
    "كتيبه لوا مجمع معمل سياره سيارات صحيفه جريده اتفاق الاتفاق اتفاقيه منتزه ذكري عيد قريه بلده"
)
NAMES_A_PLACE: Final = _set(
    "street neighborhood neighbourhood movement square bridge brigade hospital university dam school revolution "
    "agreement deal accord prayer prayers mosque market sermon"
)
PEOPLE: Final = frozenset({"people", "men", "women", "children", "personnel", "killed", "wounded"})
# Before a bare day and month in digits these words say that it is a date.
DAY_WORDS: Final = frozenset({"يوم", "ايام", "يومي", "بتاريخ", "تاريخ", "dated", "date"})
MONTH_FIRST_STOPS: Final = frozenset({"in", "during", "since", "throughout"})
# Of an hour or a past that nobody can date.
VAGUE_AFTER: Final = frozenset({"القريب", "القريبه"})


_Meaning = tuple[str, object]


def _rows(kind: str, rows: Iterable[str], start: int) -> Iterator[tuple[str, _Meaning]]:
    """Every word of each row, which is numbered."""
    for number, words in enumerate(rows, start):
        yield from ((word, (kind, number)) for word in words.split())


def _entries() -> Iterator[tuple[str, _Meaning]]:
    for kind, words in _PLAIN.items():
        yield from ((word, (kind, None)) for word in words.split())
    yield from _rows("q", _WEEKDAYS, 0)
    yield from _rows("k", _SHORT_WEEKDAYS, 0)
    yield from _rows("w", _CARDINALS, 1)
    yield from _rows("o", _ORDINALS, 1)
    yield from _rows("m", (names.partition("|")[0] for names in _MONTHS), 1)
    yield from _rows("v", (names.partition("|")[2] for names in _MONTHS), 1)
    for unit, (plural, dual) in _UNITS.items():
        yield from ((word, ("U", unit)) for word in plural.split())
        yield from ((word, ("u", unit)) for word in dual.split())
    yield from ((word, (kind, number)) for kind, table in _NUMBERED.items() for word, number in table.items())


# Every word of a date, folded: its kind and its value.
WORDS: Final = {word if word == "&" else fold(word): meaning for word, meaning in _entries()}
