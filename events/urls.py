"""Addresses of the pages about events."""

from django.urls import path

from events import views

urlpatterns = [
    path("", views.front, name="front"),
    path("events/<uuid:uuid>/", views.event_by_uuid, name="event-by-uuid"),
    path("events/<slug:reference>/", views.event, name="event"),
    path("reports/<uuid:uuid>/", views.report, name="report"),
]
