"""Admin of likely twins: of events, which may be merged, and of sites and actors; and of what was said of pairs."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from events import namesakes, twins, workflow
from events.models import Actor, ActorJudgement, Event, EventJudgement, Site, SiteJudgement
from osint.base.conflict.page import check_version
from osint.base.judgements import Verdict, judge
from osint.base.judging_admin import JudgementAdmin, TwinsAdmin
from osint.base.twins import Twins
from osint.history import recording


class EventTwinsAdmin(TwinsAdmin):
    """Mixin: an event with its likely twins, into which it can be merged."""

    def twins_of(self, record: Event, reader: Any) -> Twins:
        """The likely twins, and the judged ones."""
        return twins.of_event(record, reader)

    def ways(self, request: HttpRequest, record: Event) -> set[str]:
        """Merging, where the workflow leaves it open to this person."""
        return {"merge"} & set(workflow.possible(record, request.user))

    def go(self, request: HttpRequest, record: Event, other: Event, way: str, reason: str) -> str:
        """Merge, and remember that the two are the same."""
        try:
            with recording.change(request.user):
                check_version(request, record)
                workflow.merge(record, request.user, other, reason)
        except workflow.Alone as error:
            raise ValidationError(str(error)) from error
        # A change of its own: merging counts no version.
        judge(record, other, request.user, Verdict.SAME, reason)
        return _("%(event)s is merged into %(other)s.") % {"event": record.reference, "other": other.reference}


class SiteTwinsAdmin(TwinsAdmin):
    """Mixin: a site with those that bear its name."""

    def twins_of(self, record: Site, reader: Any) -> Twins:
        """The likely twins, and the judged ones."""
        return namesakes.of_site(record, reader)


class ActorTwinsAdmin(TwinsAdmin):
    """Mixin: an actor with those that bear its name."""

    def twins_of(self, record: Actor, reader: Any) -> Twins:
        """The likely twins, and the judged ones."""
        return namesakes.of_actor(record, reader)


@admin.register(EventJudgement)
class EventJudgementAdmin(JudgementAdmin):
    """What was said of two events."""

    alongside = ("type",)


admin.site.register([SiteJudgement, ActorJudgement], JudgementAdmin)
