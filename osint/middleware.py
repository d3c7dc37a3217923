"""What every request passes before a view sees it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _

from osint.base import problems
from osint.base.text import shown
from osint.history import recording


class Problems:
    """Says to programs, in their words, what the frame itself refuses or what broke: it has pages for people only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The next layer's answer; under /api/ every refusal with problem details."""
        response = self.get_response(request)
        told = response.headers.get("Content-Type") == problems.MEDIA_TYPE
        if response.status_code < 400 or told or not problems.of_api(request) or not isinstance(response, HttpResponse):
            return response
        # In place: what the layers within have said of security and languages stays.
        with override(get_language_from_request(request)):
            response.content = problems.rendered(problems.problem(response.status_code))
        response.headers["Content-Type"] = problems.MEDIA_TYPE
        response.headers["Content-Length"] = str(len(response.content))
        return response


class Trace:
    """Lets the history know by which request a change came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The next layer's answer."""
        door = request.path.split("/")[1] or "pages"
        with recording.through(door if door in {"admin", "api"} else "pages", request):
            return self.get_response(request)


class Kept:
    """Says who may keep an answer: nobody but her own browser, where it was given to somebody in particular."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The next layer's answer, marked."""
        response = self.get_response(request)
        asked = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        if response.status_code == 304:
            # The frame says 0; the standard takes what stands there for the length of what is not sent again.
            del response.headers["Content-Length"]
        if problems.of_api(request):
            self.mark(request, response, asked)
        elif asked and not response.has_header("Cache-Control"):
            # Kept, but asked for anew each time: a mark may be stricter, or the person signed out, a moment later.
            patch_cache_control(response, private=True, no_cache=True)
        return response

    def mark(self, request: HttpRequest, response: HttpResponseBase, asked: bool) -> None:
        """Of the API, what was read without credentials is for shared caches too; a refusal or a write is for none."""
        patch_vary_headers(response, ("Accept", "Accept-Language", "Authorization", "Cookie"))
        if "no-store" in response.headers.get("Cache-Control", ""):
            return
        if request.method not in {"GET", "HEAD"} or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        else:
            patch_cache_control(response, **{"private" if asked else "public": True}, no_cache=True)


class BodyLimit:
    """Refuses a body that is too large before anybody reads it: REST framework's own parsers have no limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The next layer's answer, or the refusal."""
        # A body whose length is not announced is read as empty by Django, so the header is enough.
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        size = int(announced) if announced.isascii() and announced.isdigit() else 0
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return self.refusal(request, size)
        return self.get_response(request)

    def refusal(self, request: HttpRequest, size: int) -> HttpResponse:
        """A 413 in the language of the door: JSON for programs, a line of text for people."""
        sentence = _("The request has %(size)d bytes; at most %(most)d are read. Send less at a time.") % {
            "size": size,
            "most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        }
        if problems.of_api(request):
            return problems.answer(problems.problem(413, sentence))
        return HttpResponse(sentence, status=413, content_type="text/plain; charset=utf-8")


class Methods:
    """Knows which methods an address of the API takes, and says so before anybody looks who asks: hidden or not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The next layer's answer; to HEAD without what would be streamed, since nobody reads it."""
        response = self.get_response(request)
        if request.method == "HEAD" and isinstance(response, StreamingHttpResponse):
            response.streaming_content = iter(())
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """What OPTIONS asks for, and the refusal of any method that is not among it."""
        methods = methods_of(view) if problems.of_api(request) else ()
        if not methods or (request.method in methods and request.method != "OPTIONS"):
            return None
        allow = {"Allow": ", ".join(methods)}
        if request.method != "OPTIONS":
            sentence = _("This address does not take %(method)s. Known: %(known)s.")
            told = sentence % {"method": shown(str(request.method), 20), "known": ", ".join(methods)}
            return problems.answer(problems.problem(405, told), allow)
        response = HttpResponse(status=204, headers=allow)
        del response.headers["Content-Type"]
        return response


@cache
def methods_of(view: Any) -> tuple[str, ...]:
    """What a view takes; nothing where it is the one that says that there is nothing."""
    offered = getattr(view, "cls", None) or getattr(view, "view_class", None)
    known = getattr(offered, "http_method_names", [])
    taken = getattr(view, "actions", None) or [name for name in known if hasattr(offered, name)]
    found = [name.upper() for name in known if name in taken and name not in {"head", "options"}]
    return (*found, *(["HEAD"] if "GET" in found else []), "OPTIONS") if found else ()
