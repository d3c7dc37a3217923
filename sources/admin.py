"""Admin of sources and reports."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from osint.base.admin import NamedAdmin, RecordAdmin, RecordInline
from osint.base.searching import SearchedList
from sources.models import Attachment, PassageNote, Relay, Report, Source
from sources.twins_admin import ReportTwinsAdmin


@admin.register(Source)
class SourceAdmin(NamedAdmin):
    """Who publishes or speaks."""

    list_display = ("slug", "name_en", "name_ar", "kind", "reliability")
    list_filter = ("kind", "reliability")
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["slug", ("name_en", "name_ar"), "kind", "homepage"]}),
        (
            _("Reliability"),
            {
                "fields": ["reliability", "reliability_reason"],
                "description": _(
                    "How far this source has proved right before, whatever it says now: "
                    "a letter of the Admiralty code, with the reason."
                ),
            },
        ),
        (None, {"fields": ["note"]}),
    ]


class RelayInline(RecordInline):
    """Whom the report passes on."""

    model = Relay
    fk_name = "report"
    autocomplete_fields = ("relayed_source", "relayed_report")
    fields = (("relayed_source", "relayed_report"), "quote")
    verbose_name = _("relay: “according to …”")
    verbose_name_plural = _("Relays: whom the report passes on")


class AttachmentInline(RecordInline):
    """The files of the report: added once, then only read."""

    model = Attachment
    fields = ("file", "name")
    verbose_name_plural = _("Files: the page as saved, a screenshot, a scan")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where the bytes are."""
        return [*super().get_fields(request, obj), "address"] if obj else super().get_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is worked out from the bytes."""
        return ["address"] if obj else []

    @admin.display(description=_("bytes"))
    def address(self, attachment: Attachment) -> str:
        """A link to the file, with what it is."""
        where = reverse("attachment", args=[attachment.uuid])
        return format_html(
            '<a href="{}">{}</a> · {} · SHA-256 {}', where, attachment.media_type, attachment.size, attachment.sha256
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: another file is another attachment."""
        return False


@admin.register(PassageNote)
class PassageNoteAdmin(RecordAdmin):
    """Passages that become no incident; they are noted at the desk."""

    list_display = ("short_quote", "kind", "report", "created_by")
    ordering = ("-pk",)
    list_filter = ("kind",)
    list_select_related = ("report", "created_by")
    search_fields = ("quote", "text")
    autocomplete_fields = ("report",)
    fields = ("report", "kind", "quote", "text")

    @admin.display(description=_("passage"))
    def short_quote(self, note: PassageNote) -> str:
        """The beginning of the passage."""
        return note.quote if len(note.quote) <= 90 else f"{note.quote[:90]}…"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the reports' texts."""
        return super().get_queryset(request).defer("report__text", "report__folded", "report__translation")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A note stays with its report."""
        return ["report"] if obj else []


READ = 20_000  # characters of a text that the list marks
LANGUAGES = ("ar", "en", "ku", "fa", "fr", "he", "ru", "tr")


class LanguageFilter(admin.SimpleListFilter):
    """The languages that reports are mostly in: which there are would have to be looked for in all of them."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Their codes, as a report has them."""
        return [(code, code) for code in LANGUAGES]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """What is in the language that was chosen."""
        return queryset.filter(language=self.value()) if self.value() else queryset


@admin.register(Report)
class ReportAdmin(SearchedList, ReportTwinsAdmin):
    """A publication, its text, and the events coded from it."""

    marks: ClassVar[dict[str, str]] = {"title": "title", "words": "beginning"}

    change_form_template = "admin/sources/report/change_form.html"
    list_display = ("title", "source", "published_on", "status", "tlp")
    list_filter = ("status", "tlp", LanguageFilter, "source")
    list_select_related = ("source",)
    search_fields = ("folded",)
    search_help_text = _("Words of the title, the text or the translation, in any spelling.")
    autocomplete_fields = ("source", "updates")
    readonly_fields = ("sha256",)
    inlines: ClassVar[Any] = [RelayInline, AttachmentInline]
    fieldsets: ClassVar[Any] = [
        (
            None,
            {
                "fields": [
                    "source",
                    "title",
                    ("published_on", "accessed_on"),
                    "published_note",
                    ("url", "archived_url"),
                    "updates",
                ]
            },
        ),
        (
            _("Text"),
            {
                "fields": ["language", "text", "sha256", "translation"],
                "description": _(
                    "Paste the text as published, whole. Quotes are taken from it, so it stays once one is."
                ),
            },
        ),
        (_("Work"), {"fields": [("status", "assignee"), "tlp", "note"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Notes and assignments are for those who work on reports."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.has_perm("sources.change_report"):
            return fieldsets
        return [*fieldsets[:-1], (_("Work"), {"fields": ["status", "tlp"]})]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A report is assigned to somebody who works here."""
        if db_field.name == "assignee":
            kwargs["queryset"] = User.objects.filter(is_active=True, is_staff=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("coding"))
    def coding(self, report: Report) -> str:
        """The way to the desk, which the template knows: this storey does not."""
        return render_to_string("admin/sources/report/_desk.html", {"report": report})

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Reports that say these words."""
        term = search_term.replace("\x00", "").strip()
        if not term:
            return queryset, False
        rows = queryset.annotate(beginning=Substr("text", 1, READ))
        return self.nearest(request, rows, queryset.saying(term), lambda hits: hits.nearest_first(term)), False

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns, with the way to the desk for those who code; where words are looked for, the place too."""
        columns = super().get_list_display(request)
        if request.user.has_perm("events.add_event"):
            columns = [*columns, "coding"]
        return [*columns, self.column("words", self.sought_by(request))] if self.term(request) else columns

    def titled(self, name: str) -> Any:
        """How a column is called."""
        return _("in the text") if name == "words" else super().titled(name)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the texts where a list shows none of them."""
        queryset = super().get_queryset(request)
        listing = request.resolver_match is not None and request.resolver_match.url_name in {
            "sources_report_changelist",
            "autocomplete",
        }
        return queryset.defer("text", "translation", "folded", "note") if listing else queryset

    def get_urls(self) -> list[URLPattern]:
        """The text beside the event form has an address of its own."""
        own = path("<int:pk>/text/", self.admin_site.admin_view(self.text_view), name="sources_report_text")
        return [own, *super().get_urls()]

    def text_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The report's text, for the event form that is being filled from it."""
        report = self.get_object(request, str(pk))
        if report is None or not self.has_view_permission(request, report):
            return HttpResponse(status=404)
        return TemplateResponse(request, "admin/sources/report/text.html", {"report": report})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The events coded from the report."""
        report = kwargs.get("obj")
        # By the name of the relation: this storey does not know the one above.
        cited = report.citations.visible_to(request.user) if report else None
        context["citations"] = (
            cited.select_related("event__type").order_by("event__earliest", "pk") if cited is not None else []
        )
        return super().render_change_form(request, context, *args, **kwargs)
