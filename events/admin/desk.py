"""The addresses of the desk, among those of the events."""

from django.urls import URLPattern, path

from events.desk import views
from osint.base.admin import RecordAdmin


class DeskAdmin(RecordAdmin):
    """An admin of events with the desk of each report."""

    def get_urls(self) -> list[URLPattern]:
        """The page, and what it asks for once it is shown."""
        guarded = self.admin_site.admin_view
        own = [
            path("desk/<int:pk>/", guarded(views.page), name="events_desk"),
            path("desk/<int:pk>/cards/", guarded(views.told), name="events_desk_cards"),
            path("desk/<int:pk>/proposals/", guarded(views.proposed), name="events_desk_proposals"),
        ]
        return [*own, *super().get_urls()]
