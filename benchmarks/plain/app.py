"""The application, with no middleware."""

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint.settings")
settings.ROOT_URLCONF = "benchmarks.plain.urls"
settings.MIDDLEWARE = []
settings.SECURE_SSL_REDIRECT = False
# What takes longer than this is not worth the wait of those who measure.
if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
    settings.DATABASES["default"]["OPTIONS"]["options"] += " -c statement_timeout=25s"
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 - Django is set up first

application = WSGIHandler()
