"""Admin of likely copies of reports, which may be relays or updates; and of what was said of pairs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from osint.base.judging_admin import JudgementAdmin, TwinsAdmin
from osint.base.twins import Twins
from sources import twins
from sources.models import Report, ReportJudgement

PERMISSIONS = {twins.RELAY: "sources.add_relay", twins.UPDATES: "sources.change_report"}


class ReportTwinsAdmin(TwinsAdmin):
    """Mixin: a report with its likely copies, which can be made relays or updates."""

    def twins_of(self, record: Report, reader: Any) -> Twins:
        """The likely twins, and the judged ones."""
        return twins.of_report(record, reader)

    def ways(self, request: HttpRequest, record: Report) -> set[str]:  # noqa: ARG002 - the same for all reports
        """What this person may make of a pair."""
        return {way for way, permission in PERMISSIONS.items() if request.user.has_perm(permission)}

    def go(self, request: HttpRequest, record: Report, other: Report, way: str, reason: str) -> str:  # noqa: ARG002
        """Make the later report a relay, or an update, of the earlier."""
        later = twins.relate(record, other, request.user, way)
        pair = {"later": later, "earlier": other if later == record else record}
        if way == twins.RELAY:
            return _("“%(later)s” now relays “%(earlier)s”. Quote there with which words, if it says so.") % pair
        return _("“%(later)s” now updates “%(earlier)s”.") % pair


admin.site.register(ReportJudgement, JudgementAdmin)
