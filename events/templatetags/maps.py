"""What a template needs for a map."""

from typing import Any

from django import template

from events.pages.route import STOPS, last_two
from events.places import drawing

register = template.Library()


@register.simple_tag
def map_base() -> dict[str, Any]:
    """What lies beneath every map, and whose it is."""
    return drawing.base()


@register.filter
def unlocalized(number: float | str) -> str:
    """A number as programs read it, whatever the page's language."""
    return str(number)


@register.inclusion_tag("admin/events/_route.html")
def route_bar() -> dict[str, Any]:
    """Buttons for the stops of a route, and how to read it back."""
    order = " ".join(role.value for role in STOPS)
    return {"stops": STOPS, "order": order, "and": last_two().format(first="", last="")}
