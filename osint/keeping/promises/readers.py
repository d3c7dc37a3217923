"""Promises on who may see what: nothing is marked more mildly than what it shows."""

from django.utils.translation import gettext as _

from events import provenance
from events.models import Correction, Event
from osint.keeping.promises.registry import Found, address_of, asked, promise
from sources import marks

CHUNK = 200


@promise(9)
def what_was_merged_fits_together() -> Found:
    """An event that shows the evidence of another is marked as strictly, and was there before its reports."""
    bearing = Event.objects.filter(duplicates__isnull=False).distinct().with_evidence().order_by("pk")
    for event in bearing.iterator(chunk_size=CHUNK):
        for duplicate in event.duplicates.all():
            for sentence in asked(provenance.check_duplicate, event, duplicate):
                yield address_of(Event, event.pk), f"{event.reference}: {sentence}"


@promise(9)
def corrections_are_marked_as_what_they_tell() -> Found:
    """A correction that tells of a mark is marked as strictly."""
    for correction in Correction.objects.order_by("pk").iterator(chunk_size=CHUNK):
        told = [side["tlp"] for side in (correction.before, correction.after) if side.get("tlp") in marks.ORDER]
        if marks.stricter(marks.strictest(told), correction.tlp):
            said = {"own": correction.tlp, "mark": marks.strictest(told)}
            sentence = _("A correction is marked %(own)s, and tells of what was marked %(mark)s.") % said
            yield address_of(Event, correction.event_id), sentence
