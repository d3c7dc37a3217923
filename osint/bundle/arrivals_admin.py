"""Imports in the admin: a bundle is sent, what it would do is shown, conflicts are decided, and then it is done."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from osint.base.errors import sentence_of
from osint.bundle import reading, uploads
from osint.bundle.applying import Stale, apply
from osint.bundle.arrivals import IMPORTS, Arrival, Arrived
from osint.bundle.comparing import conflicts
from osint.bundle.contents import BY_LABEL
from osint.bundle.deciding import CHOICE, Decided, fingerprint
from osint.bundle.entries import Refusal
from osint.bundle.planning import plan
from osint.bundle.plans import (
    LABELS,
    LEAVE,
    MINE,
    THEIRS,
    Difference,
    Outcome,
    Plan,
    Step,
    conflict_name,
    name_of,
    side_by_side,
)
from osint.bundle.undo import UNDOES, undo
from osint.bundle.units import STATE
from osint.history.naming import Names
from sources import marks

MOST_RECORDS = 20_000  # what takes longer than a request may is for the command
MOST_SHOWN = 100
CHOICES = (
    (MINE, gettext_lazy("what is here")),
    (THEIRS, gettext_lazy("what comes")),
    (LEAVE, gettext_lazy("leave it open")),
)


class UploadForm(forms.Form):
    """The file, and what is known of it."""

    file = forms.FileField(label=gettext_lazy("Bundle"), help_text=gettext_lazy("A zip, as export_bundle makes it."))
    unsigned = forms.BooleanField(label=gettext_lazy("Nobody has signed it"), required=False)
    late = forms.BooleanField(label=gettext_lazy("It is older than what came already"), required=False)


class UndoForm(forms.Form):
    """Why an import is undone."""

    why = forms.CharField(
        label=gettext_lazy("Why it is undone"),
        max_length=5_000,
        widget=forms.Textarea({"rows": 2, "dir": "auto", "class": "vLargeTextField"}),
    )


@admin.register(Arrival)
class ArrivalAdmin(admin.ModelAdmin[Arrival]):
    """Imports; a new one is planned before it is made, and each can be undone."""

    list_display = ("number", "called", "place", "entries", "at", "by", "state")
    list_select_related = ("by",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)
    search_fields = ("organisation", "sha256", "=arrived__identity")
    search_help_text = gettext_lazy("An organisation, or the UUID or slug of a record: how did it come here?")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Arrival]:
        """All, for those who import; where a record is looked for, with the entry that it was."""
        found = super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]
        sought = request.GET.get(SEARCH_VAR, "").strip().lower()
        entries = Arrived.objects.filter(arrival=OuterRef("pk"), identity=sought).order_by("pk")
        return found.annotate(place=Subquery(entries.values("where")[:1])) if sought else found  # type: ignore[no-any-return]

    @admin.display(description=gettext_lazy("number"), ordering="pk")
    def number(self, arrival: Arrival) -> int:
        """The number by which the command knows it."""
        return int(arrival.pk)

    @admin.display(description=gettext_lazy("from"))
    def called(self, arrival: Arrival) -> str:
        """Who it is from."""
        return format_html('<span dir="auto">{}</span>', arrival)

    @admin.display(description=gettext_lazy("entry"))
    def place(self, arrival: Arrival) -> str:
        """Which entry of it the record was that is looked for."""
        return format_html('<span dir="ltr">{}</span>', getattr(arrival, "place", None) or "–")

    @admin.display(description=pgettext_lazy("how it stands", "state"))
    def state(self, arrival: Arrival) -> str:
        """Whether it stands."""
        return _("undone") if arrival.undone_at else _("applied")

    # Who may

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Those who import, and see all that there is."""
        return super().has_add_permission(request) and request.user.has_perm(marks.SEES_RED)

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never: what has come has come."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never: it is undone."""
        return False

    # Looking

    def get_fields(self, _request: HttpRequest, _obj: Any = None) -> Any:
        """All that is known of it."""
        told = ["called", "format", "organisation", "sequence", "sha256", "key", "database", "entries", "at", "by"]
        return [*told, "change", "undone_at", "undone_by", "undone_why"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Everything."""
        return self.get_fields(request, obj)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """As Django's, with the form that undoes it."""
        more = {"undo_form": UndoForm()} if request.user.has_perm(UNDOES) else {}
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))

    change_form_template = "admin/bundle/arrival/change_form.html"

    # Making one

    def get_urls(self) -> list[URLPattern]:
        """With those of plans."""
        view = self.admin_site.admin_view
        return [
            path("plan/<uuid:token>/", view(self.plan_view), name="bundle_arrival_plan"),
            path("<int:number>/undo/", view(self.undo_view), name="bundle_arrival_undo"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, _form_url: str = "", _extra_context: Any = None) -> HttpResponse:
        """The form for a file; what is wrong with the file itself is said at once."""
        check(request, IMPORTS)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            token = uploads.keep(form.cleaned_data["file"])
            asked = {name: "1" for name in ("unsigned", "late") if form.cleaned_data[name]}
            try:
                planned(uploads.find(token), asked)
            except (Refusal, ValidationError) as error:
                uploads.forget(token)
                form.add_error("file", sentence(error))
            else:
                query = "".join(f"&{name}=1" for name in asked).replace("&", "?", 1)
                return HttpResponseRedirect(reverse("admin:bundle_arrival_plan", args=[token]) + query)
        return self.page(request, "upload", _("Import a bundle"), {"form": form})

    def plan_view(self, request: HttpRequest, token: UUID) -> HttpResponse:
        """What a file would do; with decisions, doing it."""
        check(request, IMPORTS)
        path = uploads.find(token)
        if path is None:
            raise Http404(_("This file is not kept any more. Send it again."))
        decided = Decided.posted(request.POST)
        try:
            found = planned(path, request.GET)
            if request.method == "POST":
                try:
                    return self.apply(request, token, found, decided)
                except Stale as error:
                    messages.error(request, sentence_of(error))
                    return self.plan_again(request, planned(path, request.GET), decided)
        except (Refusal, ValidationError) as error:
            uploads.forget(token)
            messages.error(request, sentence(error))
            return HttpResponseRedirect(reverse("admin:bundle_arrival_add"))
        return self.page(request, "plan", _("What this bundle would do"), Shown(found, request.user).told())

    def plan_again(self, request: HttpRequest, found: Plan, decided: Decided) -> HttpResponse:
        """What the file would do by now, with those decisions that still fit; the others are named."""
        shown = Shown(found, request.user, decided)
        for name in shown.lost():
            messages.warning(request, _("What you had decided fits no more: %(conflict)s.") % {"conflict": name})
        return self.page(request, "plan", _("What this bundle would do"), shown.told(), status=409)

    def apply(self, request: HttpRequest, token: UUID, found: Plan, decided: Decided) -> HttpResponse:
        """Do what was shown, with what was decided."""
        if request.POST.get("digest") != found.digest:
            raise Stale(_("Somebody has changed since what this plan speaks of. This is what it would do now."))
        with_files = planned(uploads.find(token), request.GET, decided.choices, request.user, then=True)
        uploads.forget(token)
        if with_files is None:
            messages.info(request, _("There was nothing to do."))
            return HttpResponseRedirect(reverse("admin:bundle_arrival_changelist"))
        messages.success(request, _("Import %(number)d is done.") % {"number": with_files.pk})
        return HttpResponseRedirect(reverse("admin:bundle_arrival_change", args=[with_files.pk]))

    def undo_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Undo an import."""
        check(request, UNDOES)
        arrival = self.get_queryset(request).filter(pk=number).first()
        if arrival is None or request.method != "POST":
            raise Http404
        try:
            undone = undo(arrival, request.user, request.POST.get("why", ""))
        except ValidationError as error:
            messages.error(request, sentence_of(error))
        else:
            told = ngettext(
                "%(number)d record is as before.", "%(number)d records are as before.", undone.taken_back
            ) % {"number": undone.taken_back}
            messages.success(request, told)
            for kept in undone.kept[:20]:
                messages.warning(request, kept)
        return HttpResponseRedirect(reverse("admin:bundle_arrival_change", args=[number]))

    def page(
        self, request: HttpRequest, name: str, title: str, more: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        """A page of ours within the admin."""
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **more}
        return TemplateResponse(request, f"admin/bundle/arrival/{name}.html", context, status=status)


def check(request: HttpRequest, permission: str) -> None:
    """Raise where the person may not; what a plan shows of what is here, it shows whatever its mark."""
    if not request.user.has_perms([permission, marks.SEES_RED]):
        raise PermissionDenied


def sentence(error: Exception) -> str:
    """What is wrong with a file."""
    return sentence_of(error) if isinstance(error, ValidationError) else str(error)


def planned(path: Path | None, asked: Any, decisions: Any = None, by: Any = None, *, then: bool = False) -> Any:
    """The plan of a file; ``then`` it is applied, while the file is open, and the import is what is given."""
    if path is None:
        raise Refusal(_("This file is not kept any more. Send it again."))
    with reading.opened(path, unsigned="unsigned" in asked, late="late" in asked) as bundle:
        if sum(bundle.manifest.counts.values()) > MOST_RECORDS:
            raise Refusal(
                _("This bundle has more than %(most)d records: let the command import_bundle read it.")
                % {"most": MOST_RECORDS}
            )
        found = plan(bundle.entries(), bundle.arriving(), decisions, by=by)
        return apply(found, by) if then else found


class Shown:
    """A plan as its page shows it to a reader, with what the reader has decided already."""

    def __init__(self, found: Plan, reader: Any, decided: Decided | None = None) -> None:
        self.found, self.decided = found, decided or Decided()
        self.changed = [*self.some(Outcome.CHANGED, Outcome.MINE, Outcome.GONE), *self.noted()]
        self.refused = self.some(Outcome.REFUSED)
        self.conflicts = list(conflicts(found.steps))
        self.names = Names(reader)
        wanted: dict[Any, set[int]] = {}
        self.steps = {step.identity: step for step in found.steps} if self.decided.choices else {}
        spoken_of = [step for name in self.decided.choices if (step := self.steps.get(parts_of(name)[0]))]
        for step in [*self.changed, *self.refused, *(step for step, _one in self.conflicts), *spoken_of]:
            if step.key is not None:
                wanted.setdefault(step.model, set()).add(step.key)
        self.names.look_up(wanted)

    def told(self) -> dict[str, Any]:
        """What the template shows."""
        counts = self.found.counts
        return {
            "plan": self.found,
            "counts": [(LABELS[Outcome(name)], number) for name, number in counts.items()],
            "conflicts": [self.conflict(step, one) for step, one in self.conflicts],
            "choices": CHOICES,
            "refused": [(step, self.called(step)) for step in self.refused],
            "changed": [(step, self.called(step), rows(step)) for step in self.changed],
            "is_cut": any(number > MOST_SHOWN for name, number in counts.items() if name not in {"new", "same"}),
            "new": new_by_kind(self.found),
        }

    def some(self, *outcomes: Outcome) -> list[Step]:
        """The first steps with these outcomes."""
        return [step for step in self.found.steps if step.outcome in outcomes][:MOST_SHOWN]

    def noted(self) -> list[Step]:
        """The first steps that write no value, of which there is something to say."""
        return [step for step in self.found.steps if step.outcome == Outcome.SAME and step.note][:MOST_SHOWN]

    def conflict(self, step: Step, difference: Difference) -> dict[str, Any]:
        """A conflict, to be decided."""
        name = conflict_name(step, difference)
        return {
            "name": f"{CHOICE}{name}",
            "fingerprint": fingerprint(difference),
            "choice": self.decided.choice(step, difference),
            "called": self.called(step),
            "note": step.note,
            "rows": list(fields(step, difference)),
        }

    def lost(self) -> list[str]:
        """What the decisions were about that do not fit any more."""
        return [said for name in self.decided.lost(self.found) if (said := self.conflict_in_words(name))]

    def conflict_in_words(self, name: str) -> str:
        """What a conflict is, or was, about; nothing where it is none of ours."""
        identity, unit = parts_of(name)
        model, step = BY_LABEL.get(identity[0]), self.steps.get(identity)
        if model is None:
            return ""
        called = self.called(step) if step else f"{model._meta.verbose_name} {identity[1]}"
        return f"{called} · {field_in_words(model, unit)}"

    def called(self, step: Step) -> str:
        """What the record is called."""
        known = self.names.texts.get(step.model, {}).get(step.key)
        return f"{step.model._meta.verbose_name} {known or step.name}"


def parts_of(name: str) -> tuple[tuple[str, str], str]:
    """Of which record, and of what in it, the name of a conflict speaks."""
    label, key, unit = [*name.split(" ", 2), "", ""][:3]
    return (label, key), "" if unit == "there" else unit


def new_by_kind(found: Plan) -> list[tuple[str, int]]:
    """How many new records there are of each kind."""
    numbers: dict[str, int] = {}
    for step in found.steps:
        if step.outcome == Outcome.NEW:
            kind = str(step.model._meta.verbose_name_plural)
            numbers[kind] = numbers.get(kind, 0) + 1
    return list(numbers.items())


def rows(step: Step) -> list[tuple[str, str, str, bool]]:
    """Field by field what is here and what comes, and whether it is taken."""
    return [(*row, one.is_taken) for one in step.differences for row in fields(step, one)]


def fields(step: Step, difference: Difference) -> Iterator[tuple[str, str, str]]:
    """The fields of a difference: their names, what is here, what comes."""
    for name, both in difference.fields.items():
        column = columns_of(step.model).get("status" if name == STATE else name)
        mine, theirs = (worded(column, value) for value in both)
        yield field_in_words(step.model, name), *side_by_side(mine, theirs, 1_000)


def columns_of(model: Any) -> dict[str, Any]:
    """The columns of a model by name."""
    return {column.name: column for column in model._meta.concrete_fields}


def field_in_words(model: Any, name: str) -> str:
    """What a field is called; being there at all, and what became of an event, are fields too."""
    column = columns_of(model).get(name)
    return str(column.verbose_name) if column and name != STATE else name_of(name)


def worded(column: Any, value: Any) -> Any:
    """A value, or what it stands for in a column of codes; what became of an event begins with such a code."""
    if isinstance(value, list) and value:
        return [worded(column, value[0]), *value[1:]]
    return dict(column.flatchoices).get(value, value) if column and isinstance(value, str | int) else value
