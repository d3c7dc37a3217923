"""Admin of code lists, sites and actors."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.admin.entering import NamesakesAdmin
from events.admin.places import PlacesAdmin
from events.admin.twins import ActorTwinsAdmin
from events.models import Actor, ActorLink, ActorName, Cue, EventType, Measure, Site, SiteName
from osint.base.admin import NamedAdmin, RecordAdmin, RecordInline


class SpellingFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """Rows of a table, whose headings are no labels to those who hear the page."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """The fields, each with its name."""
        super().add_fields(form, index)
        for field in form.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = field.label


class SpellingInline(admin.TabularInline[Any, Any]):
    """Other spellings of the name."""

    formset = SpellingFormSet
    extra = 0
    fields = ("text", "language")
    verbose_name_plural = _("Other spellings")


class SiteNameInline(SpellingInline):
    """Other spellings of a site."""

    model = SiteName


class ActorNameInline(SpellingInline):
    """Other spellings of an actor."""

    model = ActorName


class ActorLinkInline(RecordInline):
    """How an actor stands to others."""

    model = ActorLink
    fk_name = "actor"
    autocomplete_fields = ("other",)
    fields = (("kind", "other"), ("when", "when_phrase"), "note")
    verbose_name_plural = _("Links to other actors")


@admin.register(EventType)
class EventTypeAdmin(NamedAdmin):
    """The code list of event types."""

    list_display = ("slug", "name_en", "name_ar", "parent", "acled_sub_event_type")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["slug", ("name_en", "name_ar"), "parent", "definition", "definition_ar"]}),
        (_("ACLED equivalent"), {"fields": [("acled_event_type", "acled_sub_event_type")]}),
    ]


@admin.register(Measure)
class MeasureAdmin(NamedAdmin):
    """The code list of what can be counted."""

    list_display = ("slug", "name_en", "name_ar", "unit")
    fields = ("slug", ("name_en", "name_ar"), "unit", "definition")


@admin.register(Cue)
class CueAdmin(RecordAdmin):
    """The words by which the reading aid recognises things."""

    list_display = ("text", "kind", "language", "type", "measure", "value")
    list_filter = ("kind", "language")
    list_select_related = ("type", "measure")
    search_fields = ("folded", "value")
    autocomplete_fields = ("type", "measure")
    fields = (("kind", "language"), "text", ("type", "measure", "value"))


@admin.register(Site)
class SiteAdmin(PlacesAdmin, NamedAdmin):
    """Places."""

    list_display = ("slug", "name_en", "name_ar", "kind", "parent", "pcode")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)
    inlines: ClassVar[Any] = [SiteNameInline]
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["slug", ("name_en", "name_ar"), "kind", "parent", "pcode"]}),
        (
            _("Point"),
            {
                "classes": ["point"],
                "fields": ["pasted", ("latitude", "longitude", "precision_m")],
                "description": _(
                    "Where no gazetteer has the place, give the parent and no point, or one with a generous radius. "
                    "Invent nothing."
                ),
            },
        ),
        (None, {"fields": ["note", "namesake_note"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        """Sites with what they lie in, which their descriptions name."""
        return super().get_queryset(request).select_related("parent")


@admin.register(Actor)
class ActorAdmin(NamesakesAdmin, ActorTwinsAdmin, NamedAdmin):
    """Who acts."""

    list_display = ("slug", "name_en", "name_ar", "kind")
    list_filter = ("kind",)
    fields = ("slug", ("name_en", "name_ar"), "kind", "note")
    inlines: ClassVar[Any] = [ActorNameInline, ActorLinkInline]
