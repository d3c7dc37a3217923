"""A form that was sent when there is nothing left to change: what was typed is shown, to be taken along."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

# What the page itself sends along.
OWN = ("csrfmiddlewaretoken", "version", "_", "report")
OWN_OF_ROWS = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS", "-id", "_start")


def too_late(desk: Any, request: HttpRequest, record: Any) -> HttpResponse:
    """The answer: why nothing was saved, and every text that was sent."""
    if record is None:
        sentence = _("This is not there any more, so nothing was saved. What you typed is below.")
    else:
        sentence = _("“%(record)s” can no longer be changed, so nothing was saved. What you typed is below.") % {
            "record": record
        }
    context = desk.admin_site.each_context(request) | {
        "title": _("Too late"),
        "sentence": sentence,
        "typed": list(typed(request)),
        "opts": desk.opts,
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, "admin/too_late.html", context, status=409)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Each field that holds words, and what it holds; keys of choices are no words."""
    return [
        (name, value)
        for name, value in request.POST.items()
        if isinstance(value, str)
        and value.strip()
        and not value.isdecimal()
        and not name.startswith(OWN)
        and not name.endswith(OWN_OF_ROWS)
    ]
