"""Errors as the REST door tells them: sentences, by the field or parameter that they are about where there is one."""

import difflib
import logging
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, OperationalError, models
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.views import exception_handler, set_rollback

from osint.base import problems
from osint.base.problems import WHOLE
from osint.base.text import shown

log = logging.getLogger(__name__)


STATUS = "status"  # the code of an error that no other request would mend, but another status of the record


class Conflict(exceptions.APIException):
    """What is asked cannot be done as things stand."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


# Sentences

# What other APIs call what we have under another name.
ELSEWHERE = {
    other: ours
    for ours, others in {
        "page_size": "limit per_page size",
        "cursor": "page offset",
        "q": "query search text keyword",
        "ordering": "sort sort_by order order_by",
        "newest": "date desc",
        "date_from": "from start start_date after",
        "date_to": "to end end_date before",
        "updated_since": "since modified_since timestamp",
        "site": "place location country region governorate admin1",
        "type": "event_type sub_event_type kind",
    }.items()
    for other in others.split()
}


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was perhaps meant, or nothing."""
    words = {one.lower(): one for one in known}
    # Matching costs time in proportion to both lengths; nobody misspells a name by hundreds of letters.
    sought = word[:100].lower()
    if (here := ELSEWHERE.get(sought)) in words:
        return str(here)
    found = difflib.get_close_matches(sought, words, n=1)
    return words[found[0]] if found else ""


def meant(word: str, known: Iterable[str]) -> str:
    """“ Did you mean …?”, or nothing."""
    guess = nearest(word, known)
    return " " + _("Did you mean “%(guess)s”?") % {"guess": guess} if guess else ""


def unknown(sentence: str, word: str, known: Iterable[str]) -> str:
    """A sentence about an unknown word, with the nearest known one and the list of all."""
    words = sorted(known)
    listed = ", ".join(words) or "–"
    return f"{sentence}{meant(word, words)} " + _("Known: %(known)s.") % {"known": listed}


def nothing_at(path: str) -> str:
    """What an address says where nothing is."""
    if not path.endswith("/"):
        return _("There is nothing at “%(path)s”. Addresses end with a slash.") % {"path": path[:200]}
    return _("There is nothing at “%(path)s”. The resources are listed at /api/v1/.") % {"path": path[:200]}


# From Django's errors to REST framework's


def as_detail(error: ValidationError) -> dict[str, list[str]]:
    """A model's errors as field → sentences."""
    if not hasattr(error, "error_dict"):
        return {WHOLE: [str(message) for message in error.messages]}
    return {
        WHOLE if name == NON_FIELD_ERRORS else name: [str(message) for message in messages]
        for name, messages in error.message_dict.items()
    }


def as_rest(error: ValidationError) -> exceptions.APIException:
    """A model's error as REST framework raises it: a conflict where the record's status forbids what is asked."""
    if getattr(error, "code", None) == STATUS:
        return Conflict(sentence_of(error))
    return exceptions.ValidationError(as_detail(error))


def sentence_of(error: ValidationError) -> str:
    """All sentences of an error in one."""
    return " ".join(str(message) for message in error.messages)


def still_used(error: ProtectedError | RestrictedError) -> str:
    """Why something cannot be deleted: what rests on it."""
    holders = sorted(
        error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects, key=str
    )
    # Kinds and numbers only: which records they are may be hidden from this reader.
    kinds = {str(holder._meta.verbose_name_plural) for holder in holders}
    return _("It cannot be deleted while %(kinds)s rest on it (%(number)d in all). Change or delete those first.") % {
        "number": len(holders),
        "kinds": ", ".join(sorted(kinds)),
    }


@lru_cache(maxsize=1)
def constraint_sentences() -> dict[str, Any]:
    """What each named constraint says when it is broken, in the language of whoever reads it."""
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.BaseConstraint)
    }


def broken_rule(error: Exception) -> str:
    """The sentence of the constraint or trigger that the database itself refused something by."""
    # PostgreSQL adds lines of context after the first.
    said = str(error).splitlines()[0] if str(error) else ""
    for name, sentence in constraint_sentences().items():
        if re.search(rf"\b{re.escape(name)}\b", said):
            return str(sentence)
    if said.endswith(".") and "constraint" not in said:
        return _(said)  # a trigger of ours speaks in sentences
    return _("This breaks a rule of the database. Perhaps somebody changed the same records just now: read them again.")


def translated(error: Exception) -> Exception:
    """The error as REST framework knows it; an unknown one stays as it is."""
    match error:
        case ValidationError():
            return as_rest(error)
        case ProtectedError() | RestrictedError():
            return Conflict(still_used(error))
        case IntegrityError():
            return exceptions.ValidationError({WHOLE: [broken_rule(error)]})
        case DataError() | OverflowError():
            return exceptions.ValidationError(
                {WHOLE: [_("A value is too large for the database. Send a smaller one.")]}
            )
        case UnicodeError():
            return exceptions.ParseError(_("The request is not valid UTF-8. Send text as UTF-8."))
        case OperationalError() if "locked" in str(error) or "deadlock" in str(error):
            return Conflict(_("Somebody else was writing at the same moment. Send the request again."))
    return error


def said(error: Exception, detail: Any, view: Any) -> str:
    """What is said of an error; nothing where REST framework has only its stock phrase, which names no way out."""
    match error:
        case exceptions.NotAcceptable():
            known = sorted({renderer.media_type for renderer in view.get_renderers()})
            return unknown(_("None of the formats that are asked for is answered here."), "", known)
        case exceptions.UnsupportedMediaType():
            known = sorted({parser.media_type for parser in view.get_parsers()})
            return f"{detail} " + _("Known: %(known)s.") % {"known": ", ".join(known)}
        case Http404() if str(error).endswith("matches the given query."):
            return ""
    return "" if detail == getattr(error, "default_detail", None) else str(detail)


def handler(exc: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST framework's handler for all that can be wrong with a request; what is left is a bug of ours, and a 500."""
    refused = refusal_of(exc, context)
    return problems.answer(*refused) if refused else None


def refusal_of(exc: Exception, context: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]] | None:
    """A refusal as problem details, and its headers; none for what is a bug of ours."""
    error = translated(exc)
    if error is not exc:
        set_rollback()
        log.info("%s refused: %s", context.get("view"), shown(str(exc), 200))
    refusal = exception_handler(error, context)
    if refusal is None:
        return None
    by_field = isinstance(getattr(error, "detail", None), dict | list)
    told = {"errors": refusal.data} if by_field else {"detail": said(error, refusal.data["detail"], context["view"])}
    # What a program can work with, such as both versions where two people wrote.
    told |= getattr(error, "more", {})
    headers = {name: value for name, value in refusal.headers.items() if name != "Content-Type"}
    return problems.problem(refusal.status_code, **told), headers
