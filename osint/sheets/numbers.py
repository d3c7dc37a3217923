"""Numbers as people write them in a cell: 25, about 25, 10–20, ≥ 10, 25 (20–30), dozens, each with the words after it.

What is written here is read back as it was.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from events.choices import VERBAL, Qualifier
from osint.base.text import shown

WORDED = re.compile(r"^(?P<number>.*?)\s*[“\"«](?P<phrase>.*)[”\"»]$", re.DOTALL)
NUMBER = r"[0-9]{1,3}(?:[,٬][0-9]{3})+|[0-9]+"
DASH = r"\s*(?:-|–|—|to|إلى)\s*"
FORMS = {
    "best": re.compile(rf"(?P<best>{NUMBER})"),
    "within": re.compile(rf"(?P<best>{NUMBER})\s*\(\s*(?P<low>{NUMBER}|…){DASH}(?P<high>{NUMBER}|…)\s*\)"),
    "between": re.compile(rf"(?P<low>{NUMBER}){DASH}(?P<high>{NUMBER})"),
    "low": re.compile(rf"(?:≥|>=)\s*(?P<low>{NUMBER})|(?P<low2>{NUMBER})\s*\+"),
    "high": re.compile(rf"(?:≤|<=)\s*(?P<high>{NUMBER})"),
}
# Words around a number.
SAYING = {
    "more than": Qualifier.MORE_THAN, "fewer than": Qualifier.FEWER_THAN, "less than": Qualifier.FEWER_THAN,
    "at least": Qualifier.AT_LEAST, "at most": Qualifier.UP_TO, "up to": Qualifier.UP_TO,
    "approximately": Qualifier.ABOUT, "about": Qualifier.ABOUT, "around": Qualifier.ABOUT, "some": Qualifier.ABOUT,
    "~": Qualifier.ABOUT, "exactly": Qualifier.EXACTLY, "قرابة": Qualifier.ABOUT, "نحو": Qualifier.ABOUT,
    "حوالي": Qualifier.ABOUT, "أكثر من": Qualifier.MORE_THAN, "أقل من": Qualifier.FEWER_THAN,
    "ما لا يقل عن": Qualifier.AT_LEAST, "على الأقل": Qualifier.AT_LEAST,
}  # fmt: skip
BOUND = {
    Qualifier.AT_LEAST: "low", Qualifier.MORE_THAN: "low", Qualifier.UP_TO: "high", Qualifier.FEWER_THAN: "high",
}  # fmt: skip
# What spreadsheets, and people in them, write where there is no number.
NOTHING = {
    "false", "n/a", "n.a.", "na", "nan", "nil", "no", "none", "null", "tbd", "true", "unknown", "x", "yes", "غير معروف",
    "لا", "لا يوجد", "مجهول", "نعم",
}  # fmt: skip
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
BLANK: dict[str, Any] = {"low": None, "best": None, "high": None, "qualifier": "", "phrase": ""}


def read(cell: str) -> dict[str, Any]:
    """Low, best, high, qualifier and phrase; ``ValidationError`` where the cell is no number."""
    worded = WORDED.match(cell.strip())
    text, phrase = (worded["number"], worded["phrase"]) if worded else (cell.strip(), "")
    text, qualifier = qualified(text.translate(DIGITS).strip())
    found = dict.fromkeys(("low", "best", "high")) | figures(text, qualifier)
    if text and all(number is None for number in found.values()):
        if re.search("[0-9]", text):
            raise ValidationError(
                _("“%(value)s” is no number. Write 25, about 25, 10–20, ≥ 10, ≤ 5, 25 (20–30), or the words alone.")
                % {"value": shown(cell)}
            )
        phrase = phrase or worded_alone(text)
    if qualifier in VERBAL and not text and not phrase:
        phrase = cell.strip()
    return found | {"qualifier": str(qualifier), "phrase": phrase}


def worded_alone(text: str) -> str:
    """The words that stand for a number; ``ValidationError`` for what people write where there is none."""
    if text.lower() in NOTHING or not any(map(str.isalpha, text)):
        raise ValidationError(
            _("“%(value)s” is neither a number nor words of a report. Leave the cell blank where nothing is counted.")
            % {"value": shown(text)}
        )
    return text


def qualified(text: str) -> tuple[str, str]:
    """The text without the word that says how exactly it is meant, and its code."""
    head, _blank, last = text.rpartition(" ")
    if last in Qualifier.values and last not in SAYING:
        return head, last
    if text in Qualifier.values:
        return "", text
    for word in sorted(SAYING, key=len, reverse=True):
        if text.lower().startswith(word) and (rest := text[len(word) :].strip())[:1].isdigit():
            return rest, SAYING[word]
        if text.lower().endswith(f" {word}"):
            return text[: -len(word)].strip(), SAYING[word]
    return text, ""


def figures(text: str, qualifier: str) -> dict[str, int | None]:
    """The figures of a number; a bare one after “at least” is the least."""
    for name, form in FORMS.items():
        if told := form.fullmatch(text):
            read_as = BOUND.get(Qualifier(qualifier), name) if name == "best" and qualifier else name
            if read_as != name:
                return {read_as: whole(told["best"])}
            return {key.rstrip("2"): whole(value) for key, value in told.groupdict().items() if value}
    return {}


def whole(text: str) -> int | None:
    """A whole number; … is none."""
    return None if text == "…" else int(text.replace(",", "").replace("٬", ""))


def written(number: Any) -> str:
    """A number as its cell says it."""
    low, best, high = number.low, number.best, number.high
    bounds = "–".join("…" if one is None else str(one) for one in (low, high))
    if best is not None:
        span = str(best) if low is None and high is None else f"{best} ({bounds})"
    elif low is not None and high is not None:
        span = bounds
    else:
        span = f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else ""
    said = f"“{number.phrase}”" if number.phrase else ""
    return " ".join(filter(None, [span, number.qualifier, said]))
