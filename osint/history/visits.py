"""When a person was here before: kept with the person, so that another browser knows it too.

A visit ends after half an hour in which the person neither opened the front page nor changed anything.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from osint.history.models import Entry, Presence

SILENCE = timedelta(minutes=30)
# Who was never here, or not for long, is told of the last days alone.
SHORTEST, LONGEST = timedelta(days=7), timedelta(days=60)
# Being here is kept beside being at a record; these are no records.
KIND = "visit."
HERE, BEFORE = f"{KIND}here", f"{KIND}before"


def since(user: Any) -> datetime:
    """The end of this person's visit before the present one; notes that the person is here."""
    now = timezone.now()
    kept = dict(Presence.objects.filter(user=user, model__in=[HERE, BEFORE], key=0).values_list("model", "seen_at"))
    seen = last_seen(user, kept.get(HERE))
    if seen is not None and now - seen > SILENCE:
        kept[BEFORE] = seen
        note(user, BEFORE, seen)
    if HERE not in kept or now - kept[HERE] > timedelta(minutes=1):
        note(user, HERE, now)
    return max(kept.get(BEFORE, now - SHORTEST), now - LONGEST)


def last_seen(user: Any, here: datetime | None) -> datetime | None:
    """When the person last opened the front page or changed something, as far as is known."""
    changed = Entry.objects.filter(by=user).order_by("-seq").values_list("at", flat=True).first()
    return max(filter(None, (here, changed)), default=None)


def note(user: Any, model: str, at: datetime) -> None:
    """Keep the moment."""
    Presence.objects.update_or_create(user=user, model=model, key=0, defaults={"seen_at": at})
