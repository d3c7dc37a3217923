"""The table of a list in the admin."""

from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import ResultList, result_headers
from django.contrib.admin.views.main import ChangeList

from osint.base.rows import rows

register = template.Library()


@register.inclusion_tag("admin/change_list_results.html")
def table(listed: ChangeList) -> dict[str, Any]:
    """The headings and rows, in the place of Django's ``result_list``; none of our lists is one of forms."""
    headers = list(result_headers(listed))
    return {
        "result_headers": headers,
        "num_sorted_fields": sum(header["sortable"] and header["sorted"] for header in headers),
        "results": [ResultList(None, [row]) for row in rows(listed)],
    }
