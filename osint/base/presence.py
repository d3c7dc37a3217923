"""Who else has a record's form open: a quiet notice, kept apart from versions and history."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import ngettext

from osint.base.record import Record
from osint.history import visits
from osint.history.models import Presence

# Whoever was not seen for this long has gone; the page tells of itself three times as often.
FRESH = timedelta(minutes=1)


def answer(request: HttpRequest, record: Record) -> JsonResponse:
    """Note that this person has the record open, or has left it; the others that were seen just now."""
    user: Any = request.user
    place = {"model": record._meta.label_lower, "key": record.pk}
    gone = Presence.objects.filter(seen_at__lt=timezone.now() - FRESH)
    gone.exclude(model__startswith=visits.KIND).delete()
    own = Presence.objects.filter(**place, user=user)
    if "left" in request.POST:
        own.delete()
        return JsonResponse({"others": [], "sentence": ""})
    Presence.objects.update_or_create(**place, user=user, defaults={"seen_at": timezone.now()})
    others = names_of(record, request)
    return JsonResponse({"others": others, "sentence": sentence(others)}, json_dumps_params={"ensure_ascii": False})


def names_of(record: Record, request: HttpRequest) -> list[str]:
    """Who else was seen at the record in the last minute."""
    name = get_user_model().USERNAME_FIELD
    there = Presence.objects.filter(model=record._meta.label_lower, key=record.pk).exclude(user=request.user.pk)
    there = there.filter(seen_at__gte=timezone.now() - FRESH, user__is_active=True)
    return list(there.order_by(F("seen_at").asc()).values_list(f"user__{name}", flat=True))


def sentence(others: list[str]) -> str:
    """What the page says of them."""
    if not others:
        return ""
    return ngettext("%(names)s has this open too.", "%(names)s have this open too.", len(others)) % {
        "names": " · ".join(others)
    }
