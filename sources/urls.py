"""Addresses of the pages about sources."""

from django.urls import path

from sources import views

urlpatterns = [
    path("sources/<slug:slug>/", views.source, name="source"),
    path("attachments/<uuid:uuid>/", views.attachment, name="attachment"),
]
