"""Form fields for dates as people write them: words become EDTF, or a day, and are shown as read while being typed."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from osint.base import dates, written
from osint.base.text import shown
from osint.base.written import Found

SPAN, DAY = "span", "day"
WHEN_HELP = gettext_lazy(
    "As you would write it: 12 November 2025, first half of November, early October, 3–5 November, 3 or 5 November; "
    "or EDTF: 2025-11-01/2025-11-15."
)
_SCRIPT = forms.Media(
    css={"all": ["osint/dates.css"]},
    js=[Script("osint/dates.js", defer=True)],  # type: ignore[list-item]  # the stubs know no scripts yet
)


class _ReadWhileTyped:
    """Mixin for a box below which its text is shown as it is read (``osint/dates.js``)."""

    kind = SPAN

    @property
    def media(self) -> forms.Media:
        """With the script that asks."""
        return super().media + _SCRIPT  # type: ignore[misc,no-any-return]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the address that reads, and what is wanted of it."""
        own = {"data-reading-url": reverse("date-reading"), "data-reading-kind": self.kind, "autocomplete": "off"}
        context: dict[str, Any] = super().get_context(name, value, own | (attrs or {}))  # type: ignore[misc]
        return context


class WhenInput(_ReadWhileTyped, AdminTextInputWidget):
    """A box for a date of any precision; it runs as what is typed into it does."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"dir": "auto"} | (attrs or {}))


class DayInput(_ReadWhileTyped, AdminDateWidget):
    """A box for one day, with Django's calendar beside it."""

    kind = DAY

    def format_value(self, value: Any) -> str | None:
        """As ISO writes it, in every language: what is shown can be typed again."""
        return value.isoformat() if isinstance(value, date) else super().format_value(value)


class _Written(forms.Field):
    """Mixin for a field that reads words; its form says when they were written (``ReadsDates``)."""

    published: date | None = None
    found: Found | None = None

    def read(self, value: Any) -> Found | None:
        """The date typed, or none where nothing is."""
        text = str(value or "").strip()
        self.found = written.read(text, self.published) if text else None
        return self.found


class WhenField(_Written, forms.CharField):
    """A date of any precision, kept as EDTF."""

    widget = WhenInput

    def to_python(self, value: Any) -> str:
        """The EDTF text of what was typed."""
        found = self.read(value)
        return found.edtf if found else ""


class DayField(_Written, forms.DateField):
    """One day."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        """The day typed."""
        if value is None or isinstance(value, date):
            return super().to_python(value)
        found = self.read(value)
        return one_day(found) if found else None


def one_day(found: Found) -> date:
    """The day that was read; a span, a list or an approximation is none."""
    if found.earliest is None or found.edtf != found.earliest.isoformat():
        raise ValidationError(
            _("“%(value)s” is read as %(reading)s; one day is wanted here. Write it like 12 November 2025."),
            code="date_no_day",
            params={"value": shown(found.word), "reading": in_words(found)},
        )
    return found.earliest


def in_words(found: Found) -> str:
    """The reading in the reader's language."""
    return dates.describe(dates.parse(found.edtf), get_language() or "en")


def reading(text: str, published: date | None, kind: str) -> dict[str, Any]:
    """What is shown below a box: the date as read with its bounds and what was inferred, or why it is none."""
    try:
        found = written.read(text, published)
        if kind == DAY:
            one_day(found)
    except ValidationError as error:
        return {"error": " ".join(error.messages)}
    return {
        "edtf": found.edtf,
        "words": in_words(found),
        "bounds": _bounds(found.earliest, found.latest),
        "earliest": found.earliest,
        "latest": found.latest,
        "basis": found.basis,
        "inferred": written.explain(found),
    }


def _bounds(earliest: date | None, latest: date | None) -> str:
    if earliest is None:
        return _("at the latest %(day)s") % {"day": latest}
    if latest is None:
        return _("at the earliest %(day)s") % {"day": earliest}
    return _("earliest %(earliest)s, latest %(latest)s") % {"earliest": earliest, "latest": latest}


class ReadsDates(forms.BaseForm):
    """Mixin for a form whose dates may be typed in words, which it may keep as the wording."""

    def published(self) -> date | None:
        """When the words at hand were published; a year that they leave out is taken from it."""
        return None

    def full_clean(self) -> None:
        """As Django's, after the fields are told when the words were published."""
        published = self.published() if self.is_bound else None
        for field in self.fields.values():
            if isinstance(field, _Written):
                field.published = published
        super().full_clean()

    def keep_wording(self) -> None:
        """Words typed for a date are its wording, where none is given."""
        field = self.fields.get("when")
        found = field.found if isinstance(field, WhenField) else None
        if found is None or found.rule in {"edtf", "day_in_digits", "month_in_digits"}:
            return
        if "when_phrase" in self.cleaned_data and not self.cleaned_data["when_phrase"]:
            self.cleaned_data["when_phrase"] = str(self.data.get(self.add_prefix("when"), "")).strip()
