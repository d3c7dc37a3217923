"""One date as it is typed into a form field: EDTF as it is, words by the rules for running text, and no other words."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from osint.base import dates
from osint.base.written.calendar import UnreadError
from osint.base.written.expressions import Context
from osint.base.written.found import Found
from osint.base.written.grammar import WHOLE
from osint.base.written.reader import found, tokens_of
from osint.base.written.sentences import refusal
from osint.base.written.tokens import Token, Tokens
from osint.base.written.words import SEASONS

# What may stand around a date without changing it.
_AROUND: Final = re.compile(r"[i@pn]{0,3}A?(9)[.,!]?")
_FORMAL: Final = re.compile(r"(?=.*[-/\[{~%X])[0-9X\-/.,~?%\[\]{}\s]*")
_UNSURE: Final = ("?", "؟")


def read(text: str, published: date | None = None) -> Found:
    """The date that the text is, or a ValidationError that says what is missing; EDTF passes as it is."""
    stripped = text.strip()
    try:
        when = dates.parse(stripped)
    except ValidationError as error:
        return _from_words(stripped, published, error)
    return Found(0, len(text), when.edtf, when.earliest, when.latest, "edtf", stripped)


def _from_words(text: str, published: date | None, error: ValidationError) -> Found:
    if len(text) > dates.MAX_LENGTH:
        raise error
    if text.endswith(_UNSURE) and len(text) > 1:
        return _unsure(read(text[:-1], published), text)
    tokens = tokens_of(text, typed=True)
    whole = [token for token in tokens.row if token.kind == WHOLE]
    context = Context(published)
    try:
        token = _only(tokens, whole, context)
        if token is not None:
            return found(tokens, token, token.value.days(context), context)
    except (UnreadError, ValueError, OverflowError) as unread:
        if getattr(unread, "code", "") in {"in_part", "several"} and _FORMAL.fullmatch(text):
            raise error from None
        params = unread.params if isinstance(unread, UnreadError) else {}
        raise refusal(getattr(unread, "code", "unread"), text, **params) from None
    # What looks like EDTF is answered in its terms: which end is open, that a season has no first day.
    raise error if _FORMAL.fullmatch(text) else refusal("unread", text)


def _only(tokens: Tokens, whole: list[Token], context: Context) -> Token | None:
    """The one expression that all of the words are."""
    words = [token for token in tokens.row if token.kind == "n"]
    if any(token.word in SEASONS for token in words):
        raise UnreadError("season")
    if not whole:
        return None
    first = whole[0]
    if len(whole) == 1 and _AROUND.fullmatch(tokens.kinds) and all(token.word in _EMPTY for token in words):
        return first
    part = tokens.text[first.start : first.end]
    if len(whole) > 1:
        raise UnreadError("several", part=part)
    raise UnreadError("in_part", part=part, edtf=first.value.days(context).edtf)


_EMPTY: Final = frozenset({"the", "date", "at", "dated"})


def _unsure(one: Found, text: str) -> Found:
    """The same date, marked as uncertain where EDTF has a place for the mark."""
    if any(mark in one.edtf for mark in "/[{~?%"):
        raise refusal("unread", text)
    return replace(one, edtf=f"{one.edtf}?", word=text)
