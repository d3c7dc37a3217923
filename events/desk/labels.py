"""The sentences that the desk's script says, in the reader's language; names in braces are filled in by it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from events.choices import Facet

LABELS: dict[str, Any] = {
    "what": Facet.WHAT.label,
    "when": Facet.WHEN.label,
    "where": Facet.WHERE.label,
    "who": Facet.WHO.label,
    "how_many": Facet.HOW_MANY.label,
    "no_events": _("No events yet. Select words in the report, then press “New event”."),
    "selected": _("Selected: “{words}”"),
    "nothing_selected": _("Select words in the report."),
    "new_event": _("New event: accept what is right among what was recognised, and add what is missing."),
    "accepted": _("{facet} accepted: {value}."),
    "rejected": _("{facet} rejected: {value}."),
    "added": _("{facet} added: {value}."),
    "saving": _("Saving…"),
    "saved": _("{event} is saved."),
    "unsaved": _("Not saved yet"),
    "draft_card": _("New event, not saved"),
    "changed_card": _("{event}: changes not saved"),
    "lost": _("There is no connection. What you entered is kept here, and is sent when there is one again."),
    "retry": _("Send again"),
    "refused": _("Not saved: see the sentences at the facts."),
    "stale": _("{event} was changed by somebody else meanwhile. Your additions are kept: look at what is stored now, "
               "and save again."),
    "stale_field": _("{field}: {before} → {after} ({by})"),
    "restored": _("What you had entered here and not saved is back."),
    "needs_what": _("Say what happened: accept a type or choose one."),
    "needs_reason": _("Say why you hold it: no words of the report are quoted for it."),
    "needs_summary": _("Sum the event up in one sentence."),

    "missing": _("missing: {number}"),
    "complete": _("nothing missing"),
    "others": _("also cited: {reports}"),
    "background": _("background"),
    "number_of": _("{number} {thing}"),
    "ambiguous": _("Which one?"),
    "accept": _("Accept"),
    "accept_of": _("of {party}"),
    "reject": _("Reject"),
    "remove": _("Remove"),
    "choose": _("Choose: {facet}"),
    "nothing_found": _("Nothing found. Write it in another spelling, or add the record in the admin first."),
    "reason": _("Reason"),
    "supports": _("“{words}” supports {event}: which fact does it state?"),
    "differs": _("“{words}” differs from {event}: what does it say?"),
    "no_active": _("Choose the event first: press “Work on it” on its card."),
    "no_value": _("Nothing is recognised in these words. Choose what they say:"),
    "claim_saved": _("The words are a claim about {event}."),
    "background_saved": _("{event} is cited as background."),
    "noted": _("The passage is noted."),
    "nothing_noted": _("Marked as nothing to code."),
    "undo": _("Undo"),
    "undone": _("Undone."),
    "discarded": _("Discarded."),
    "status_set": _("The report is now: {status}."),
    "correction": _("Reason for the correction"),
    "likely": _("Likely the same as:"),
    "compare": _("Compare"),
    "support_it": _("It is this one: add my words to it"),
    "background_it": _("This report repeats it as background"),
    "another": _("It is another one"),
    "merged_facts": _("The words were added to {event}."),
    "party": _("whose"),
    "nobody": _("nobody's"),
    "day_before": _("a day earlier"),
    "day_after": _("a day later"),
    "days_before": _("{number} day(s) before {day}."),
    "days_after": _("{number} day(s) after {day}."),
    "each_day": _("one event for each day"),
    "over": _("in this time"),
    "one_of": _("on one of these days"),
    "every": _("on every one of these days"),
    "exactly": _("exactly"),
    "cannot_read": _("The answer of the server could not be read. Load the page again."),
}  # fmt: skip


def in_language() -> dict[str, str]:
    """All of them, in the language of the request."""
    return {name: str(label) for name, label in LABELS.items()}


FIELDS: dict[str, Any] = {
    "low": _("at least"),
    "best": _("best"),
    "high": _("at most"),
    "qualifier": _("qualifier"),
    "label": _("of whom"),
    "before": _("As in the event before, with the words that state it there"),
}


def fields() -> dict[str, str]:
    """What the fields of a card are called."""
    return {name: str(label) for name, label in FIELDS.items()}
