"""Refusals as programs read them: problem details (RFC 9457), one shape for whatever goes wrong under /api/."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.settings import api_settings

from osint.base.wire import JSON

MEDIA_TYPE = "application/problem+json"
DOOR = "/api/"
WHOLE = api_settings.NON_FIELD_ERRORS_KEY


@dataclass(frozen=True)
class Kind:
    """What there is more to say of a refusal than its status does: its place on the page about problems."""

    name: str
    title: Any
    way_out: Any


KINDS = {
    400: Kind(
        "wrong",
        gettext_lazy("Something in the request is wrong"),
        gettext_lazy("Each sentence under “errors” stands under the field or parameter that it is about."),
    ),
    401: Kind(
        "sign-in",
        gettext_lazy("Sign in first"),
        gettext_lazy("Send a token: Authorization: Token …. A username and password get one at /api/v1/auth/login/."),
    ),
    403: Kind(
        "not-yours",
        gettext_lazy("You may not do this"),
        gettext_lazy("Ask an administrator for the right, or a token whose scopes hold it."),
    ),
    409: Kind(
        "conflict",
        gettext_lazy("It cannot be done as things stand"),
        gettext_lazy("Nothing was written. Read the record again; the sentence says what stands in the way."),
    ),
    412: Kind(
        "outdated",
        gettext_lazy("Somebody else has changed it"),
        gettext_lazy(
            "Nothing was written. “yours” and “current” are the versions, “changed” is what has happened in between. "
            "Carry your change over, and send it with the current version."
        ),
    ),
    428: Kind(
        "versionless",
        gettext_lazy("The request names no version"),
        gettext_lazy("Read the record, and send the ETag of the answer as If-Match."),
    ),
    429: Kind(
        "too-many",
        gettext_lazy("Too many requests"),
        gettext_lazy("Wait as many seconds as the header Retry-After says. For much at once, ask for it in one go."),
    ),
}
# Where nobody had the occasion to say more: what the frame refuses by itself.
UNSAID = {
    400: gettext_lazy("The request could not be understood. Check its address and its headers."),
    401: KINDS[401].way_out,
    403: gettext_lazy("Your account lacks the permission. An administrator can give it."),
    404: gettext_lazy("The address may be mistyped, or what it names is not public."),
    500: gettext_lazy(
        "The fault is in the server's log. What you sent was not kept; try again, and tell an administrator if it "
        "stays."
    ),
}


def of_api(request: HttpRequest) -> bool:
    """Whether whoever asks is a program."""
    return request.path.startswith(DOOR)


def problem(status: int, detail: str = "", errors: Any = None, **more: Any) -> dict[str, Any]:
    """What is wrong, in one sentence for people; by field and parameter where it is known; and what else helps."""
    kind, phrase = KINDS.get(status), HTTPStatus(status).phrase
    address = f"{reverse('problems')}#{kind.name}" if kind else "about:blank"
    head = {"type": address, "title": str(kind.title) if kind else phrase, "status": status}
    found = by_name(errors) if errors else {}
    said = detail or in_one(found) or str(UNSAID.get(status, phrase))
    return head | {"detail": said} | ({"errors": found} if found else {}) | more


def answer(body: dict[str, Any], headers: Any = None) -> HttpResponse:
    """The refusal as it is sent, whatever format was asked for."""
    return HttpResponse(rendered(body), MEDIA_TYPE, body["status"], headers=headers)


def rendered(body: dict[str, Any]) -> bytes:
    """The refusal in JSON."""
    return bytes(JSON().render(body))


# Sentences by the field or parameter that they are about


def by_name(errors: Any) -> dict[str, Any]:
    """Sentences under their names; those about the whole under a name of their own."""
    named = errors if isinstance(errors, dict) else {WHOLE: errors}
    return {str(name): [said] if isinstance(said, str) else in_place(said) for name, said in named.items()}


def in_place(errors: Any) -> Any:
    """What is wrong with rows, as a list of which each row has its place: REST framework gives numbers as keys too."""
    match errors:
        case dict() if errors and all(type(key) is int for key in errors):
            return [in_place(errors.get(number, {})) for number in range(max(errors) + 1)]
        case dict():
            return {str(name): in_place(said) for name, said in errors.items()}
        case list():
            return [in_place(said) for said in errors]
    return errors


def sentences(errors: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Each sentence, with where it belongs: ``counts[1].best``."""
    match errors:
        case dict():
            for name, said in errors.items():
                yield from sentences(said, at if name == WHOLE else f"{at}.{name}" if at else str(name))
        case list() if not all(isinstance(said, str) for said in errors):
            for number, said in enumerate(errors):
                yield from sentences(said, at if isinstance(said, str) else f"{at}[{number}]")
        case list():
            yield from ((at, str(said)) for said in errors)
        case _:
            yield at, str(errors)


def in_one(errors: dict[str, Any]) -> str:
    """The first sentence with its field, and whether there are more."""
    found = sentences(errors)
    at, first = next(found, ("", ""))
    more = " " + _("There is more: see “errors”.") if next(found, None) else ""
    return (f"{at}: {first}" if at else first) + more
