"""Admin of events: the form an analyst fills (incident), the claims of one report (evidence), code lists and names (lists)."""

from events.admin import evidence, incident, lists

__all__ = ["evidence", "incident", "lists"]
