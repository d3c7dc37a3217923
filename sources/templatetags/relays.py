"""What a page shows of a report's relays."""

from typing import Any

from django import template

from sources import pages
from sources.models import Report

register = template.Library()


@register.simple_tag(takes_context=True)
def relays_of(context: Any, report: Report) -> Any:
    """Whom the report passes on, as far as the reader may know."""
    return pages.relays(context["request"].user).filter(report=report)
