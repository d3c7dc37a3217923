"""Promises on what is kept beside events: lists, texts and totals say what the events do."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from events.models import Document, Event
from events.querysets import OUT
from events.stored import backing, documents, terms
from osint.base.chunks import chunks
from osint.keeping.promises.registry import Found, address_of, promise

CHUNK = 500


@promise(5)
def events_are_counted_where_they_belong() -> Found:
    """The lists by which events are found and counted hold each of them once, where it belongs."""
    sentence = _("It is not listed, or not counted, where it belongs. Run manage.py reindex.")
    yield from told(terms.misfiled() | documents.missing() | backing.misjudged(), sentence)


@promise(9)
def stored_texts_say_what_events_do() -> Found:
    """The texts in which events are sent are those that would be written now."""
    sentence = _("The text in which it is sent is not what it holds. Run manage.py reindex.")
    for keys in chunks(Document.objects.order_by("pk").values_list("pk", flat=True), documents.CHUNK):
        yield from told(documents.wrong(keys), sentence)


@promise(9)
def only_what_everybody_sees_is_kept_for_everybody() -> Found:
    """No text for the public is kept of an event that the public may not see."""
    public = Event.objects.visible_to(AnonymousUser(), OUT).order_by().values("pk")
    hidden = Document.objects.exclude(full="").exclude(pk__in=public).order_by("pk").values_list("pk", flat=True)
    yield from told(
        hidden, _("A text for everybody is kept of it, and not everybody may see it. Run manage.py reindex.")
    )


def told(keys: Iterable[int], sentence: str) -> Found:
    """The sentence of each of these events."""
    for some in chunks(sorted(keys), documents.CHUNK):
        references = dict(Event.objects.filter(pk__in=some).order_by().values_list("pk", "reference"))
        for key in some:
            yield address_of(Event, key), f"{references.get(key, key)}: {sentence}"
