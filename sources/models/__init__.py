"""Who said what, where and when: sources, their reports, relays, files, and notes on what becomes no incident."""

from sources.models.attachment import Attachment, file_path
from sources.models.note import PassageNote
from sources.models.relay import Relay
from sources.models.report import Report, ReportJudgement
from sources.models.source import Source

__all__ = ["Attachment", "PassageNote", "Relay", "Report", "ReportJudgement", "Source", "file_path"]
