"""Every type of page that people see: what it is called, at which address, for whom.

``tests/browser/test_looks.py`` looks at them and ``tests/osint/test_arabic.py`` reads them; a page that is in the
addresses of the product and neither here nor among ``NO_PAGES`` fails a test.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from events.models import Event
from osint.bundle.arrivals import Arrival
from osint.help import PAGES
from sources.models import Report, Source


@dataclass(frozen=True)
class PageType:
    """One type of page."""

    name: str
    view: str
    address: Callable[[], str]
    person: str = "adam"
    # Whether it is one of those that are looked at whenever the tests run.
    is_short: bool = False
    # Whether its words are ours: not those of a library's own page.
    is_ours: bool = True

    @property
    def is_there(self) -> bool:
        """Whether its address leads anywhere: some pages come later than this list."""
        try:
            return bool(self.address())
        except NoReverseMatch:
            return False


def at(view: str, *args: Any, query: str = "") -> Callable[[], str]:
    """The address of a view."""
    return lambda: reverse(view, args=[one() if callable(one) else one for one in args]) + query


def convoy() -> Event:
    """A published event with all that an event can have."""
    events = Event.objects.order_by("pk")
    found = events.filter(status="published", type__slug="convoy-arrival").first() or events.first()
    assert found
    return found


def cited() -> Report:
    """The report that the event rests on."""
    return convoy().citations.order_by("pk")[0].report


def source() -> Source:
    """The source of that report."""
    return cited().source


NOBODY = ""
PUBLIC = (
    PageType("front", "front", at("front"), NOBODY, is_short=True),
    PageType("front-found", "front", at("front", query="?q=قسرك&date_from=2025-11-01"), NOBODY),
    PageType("front-refused", "front", at("front", query="?colour=red"), NOBODY),
    PageType("event", "event", at("event", lambda: convoy().reference), NOBODY, is_short=True),
    PageType(
        "event-then", "event", at("event", lambda: convoy().reference, query="?as_of=2020-01-01T00:00:00Z"), "adam"
    ),
    PageType("event-no-moment", "event", at("event", lambda: convoy().reference, query="?as_of=soon"), "adam"),
    PageType("report", "report", at("report", lambda: cited().uuid), NOBODY, is_short=True),
    PageType("source", "source", at("source", lambda: source().slug), NOBODY, is_short=True),
    PageType("sign-in", "sign-in", at("sign-in"), NOBODY, is_short=True),
    PageType("error-404", "event", at("event", "SY-0000-NOTHING"), NOBODY, is_short=True),
    PageType("error-403", "maintenance", at("maintenance"), "alice"),
    PageType("api-docs", "docs", at("docs"), NOBODY, is_ours=False),
)
DESK = (
    PageType("admin-index", "admin:index", at("admin:index"), "alice", is_short=True),
    PageType("admin-login", "admin:login", at("admin:login"), NOBODY),
    PageType("admin-app", "admin:app_list", at("admin:app_list", "events")),
    PageType("admin-password", "admin:password_change", at("admin:password_change"), "alice"),
    PageType("admin-password-done", "admin:password_change_done", at("admin:password_change_done"), "alice"),
    PageType("admin-user-password", "admin:auth_user_password_change", at("admin:auth_user_password_change", 1)),
    PageType("maintenance", "maintenance", at("maintenance"), is_short=True),
    PageType("sheets", "sheets", at("sheets"), "alice"),
    PageType("help-contents", "help-contents", at("help-contents"), "alice"),
    *(PageType(f"help-{page}", "help", at("help", page), "alice", is_short=page == "dating") for page in PAGES),
    PageType("desk", "admin:events_desk", at("admin:events_desk", lambda: cited().pk), "alice", is_short=True),
    PageType(
        "bundle-arrival-undo",
        "admin:bundle_arrival_undo",
        at("admin:bundle_arrival_undo", lambda: first_of(Arrival)),
    ),
    PageType(
        "event-queue",
        "admin:events_event_changelist",
        at("admin:events_event_changelist", query="?queue=disputed"),
        "alice",
    ),
)
# Of each kind of record which page is looked at whenever the tests run.
SHORT = {
    "admin:events_event_changelist",
    "admin:events_event_add",
    "admin:events_event_change",
    "admin:events_event_history",
    "admin:sources_report_change",
    "admin:events_site_change",
}
# What is the same page for every kind of record: it is looked at for one of ours, and one of Django's.
ALIKE = ("history", "delete")
# Addresses at which nobody reads a page, and why.
NO_PAGES = {
    "admin:autocomplete": "JSON",
    "admin:jsi18n": "a script",
    "admin:bundle_arrival_plan": "stands only once a file was sent (tests/osint/bundle/test_import_page.py)",
    "admin:logout": "a button",
    "admin:view_on_site": "leads on",
    "attachment": "a file",
    "date-reading": "JSON",
    "event-by-uuid": "leads on",
    "maintenance-step": "a button",
    "sheets-export": "a file",
    "sheets-template": "a file",
    "set_language": "a button",
    "sign-out": "a button",
    "admin:sources_report_text": "a part of the event form",
    "admin:events_event_move": "a button",
}
NO_PAGE_ENDINGS = {
    "_presence": "JSON",
    "_judge": "a button",
    "_namesakes": "JSON",
    "_around": "JSON",
    "_desk_cards": "a part of the desk",
    "_desk_proposals": "JSON",
}


def records() -> Iterator[PageType]:
    """The admin's pages of every kind of record, made from what is registered."""
    for model, place in admin.site._registry.items():
        name = name_of(model)
        own: dict[Any, Any] = {Event: lambda: convoy().pk, Report: lambda: cited().pk}
        first = own.get(model, partial(first_of, model))
        yield of(name, "changelist")
        if may_add(place):
            yield of(name, "add")
        for page in ("change", *(ALIKE if model in {Event, User} else ())):
            yield of(name, page, first)


def name_of(model: Any) -> str:
    """What the admin's addresses call a kind of record."""
    return str(model._meta.label_lower.replace(".", "_"))


def may_add(place: Any) -> bool:
    """Whether such a record can be made in the admin by anybody."""
    request: Any = SimpleNamespace(user=SimpleNamespace(has_perm=lambda _permission: True))
    return bool(place.has_add_permission(request))


def first_of(model: Any) -> Any:
    """The key of the first record of this kind."""
    return model._default_manager.order_by("pk")[0].pk


def of(name: str, page: str, *args: Any) -> PageType:
    """One of a record's pages."""
    view = f"admin:{name}_{page}"
    return PageType(f"{name.replace('_', '-')}-{page}", view, at(view, *args), is_short=view in SHORT)


def page_types() -> list[PageType]:
    """All that are there."""
    return [page for page in (*PUBLIC, *DESK, *records()) if page.is_there]


def views() -> set[str]:
    """The names of all addresses that may have a page."""
    found = {name for name, way in named(get_resolver()) if not way.startswith("api/")} | {"docs"}
    closed = {of(name_of(model), "add").view for model, place in admin.site._registry.items() if not may_add(place)}
    alike = {of(name_of(model), page).view for model in admin.site._registry for page in ALIKE}
    alike -= {page.view for page in records()}
    endings = tuple(NO_PAGE_ENDINGS)
    return {name for name in found - closed - alike if name not in NO_PAGES and not name.endswith(endings)}


def named(resolver: URLResolver, space: str = "", way: str = "") -> Iterator[tuple[str, str]]:
    """Every named address, with the way to it."""
    for pattern in resolver.url_patterns:
        here = way + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from named(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space, here)
        elif pattern.name:
            yield f"{space}{pattern.name}", here
