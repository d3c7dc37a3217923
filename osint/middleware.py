"""What every request passes before a view sees it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from osint.history import recording


class Trace:
    """Lets the history know by which request a change came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The next layer's answer."""
        door = request.path.split("/")[1] or "pages"
        with recording.through(door if door in {"admin", "api"} else "pages", request):
            return self.get_response(request)


class Private:
    """Lets nobody but the person's own browser keep an answer that was given to somebody in particular."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The next layer's answer; where it came with credentials and says nothing of caches, marked as private."""
        response = self.get_response(request)
        asked = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        if asked and not response.has_header("Cache-Control"):
            # Kept, but asked for anew each time: a mark may be stricter, or the person signed out, a moment later.
            patch_cache_control(response, private=True, no_cache=True)
        return response


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
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": sentence}, status=413, json_dumps_params={"ensure_ascii": False})
        return HttpResponse(sentence, status=413, content_type="text/plain; charset=utf-8")
