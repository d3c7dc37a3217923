"""What of the events app is found by any three letters."""

from osint.base.trigrams import NAMES, Index

INDEXES = [
    *(Index(table, NAMES) for table in ("events_site", "events_actor", "events_eventtype", "events_measure")),
    *(Index(table, ("folded",)) for table in ("events_sitename", "events_actorname", "events_event", "events_claim")),
]
