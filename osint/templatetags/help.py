"""The way from a place in the admin to the how-to page that explains it."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from osint.help import PAGES, title

register = template.Library()


@register.simple_tag
def help_link(page: str) -> SafeString:
    """A small “?” that opens the how-to page of this name: ``{% help_link "dating" %}``."""
    if page not in PAGES:
        raise template.TemplateSyntaxError(f"There is no how-to page “{page}”. Choose one of: {', '.join(PAGES)}.")
    words = _("How to: %(page)s") % {"page": title(page)}
    return format_html(
        '<a class="help-link" href="{}" target="help" title="{}" aria-label="{}">?</a>',
        reverse("help", args=[page]),
        words,
        words,
    )
