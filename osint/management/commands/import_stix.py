"""STIX 2.1 in: reports and incidents, as drafts."""

from pathlib import Path

from osint.bundle.entries import Entry, Refusal
from osint.management.importer import ImportCommand
from osint.standards.stix import foreign, reading


class Command(ImportCommand):
    help = "Show what a bundle of STIX 2.1 would bring in, as drafts; with --apply, bring it in."
    format = "STIX 2.1"
    wanted = "The bundle, in UTF-8."
    unreadable = Refusal

    def batches(self, path: Path) -> list[list[Entry]]:
        """All at once: what is one here may stand in several places there."""
        return [list(foreign.entries(reading.objects(path)))]
