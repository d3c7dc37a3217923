"""Sentences that several rules refuse with."""

from datetime import date

from django.utils.translation import gettext as _


def after_publication(earliest: date, published_on: date) -> str:
    """The sentence that refuses an event later than its report, which the reader of the sentence may not know of."""
    return _(
        "The event would begin on %(earliest)s, after its report was published on %(published)s. Correct one of the "
        "two dates."
    ) % {"earliest": earliest, "published": published_on}
