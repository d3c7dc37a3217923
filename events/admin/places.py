"""The site form's point: pasted as it was found, drawn with its radius, and what lies around it or may hold it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from events.admin.entering import LARGEST_KEY, LARGEST_RADIUS, NamesakesAdmin, TypedSiteForm
from events.admin.twins import SiteTwinsAdmin
from events.choices import SiteKind
from events.models import Site
from events.places import coordinates
from events.places.drawing import drawn
from events.places.geometry import Point
from events.places.nearby import SHOWN, Near, near
from events.places.parents import Asked, Proposal, asked_of, doubts, proposals, rounded
from osint.base.admin import VersionedForm
from sources.templatetags.texts import distance

UNITS = [SiteKind.COUNTRY, SiteKind.GOVERNORATE, SiteKind.DISTRICT, SiteKind.SUBDISTRICT]


class SiteForm(VersionedForm):
    """The form of a site, with a field into which a point is pasted."""

    pasted = forms.CharField(
        label=_("Paste a point"),
        required=False,
        max_length=coordinates.LONGEST,
        widget=forms.TextInput({"dir": "ltr", "class": "vTextField", "autocomplete": "off"}),
        help_text=_("As in 36.51, 40.74 or 36°30'N 40°44'E. It fills latitude and longitude, which are what is kept."),
    )

    def clean(self) -> dict[str, Any]:
        """What was pasted fills both numbers, unless others were typed as well."""
        data = super().clean() or self.cleaned_data
        if not data.get("pasted"):
            return data
        try:
            point = coordinates.read(data["pasted"]).point
        except ValidationError as error:
            self.add_error("pasted", error)
            return data
        typed = {"latitude", "longitude"} & set(self.changed_data)
        if typed and (data.get("latitude"), data.get("longitude")) != tuple(point):
            values = {"pasted": data["pasted"], "latitude": data.get("latitude"), "longitude": data.get("longitude")}
            sentence = _(
                "“%(pasted)s” is not the point %(latitude)s, %(longitude)s that is typed. Empty one of the two."
            )
            self.add_error("pasted", ValidationError(sentence, params=values))
        data["latitude"], data["longitude"] = point
        return data


class AroundForm(forms.Form):
    """A point as typed, in one field or in two, and what is known of the site that lies there."""

    record = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
    pasted = forms.CharField(required=False, max_length=coordinates.LONGEST)
    latitude = forms.FloatField(label=_("latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("longitude"), required=False, min_value=-180, max_value=180)
    precision_m = forms.IntegerField(label=_("precision radius"), required=False, min_value=1, max_value=LARGEST_RADIUS)
    kind = forms.ChoiceField(required=False, choices=SiteKind.choices)
    parent = forms.ModelChoiceField(Site.objects.all(), required=False)

    def asked(self) -> tuple[Point | None, int]:
        """The point, and the radius: as typed, or what the digits of a pasted point leave open."""
        data = self.cleaned_data
        if data["pasted"]:
            found = coordinates.read(data["pasted"])
            return found.point, data["precision_m"] or found.precision_m
        if data["latitude"] is None or data["longitude"] is None:
            return None, 0
        return Point(data["latitude"], data["longitude"]), data["precision_m"] or 0


class PlacesAdmin(NamesakesAdmin, SiteTwinsAdmin):
    """Mixin: the form of a site with a map, the sites around its point, and what may hold it."""

    form = SiteForm
    typed = TypedSiteForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A point is pasted only where it can be changed."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, options | {"fields": [field for field in options["fields"] if field != "pasted"]})
            for title, options in fieldsets
        ]

    def get_urls(self) -> list[URLPattern]:
        """What lies around a point is asked at an address of its own."""
        view = self.admin_site.admin_view(require_safe(self.around_view))
        return [path("around/", view, name=self.question("around")), *super().get_urls()]

    def around_view(self, request: HttpRequest) -> HttpResponse:
        """The point as read, what lies around it, and what may hold it; or why it is no point."""
        if not self.has_view_permission(request):
            return HttpResponse(status=404)
        form = AroundForm(request.GET)
        if not form.is_valid():
            return JsonResponse({"error": " ".join(sentences(form))})
        try:
            point, precision_m = form.asked()
        except ValidationError as error:
            return JsonResponse({"error": " ".join(error.messages)})
        if point is None:
            return JsonResponse({"error": ""})
        data = form.cleaned_data
        record = self.get_queryset(request).filter(pk=data["record"]).first() if data["record"] else None
        asked = Asked(point, precision_m, data["kind"], record.path if record else "")
        found = self.surroundings(asked, data["parent"])
        return JsonResponse({"error": "", "point": [*point], "precision_m": precision_m} | found)

    def surroundings(self, asked: Asked, parent: Site | None) -> dict[str, Any]:
        """What lies around a point, as page and program show it."""
        # The point of a governorate or a district is the middle of an outline, and near to nothing.
        found = near(Site.objects.exclude(path=asked.path).exclude(kind__in=UNITS), asked.point)
        return {
            "nearby": list(map(self.neighbour, found[:SHOWN])),
            "more": max(0, len(found) - SHOWN),
            "proposals": [proposed(one, parent) for one in proposals(asked)],
            "doubts": doubts(asked, parent),
        }

    def neighbour(self, found: Near) -> dict[str, Any]:
        """A site nearby."""
        return drawn(found.site) | {
            "away": distance(rounded(found.metres)),
            "address": self.address_of(found.site),
        }

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the map, and, for those without scripts, what it would ask for."""
        record: Any = kwargs.get("obj")
        asked = asked_of(record) if record else None
        context |= {
            "surroundings": self.surroundings(asked, record.parent) if asked else None,
            "around_url": reverse(f"{self.admin_site.name}:{self.question('around')}"),
        }
        return super().render_change_form(request, context, *args, **kwargs)


def sentences(form: forms.Form) -> list[str]:
    """What is wrong with a form, each with the field's name."""
    return [
        f"{form.fields[name].label or name}: {sentence}" for name, found in form.errors.items() for sentence in found
    ]


def proposed(proposal: Proposal, parent: Site | None) -> dict[str, Any]:
    """A site that may hold this one, and what is entered already: that it does, or that something within it does."""
    site = proposal.site
    entered = _("entered") if parent == site else _("holds what is entered")
    is_known = parent is not None and parent.path.startswith(site.path)
    return {"key": site.pk, "name": site.described, "why": proposal.why, "entered": str(entered) if is_known else ""}
