"""Admin of events: what an analyst fills in (incident), one report's claims (evidence), lists and names (lists)."""

from events.admin import evidence, incident, lists, twins

__all__ = ["evidence", "incident", "lists", "twins"]
