"""The event form, in the order an analyst thinks: report, what, when, where, who, how many, words, check.

Each fact has a field for the words it rests on; the claim is made from both (``events.entry``). At any time the
form deals with one report, shown beside it: the one in the address (``?report=``), else the event's first.
"""

import json
from functools import partial
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, QuerySet, Subquery, TextField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events import entry, provenance, search, workflow
from events.admin.desk import DeskAdmin
from events.admin.door import EventDoorAdmin, citation_at_hand, report_at_hand
from events.admin.filters import QueueFilter, ShelfFilter, TypeFilter, names_of
from events.admin.forms import EventForm, FactForm, FactFormSet, bounded_by
from events.admin.review import ReviewAdmin, moves, remarks, sentences
from events.admin.twins import EventTwinsAdmin
from events.choices import Facet
from events.models import Citation, Count, Event, Involvement, Placement
from events.withheld import told
from osint.base.admin import RecordInline
from osint.base.highlights import Sought
from osint.base.names import in_language
from osint.base.searching import SearchedList
from sources.models import Report

# What only serves to enter something, and has nothing to show to those who may only read.
ENTERED = (("report", "role", "credibility"), "type_quote", "when_quote")


class Names(Subquery):
    """The names of related records in both languages, in their order, as JSON: so a list needs no query for them."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **kwargs: Any) -> Any:
        """By its own function."""
        template = "(SELECT json_group_array(json_array(en, ar)) FROM (%(subquery)s) named)"
        return self.as_sql(compiler, connection, template=template, **kwargs)

    def as_postgresql(self, compiler: Any, connection: Any, **kwargs: Any) -> Any:
        """By its own function."""
        template = "(SELECT json_agg(json_build_array(en, ar))::text FROM (%(subquery)s) named)"
        return self.as_sql(compiler, connection, template=template, **kwargs)


PLACES = Names(
    Placement.objects.filter(event=OuterRef("pk"))
    .order_by("position", "pk")
    .values(en=F("site__name_en"), ar=F("site__name_ar"))
)


class FactInline(RecordInline):
    """Rows of one kind of fact."""

    form = FactForm
    formset = FactFormSet

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """One empty row on a new event."""
        return 0 if obj else 1

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Quotes are there to be entered; who only reads finds them where the facts are checked."""
        fields = super().get_fields(request, obj)
        if obj is None or self.admin_site.get_model_admin(type(obj)).has_change_permission(request, obj):
            return fields
        return [field for field in fields if field != "quote"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset, with the report at hand."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.at_hand = report_at_hand(request, obj)
        formset.citation = citation_at_hand(request, obj)
        return formset


class PlacementInline(FactInline):
    """Where."""

    model = Placement
    autocomplete_fields = ("site",)
    fields = (("role", "site", "basis"), "quote", "quote_start", "reason")
    verbose_name = _("place")
    verbose_name_plural = _("Where")


class InvolvementInline(FactInline):
    """Who."""

    model = Involvement
    autocomplete_fields = ("actor",)
    fields = (("actor", "role", "basis"), "quote", "quote_start", "reason")
    verbose_name = _("actor")
    verbose_name_plural = _("Who")


class CountInline(FactInline):
    """How many."""

    model = Count
    autocomplete_fields = ("measure", "party")
    fields = (
        ("measure", "party", "basis"),
        ("qualifier", "low", "best", "high"),
        ("label", "label_ar", "phrase"),
        "quote",
        "quote_start",
        "reason",
    )
    verbose_name = _("count")
    verbose_name_plural = _("How many")


@admin.register(Event)
class EventAdmin(SearchedList, EventTwinsAdmin, ReviewAdmin, DeskAdmin, EventDoorAdmin):
    """The events, and the form to enter one."""

    marks: ClassVar[dict[str, str]] = {"short_summary": "summary"}

    form = EventForm
    change_form_template = "admin/events/event/change_form.html"
    list_display = ("reference", "when", "type", "places", "short_summary", "status", "assignee", "tlp")
    list_display_links = ("reference", "short_summary")
    list_filter = (QueueFilter, ("status", ShelfFilter), ("tlp", ShelfFilter), "is_aggregate", ("type", TypeFilter))
    orders: ClassVar[dict[str, str]] = {"when": "newest"}
    search_fields = ("reference",)
    search_help_text = _("Words of the summary, names in any spelling, or a reference.")
    autocomplete_fields = ("type", "part_of")
    inlines: ClassVar[Any] = [PlacementInline, InvolvementInline, CountInline]
    fieldsets: ClassVar[Any] = [
        (_("Report"), {"fields": [("report", "role", "credibility")]}),
        (
            _("What"),
            {
                "fields": [
                    ("type", "type_basis"),
                    "type_quote",
                    "type_quote_start",
                    "type_reason",
                    ("is_aggregate", "part_of"),
                ]
            },
        ),
        (
            _("When"),
            {"fields": [("when", "when_phrase", "when_basis"), "when_quote", "when_quote_start", "when_reason"]},
        ),
        (_("Words"), {"fields": ["summary_en", "summary_ar", "tlp"]}),
        (_("Correction"), {"fields": ["correction_reason"]}),
    ]

    def event_of(self, obj: Event) -> Event:
        """The event itself."""
        return obj

    def report_behind(self, form: Any) -> Report | None:
        """The report at hand."""
        return cast("Report | None", form.cleaned_data.get("report"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Events with the places that the list shows."""
        return super().get_queryset(request).select_related("type", "assignee").annotate(names_of_places=PLACES)  # type: ignore[no-any-return]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Events found as by ``q=`` in the API."""
        term = search_term.replace("\x00", "").strip()
        if request.GET.get("field_name") == "merged_into":
            queryset = queryset.standing()
        if not term:
            return queryset, False
        try:
            known = self.known(request, term)
            found = search.matching(queryset, term, request.user, known)
            rank = partial(search.nearest_first, text=term, known=known)
            return self.nearest(request, queryset, found, rank), False
        except ValidationError as error:
            self.message_refused(request, error)
            return queryset.none(), False

    def known(self, request: HttpRequest, term: str) -> search.Known:
        """What is called so, looked up once for a page."""
        if not hasattr(request, "known"):
            request.known = search.known_in(names_of(request), term)  # type: ignore[attr-defined]
        return request.known  # type: ignore[attr-defined, no-any-return]

    def sought(self, request: HttpRequest, term: str) -> Sought:
        """The words, and the names that they stand for."""
        return search.looked_for(term, self.known(request, term))

    @admin.display(description=_("where"))
    def places(self, event: Event) -> str:
        """The sites."""
        names = json.loads(event.names_of_places or "[]")  # type: ignore[attr-defined]
        return " · ".join(in_language(*both) for both in names)

    @admin.display(description=_("summary"))
    def short_summary(self, event: Event) -> str:
        """The beginning of the summary."""
        return event.summary if len(event.summary) <= 90 else f"{event.summary[:90]}…"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A retracted or merged event stays as it was."""
        return super().has_change_permission(request, obj) and not (obj is not None and workflow.frozen(obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A correction is asked for only where something was published; who may only read sees what is stored."""
        fieldsets = list(super().get_fieldsets(request, obj))
        if obj is None or not obj.published_at or not self.has_change_permission(request, obj):
            fieldsets = fieldsets[:-1]
        if obj is not None and not self.has_change_permission(request, obj):
            for row in ENTERED:
                fieldsets = [without(fieldset, row) for fieldset in fieldsets]
        if obj and obj.part_of_id and not Event.objects.visible_to(request.user).filter(pk=obj.part_of_id).exists():
            fieldsets[1] = without(fieldsets[1], ("is_aggregate", "part_of"))
        return fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, with the report at hand."""
        form = super().get_form(request, obj, change, **kwargs)
        form.at_hand, form.citation = report_at_hand(request, obj), citation_at_hand(request, obj)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new event from a report is bounded by its publication."""
        report = report_at_hand(request, None)
        return cast(dict[str, Any], super().get_changeform_initial_data(request)) | (
            bounded_by(report) if report else {}
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Cite the report before the rows are saved, state each fact after them, then check the whole."""
        report = form.cleaned_data.get("report")
        if report is not None and (not change or form.citation or quotes_anything(form, formsets)):
            values = {"role": form.cleaned_data["role"], "credibility": form.cleaned_data["credibility"]}
            citation = entry.cite(form.instance, report, **values)
            for formset in formsets:
                formset.citation = citation
            self.state_own(form, citation)
        super().save_related(request, form, formsets, change)

    def state_own(self, form: Any, citation: Citation) -> None:
        """The claims for type and date."""
        for facet, name in ((Facet.WHAT, "type"), (Facet.WHEN, "when")):
            quote, start = form.cleaned_data[f"{name}_quote"], form.cleaned_data.get(f"{name}_quote_start")
            with_field(f"{name}_quote", entry.state, citation, facet, form.instance, quote, start, form.former[facet])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The rows in their order, each with the claim that states it."""
        rows = [
            row for row in formset.forms if row not in formset.deleted_forms and (row.has_changed() or row.instance.pk)
        ]
        for row in formset.deleted_forms:
            if row.former is not None and not form.instance.published_at:
                row.former.delete()
        for position, row in enumerate(rows):
            row.instance.position = position
        formset.save()
        for row in rows:
            row.instance.save()
            if formset.citation is not None:
                data = row.cleaned_data
                entry.state(
                    formset.citation, row.facet, row.instance, data["quote"], data.get("quote_start"), row.former
                )

    # After saving

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Stay with the event, or do what the button said."""
        return self.act(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Stay with the event, or do what the button said."""
        return self.act(request, obj) or super().response_change(request, obj)

    def act(self, request: HttpRequest, event: Event) -> HttpResponse | None:
        """Do what the button said; then show the event, or a blank form for the next one of the report."""
        for action in ("submit", "publish"):
            if f"_{action}" in request.POST:
                self.move(request, event, action)
                return self.stay(request, event)
        report = report_at_hand(request, event)
        if "_addanother" in request.POST and report:
            self.message_saved(request, event)
            return HttpResponseRedirect(f"{reverse('admin:events_event_add')}?report={report.pk}")
        if "_save" in request.POST and "_popup" not in request.POST:
            self.message_saved(request, event)
            return self.stay(request, event)
        return None

    def move(self, request: HttpRequest, event: Event, action: str) -> None:
        """Take the action and say how it went."""
        try:
            getattr(workflow, action)(event, request.user)
        except (ValidationError, workflow.Alone) as error:
            # What was typed is saved all the same.
            self.message_refused(request, ValidationError(sentences(error)))
            return
        self.message_moved(request, event, action)

    def message_saved(self, request: HttpRequest, event: Event) -> None:
        """Say that it is saved, under which reference."""
        self.message_user(request, _("%(event)s is saved.") % {"event": event.reference}, messages.SUCCESS)

    def stay(self, request: HttpRequest, event: Event) -> HttpResponse:
        """Back to the event, with the same report beside it."""
        report = report_at_hand(request, event)
        query = f"?report={report.pk}" if report else ""
        return HttpResponseRedirect(reverse("admin:events_event_change", args=[event.pk]) + query)

    # The page

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add what stands beside and below the form: the report, the check, the possible actions."""
        event = kwargs.get("obj")
        whole = workflow.whole(event) if event else None
        facts, differing = (provenance.facts(whole), provenance.differing(whole)) if whole else ([], [])
        # Only now: without its words a claim may seem to say something else.
        citations = told(whole, request.user) if whole else []
        open_moves = list(moves(event, request.user)) if event else []
        context["media"] = sum((form.media for form in open_moves), context["media"])
        context |= {
            "report": report_at_hand(request, event),
            "is_nav_sidebar_enabled": False,
            "sections": sections(context["adminform"], context["inline_admin_formsets"]),
            "event": whole,
            "facts": facts,
            "missing": provenance.missing(whole) if whole else [],
            "differing": [claim for claim in differing if claim.citation in citations],
            "origins": provenance.origins(whole, request.user) if whole else [],
            "citations": citations,
            "withheld": len(provenance.citations_of(whole)) - len(citations) if whole else 0,
            "actions": workflow.possible(event or Event(), request.user),
            "is_alone": workflow.is_alone(event or Event(), request.user),
            "moves": [form for form in open_moves if form.action != "comment"],
            "remark": next((form for form in open_moves if form.action == "comment"), None),
            "comments": remarks(event, request.user) if event else [],
            "merged_into": Event.objects.visible_to(request.user).filter(duplicates=event).first() if event else None,
        }
        return super().render_change_form(request, context, *args, **kwargs)


def without(fieldset: Any, row: Any) -> Any:
    """The fieldset without this row: what it names is not for this reader."""
    title, options = fieldset
    return title, options | {"fields": [item for item in options["fields"] if item != row]}


def quotes_anything(form: Any, formsets: Any) -> bool:
    """Whether any words are entered: a report that was only looked at beside the event is not cited for it."""
    rows = [row for formset in formsets for row in formset.forms]
    words = [form.cleaned_data["type_quote"], form.cleaned_data["when_quote"]]
    return any([*words, *(row.cleaned_data.get("quote") for row in rows)])


def sections(adminform: AdminForm, inlines: list[Any]) -> list[tuple[str, Any, str]]:
    """The parts of the form in the order of thought, each with the how-to page that explains it.

    Report, what, when; where, who, how many; words.
    """
    fieldsets = [("fieldset", fieldset) for fieldset in adminform]
    parts = [*fieldsets[:3], *(("inline", inline) for inline in inlines), *fieldsets[3:]]
    pages = ("citing", "entering", "dating", "entering", "entering", "counting", "entering", "citing")
    explained = [(kind, part, page) for (kind, part), page in zip(parts, pages, strict=False)]
    return [(kind, part, page) for kind, part, page in explained if kind == "inline" or part.fields]


def with_field(field: str, call: Any, *args: Any) -> Any:
    """Call; an error about the words is an error of this field of the form."""
    try:
        return call(*args)
    except ValidationError as error:
        if "quote" in getattr(error, "error_dict", {}):
            raise ValidationError({field: error.error_dict["quote"]}) from error
        raise
