"""What one report says about one event, claim by claim: where it differs from what we hold, it is entered here."""

from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.admin.door import EventDoorAdmin
from events.admin.forms import start_field
from events.models import Citation, Claim, Comment, Correction, Event
from events.querysets import sees_drafts
from osint.base.admin import ReadOnly, RecordAdmin, RecordForm, RecordInline
from sources.models import Report


class ClaimForm(RecordForm):
    """A claim and its words; the page's script hides the columns of the other facets."""

    start = start_field()

    class Meta:
        model = Claim
        exclude = ("end",)
        widgets: ClassVar[dict[str, Any]] = {
            "quote": forms.Textarea({"rows": 2, "dir": "auto", "class": "quote", "data-quote": "1"}),
        }

    def published(self) -> date | None:
        """When the report that claims it was."""
        citation = getattr(self.instance, "citation", None)
        report = getattr(citation, "report", None)
        return report.published_on if report else None

    def clean(self) -> dict[str, Any]:
        """The end follows from start and words."""
        self.instance.end = None
        return super().clean() or self.cleaned_data


class ClaimInline(RecordInline):
    """The claims of the report."""

    model = Claim
    form = ClaimForm
    autocomplete_fields = ("type", "site", "actor", "measure", "party")
    fields = (
        ("facet", "standing"),
        "type",
        ("when", "when_phrase"),
        ("site", "site_role"),
        ("actor", "actor_role"),
        ("measure", "party"),
        ("qualifier", "low", "best", "high"),
        ("label", "label_ar", "phrase"),
        "quote",
        "start",
        "standing_reason",
    )
    verbose_name_plural = _("Claims: what the report says, in its words")


@admin.register(Citation)
class CitationAdmin(EventDoorAdmin):
    """The reports behind the events."""

    change_form_template = "admin/events/citation/change_form.html"
    list_display = ("event", "report", "role", "credibility")
    ordering = ("-pk",)
    list_filter = ("role", "credibility")
    list_select_related = ("event__type", "report__source")
    search_fields = ("event__reference", "report__folded")
    search_help_text = _("A reference of an event, or words of reports.")
    autocomplete_fields = ("event", "report")
    inlines: ClassVar[Any] = [ClaimInline]
    fields = (("event", "report"), ("role", "credibility"), "note", "correction_reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        """Citations with what their names are made of."""
        return super().get_queryset(request).select_related("event__type", "report__source")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Citations for an event of this reference, or of a report that says these words."""
        term = search_term.replace("\x00", "").strip()
        if not term:
            return queryset, False
        named = Event.objects.filter(reference__startswith=term.upper()).order_by()
        saying = Report.objects.saying(term).order_by()
        # A set of each: with “or” between them no index would serve.
        found = queryset.filter(pk__in=self.keys(event__in=named).union(self.keys(report__in=saying)))
        return self.nearest(request, queryset, found), False

    def keys(self, **condition: Any) -> QuerySet[Any, Any]:
        """Keys of the citations that fulfil a condition, as a question still to be put."""
        return Citation.objects.filter(**condition).order_by().values("pk")

    def event_of(self, obj: Citation) -> Event:
        """The event cited for."""
        return obj.event

    def report_behind(self, form: Any) -> Report | None:
        """The report cited."""
        return cast(Report, form.instance.report)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Event and report stay: claims quote this report about this event."""
        return ["event", "report"] if obj else []

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The report beside the claims."""
        citation = kwargs.get("obj")
        context |= {"report": citation.report if citation else None, "is_nav_sidebar_enabled": False}
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Comment)
class CommentAdmin(ReadOnly, RecordAdmin):
    """Comments, to read; they are written on the event's page."""

    list_display = ("event", "created_at", "created_by", "text")
    ordering = ("-pk",)
    list_select_related = ("event__type", "created_by")
    fields = ("event", "text", "move", "created_by", "created_at")


@admin.register(Correction)
class CorrectionAdmin(ReadOnly, RecordAdmin):
    """Corrections, to read."""

    list_display = ("event", "made_at", "reason", "made_by")
    ordering = ("-pk",)
    list_select_related = ("event__type", "made_by")
    fields = ("event", "before", "after", "reason", "report", "made_by", "made_at")

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The correction, without the name of a whole that may be a draft; nothing here is saved."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and not sees_drafts(request.user):
            for side in (found.before, found.after):
                side.pop("part_of", None)
        return found
