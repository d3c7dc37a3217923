"""The forms of the event door: a fact beside the report's words for it, which become the fact and its claim."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events import entry
from events.choices import Basis, CitationRole, Credibility, Facet
from events.models import Citation, Event
from osint.base.admin import KnownChoice, RecordForm, VersionedForm
from sources import marks
from sources.models import Report
from sources.quotes import locate


class CorrectionForm(VersionedForm):
    """A form that asks for a reason where the event is published."""

    correction_reason = forms.CharField(
        label=_("Reason for the correction"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("The event is published: say why what we hold changes. Readers will see this, with the date."),
    )


def report_field() -> Any:
    """A choice of report, found by typing."""
    relation = Citation._meta.get_field("report")
    return forms.ModelChoiceField(
        Report.objects.all(),
        label=_("Report"),
        required=False,
        widget=KnownChoice(relation, admin.site),
        help_text=_(
            "Whose words you are entering. Another report of the same event: choose it here and enter what it says."
        ),
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


def bounded_by(report: Report) -> dict[str, Any]:
    """The date of an event of which the report says only that it has happened."""
    return {
        "when": f"../{report.published_on}",
        "when_basis": Basis.DERIVED,
        "when_reason": _("Not after the report was published, on %(day)s.") % {"day": report.published_on},
    }


class EventForm(CorrectionForm):
    """The event's own facts, the report they are taken from, and its words for them."""

    report = report_field()
    role = forms.ChoiceField(label=_("Part of the report"), choices=CitationRole.choices, initial=CitationRole.REPORTS)
    credibility = forms.TypedChoiceField(
        label=_("Credibility"),
        choices=Credibility.choices,
        coerce=int,
        initial=Credibility.CANNOT_BE_JUDGED,
        help_text=_("Digit of the Admiralty code: how far this information is to be believed."),
    )
    type_quote = quote_field()
    type_quote_start = start_field()
    when_quote = quote_field()
    when_quote_start = start_field()

    citation: Citation | None = None
    at_hand: Report | None = None

    class Meta:
        model = Event
        fields = "__all__"  # the admin's fieldsets name them
        widgets: ClassVar[dict[str, Any]] = {
            "summary_en": forms.Textarea({"rows": 2, "dir": "auto"}),
            "summary_ar": forms.Textarea({"rows": 2, "dir": "auto", "lang": "ar"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.former = {
            facet: entry.claim_for(self.citation, facet, self.instance) for facet in (Facet.WHAT, Facet.WHEN)
        }
        for facet, name in ((Facet.WHAT, "type"), (Facet.WHEN, "when")):
            if claim := self.former[facet]:
                self.initial.update({f"{name}_quote": claim.quote, f"{name}_quote_start": claim.start})
        if self.citation:
            self.initial.update({"role": self.citation.role, "credibility": self.citation.credibility})
        if self.at_hand:
            self.initial["report"] = self.at_hand.pk

    def published(self) -> date | None:
        """When the report at hand was."""
        return self.at_hand.published_on if self.at_hand else None

    def clean(self) -> dict[str, Any]:
        """The words are the report's, and a date without its own wording takes those newly quoted for it."""
        data = super().clean() or self.cleaned_data
        for name in ("type_quote", "when_quote"):
            check_quote(self, name, data.get("report"))
        quoted = "when_quote" in self.changed_data
        if quoted and not data.get("when_phrase") and may_be_said(data.get("report"), data.get("tlp")):
            data["when_phrase"] = one_line(data.get("when_quote"))
        return data


def may_be_said(report: Report | None, tlp: str | None) -> bool:
    """Whether the report's words may stand in an event with this mark: not where the report is marked more strictly."""
    return report is None or not tlp or not marks.stricter(report.tlp, tlp)


def one_line(quote: str | None) -> str:
    """The quote where it is short enough to be a wording."""
    return quote if quote and len(quote) <= 200 and "\n" not in quote else ""


class FactForm(RecordForm):
    """A fact of the event and the report's words for it."""

    quote = quote_field()
    quote_start = start_field()

    def __init__(
        self, *args: Any, citation: Citation | None = None, at_hand: Report | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at_hand = at_hand
        self.facet = entry.FACET_OF[type(self.instance)]
        self.former = entry.claim_for(citation, self.facet, self.instance)
        if self.former:
            self.initial.update({"quote": self.former.quote, "quote_start": self.former.start})

    def clean(self) -> dict[str, Any]:
        """The words are the report's, and a number without its own wording takes those newly quoted for it."""
        data = super().clean() or self.cleaned_data
        check_quote(self, "quote", self.at_hand)
        tlp = getattr(getattr(self.instance, "event", None), "tlp", None)
        quoted = "phrase" in self.fields and "quote" in self.changed_data
        if quoted and not data.get("phrase") and may_be_said(self.at_hand, tlp):
            data["phrase"] = one_line(data.get("quote"))
        return data


class FactFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """The rows of one kind of fact, which know the report at hand."""

    citation: Citation | None = None
    at_hand: Report | None = None

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Hand the report on to each row."""
        return super().get_form_kwargs(index) | {"citation": self.citation, "at_hand": self.at_hand}
