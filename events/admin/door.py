"""How an admin page changes an event: through the workflow, with the report at hand that the words come from."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events import workflow
from events.models import Citation, Event
from osint.base.admin import KnownChoice, RecordAdmin, RecordForm
from sources.models import Report
from sources.quotes import locate


class CorrectionForm(RecordForm):
    """A form that asks for a reason where the event is published."""

    correction_reason = forms.CharField(
        label=_("Reason for the correction"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("The event is published: say why what we hold changes. Readers will see this, with the date."),
    )


class EventDoorAdmin(RecordAdmin):
    """An admin page that changes an event or something under it."""

    form = CorrectionForm

    def event_of(self, obj: Any) -> Event:
        """The event that the object is, or belongs to."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Remember what was held before the first row is written."""
        request.before = workflow.remember(self.event_of(obj))  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, then check the whole and keep the correction."""
        super().save_related(request, form, formsets, change)
        event = self.event_of(form.instance)
        reason = form.cleaned_data.get("correction_reason") or ""
        workflow.settle(event, request.before, request.user, reason, self.report_behind(form))  # type: ignore[attr-defined]

    def report_behind(self, form: Any) -> Report | None:
        """The report that a correction rests on."""
        raise NotImplementedError


def report_field() -> Any:
    """A choice of report, found by typing."""
    relation = Citation._meta.get_field("report")
    return forms.ModelChoiceField(
        Report.objects.all(),
        label=_("Report"),
        required=False,
        widget=KnownChoice(relation, admin.site),
        help_text=_("Whose words you are entering. Another report of the same event: choose it here and enter what it says."),
    )


def quote_field(label: Any = None) -> forms.CharField:
    """A field for words of the report."""
    return forms.CharField(
        label=label or _("Words of the report"),
        required=False,
        strip=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 1, "dir": "auto", "class": "quote", "data-quote": "1"}),
    )


def start_field() -> forms.IntegerField:
    """Where the words were selected; nothing where they were typed or pasted."""
    return forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput({"data-start": "1"}))


def check_quote(form: forms.BaseForm, name: str, report: Report | None) -> None:
    """Refuse words that are not in the report, at their field, and keep their place."""
    quote = (form.cleaned_data.get(name) or "").replace("\r\n", "\n")
    form.cleaned_data[name] = quote
    if not quote:
        return
    if report is None:
        form.add_error(name, _("Choose the report that these words come from."))
        return
    try:
        form.cleaned_data[f"{name}_start"], _end = locate(quote, report.text, form.cleaned_data.get(f"{name}_start"))
    except ValidationError as error:
        form.add_error(name, error)
