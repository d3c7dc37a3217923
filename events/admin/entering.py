"""What the desk answers while the name of a site or an actor is typed: which records bear it already."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from events import namesakes
from events.choices import ActorKind, SiteKind
from events.models import Site
from osint.base.judging_admin import TwinsAdmin
from osint.base.names import Named
from osint.base.twins import Twin

LARGEST_KEY, LARGEST_RADIUS = 2**63 - 1, 2**31 - 1  # what the columns hold


class TypedForm(forms.Form):
    """As much of a record as has been typed: its names, and which record it is, if it is stored."""

    record = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
    name_en = forms.CharField(required=False, max_length=200)
    name_ar = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(required=False, choices=ActorKind.choices)


class TypedSiteForm(TypedForm):
    """The same of a site: where it lies tells it from its namesakes."""

    kind = forms.ChoiceField(required=False, choices=SiteKind.choices)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180)
    precision_m = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_RADIUS)
    parent = forms.ModelChoiceField(Site.objects.all(), required=False)
    namesake_note = forms.CharField(required=False)


class NamesakesAdmin(TwinsAdmin):
    """Mixin: a form that says, while a name is typed, which records bear it already."""

    typed: type[forms.Form] = TypedForm
    change_form_template = "admin/events/named_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """The question has an address of its own."""
        view = self.admin_site.admin_view(require_safe(self.namesakes_view))
        return [path("namesakes/", view, name=self.question("namesakes")), *super().get_urls()]

    def question(self, name: str) -> str:
        """The name of the address of a question."""
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def namesakes_view(self, request: HttpRequest) -> HttpResponse:
        """The records that bear the typed name, with what speaks for them, and whether the form would be refused."""
        if not (self.has_view_permission(request) and self.judges(request, "view")):
            return HttpResponse(status=404)
        form = self.typed(request.GET)
        form.is_valid()  # what is not fit to be asked with is left out
        record = self.as_typed(request, form.cleaned_data)
        likely = self.twins_of(record, request.user).likely
        return JsonResponse({"likely": list(map(self.told, likely)), "refusal": namesakes.refusal(record)})

    def told(self, twin: Twin) -> dict[str, Any]:
        """A likely twin, as the page shows it."""
        name, address = str(twin.record), self.address_of(twin.record)
        about = twin.detail.removeprefix(f"{name} · ")
        return {"name": name, "about": about, "reasons": twin.reasons, "address": address}

    def as_typed(self, request: HttpRequest, typed: dict[str, Any]) -> Any:
        """The record as it would be with what was typed; nothing of it is saved."""
        key = typed.pop("record", None)
        record = (self.get_queryset(request).filter(pk=key).first() if key else None) or self.model()
        for name, value in typed.items():
            setattr(record, name, value)
        Named.derive(record)
        if isinstance(record, Site):
            # Without a slug yet: a path that no other begins with.
            record.path = f"{record.parent_path()}{record.slug or '?'}/"
        return record

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add where the page asks."""
        record = kwargs.get("obj")
        if self.judges(request, "view") and self.has_change_permission(request, record):
            context["namesakes_url"] = reverse(f"{self.admin_site.name}:{self.question('namesakes')}")
        return super().render_change_form(request, context, *args, **kwargs)
