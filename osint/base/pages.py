"""What every page for readers has in common: who may look, and how a list is cut into pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from osint.base.found import FoundInSets
from osint.base.permissions import may_look

PER_PAGE = 25


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view for those who log in, and for everybody where the installation is open to readers."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if may_look(request) else redirect_to_login(request.get_full_path())

    return require_safe(guarded)


def page_of(rows: Any, request: HttpRequest, among: Any = None) -> Page[Any]:
    """The page of the list that the address asks for; the nearest there is, where it asks for none or too much.

    A list that is dear to find comes as the sets in which it is found, and with the rows ``among`` which was searched.
    """
    pages = Paginator(rows, PER_PAGE) if among is None else FoundInSets(rows, PER_PAGE, among)
    return pages.get_page(request.GET.get("page"))
