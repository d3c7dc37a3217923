"""What of the sources app is found by any three letters."""

from osint.base.trigrams import NAMES, Index

INDEXES = [Index("sources_source", NAMES), Index("sources_report", ("folded",))]
