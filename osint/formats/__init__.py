"""How numbers, dates and times are written in each language.

Arabic monitors of Syria write Latin digits, and each month by its Levantine and its modern name, as readers expect one
of them: so do the pages, wherever Django writes a date (``osint.base.dates`` does where we do). Clocks have 24 hours.
"""

from django.utils.translation import gettext_noop

# Django's names of the months, which our catalogue translates its own way.
MONTHS = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
)
