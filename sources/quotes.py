"""A quote: words of a report, with their place in its text.

Invariant (promise 1): ``report.text[start:end] == quote``, counted in Unicode code points from 0, end exclusive.
Whoever quotes a report is a subclass of ``Quoting``; while one of them quotes it, the report's text stays as it is. The
same rule stands in the database as triggers (``sources.guards``).
"""

from difflib import SequenceMatcher

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from osint.base.fields import Prose


def occurrences(quote: str, text: str) -> list[int]:
    """Every place where the quote starts in the text, overlapping ones included."""
    places, at = list[int](), text.find(quote)
    while quote and at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    return places


def nearest(quote: str, text: str) -> str:
    """The passage of the text that shares most with the quote, for an error to show; nothing where none does."""
    # Matching costs time in proportion to both lengths: enough of each to show the slip.
    match = SequenceMatcher(None, text[:20_000], quote[:300], autojunk=False).find_longest_match()
    if match.size < min(5, len(quote)):
        return ""
    start = max(0, match.a - match.b)
    return text[start : start + len(quote[:300])]


def locate(quote: str, text: str, start: int | None = None) -> tuple[int, int]:
    """Where the quote stands in the text, as (start, end); ``ValidationError`` where it does not, or where in doubt."""
    if start is not None and text[start : start + len(quote)] == quote:
        return start, start + len(quote)
    places = occurrences(quote, text)
    if not places:
        raise ValidationError(not_verbatim(quote, text), code="not_verbatim")
    if len(places) > 1:
        raise ValidationError(
            _(
                "“%(quote)s” stands %(times)d times in the report. Select it in the text, or quote more words around "
                "it."
            ),
            code="ambiguous",
            params={"quote": quote[:100], "times": len(places)},
        )
    return places[0], places[0] + len(quote)


def not_verbatim(quote: str, text: str) -> str:
    """The sentence that says that a quote is not in the report, with the passage that was perhaps meant."""
    said = _("“%(quote)s” is not in the report word for word.") % {"quote": quote[:300]}
    if passage := nearest(quote, text):
        return f"{said} " + _("Nearest: “%(passage)s”. Copy the words from the report's text.") % {"passage": passage}
    return f"{said} " + _("Copy the words from the report's text.")


class Quoting(models.Model):
    """Something that rests on words of a report."""

    report_path: str  # the lookup from here to the report, e.g. "citation__report"

    quote = Prose(_("quote"), max_length=10_000, blank=True, help_text=_("The words, copied from the report's text."))
    start = models.PositiveIntegerField(
        _("start"), null=True, blank=True, help_text=_("Offset of the first character, from 0.")
    )
    end = models.PositiveIntegerField(_("end"), null=True, blank=True, help_text=_("Offset after the last character."))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(quote="", start=None, end=None)
                | (~Q(quote="") & Q(start__isnull=False, end__isnull=False, end__gt=F("start"))),
                name="%(app_label)s_%(class)s_quote_has_a_place",
                violation_error_message=_(
                    "A quote has a start and a later end in the report's text; without a quote leave both empty."
                ),
            )
        ]

    @staticmethod
    def kinds() -> "list[type[Quoting]]":
        """All that quotes. Not ``__subclasses__()``: while migrations run, models of the past are among those."""
        return [model for model in apps.get_models() if issubclass(model, Quoting)]

    @classmethod
    def quoting(cls, report: models.Model) -> bool:
        """Whether any row of this class quotes the report."""
        return cls._default_manager.filter(**{cls.report_path: report}).exclude(quote="").exists()

    def quoted_text(self) -> str:
        """The text quoted from."""
        report: models.Model = self  # follow the path "citation__report" attribute by attribute
        for step in self.report_path.split("__"):
            report = getattr(report, step)
        return str(getattr(report, "text"))  # noqa: B009 - the report's type is known to subclasses alone

    def check_quote(self) -> None:
        """Fill in a missing place; raise ``ValidationError`` for ``quote`` where the words are not there."""
        if not self.quote:
            self.start = self.end = None
            return
        try:
            start, end = locate(self.quote, self.quoted_text(), self.start)
        except ValidationError as error:
            raise ValidationError({"quote": error}) from error
        if self.start not in (None, start) or self.end not in (None, end):
            raise ValidationError(
                {
                    "quote": _(
                        "The quote stands at %(start)d–%(end)d, not where you say. Leave the offsets out, or correct "
                        "them."
                    )
                    % {"start": start, "end": end}
                }
            )
        self.start, self.end = start, end
