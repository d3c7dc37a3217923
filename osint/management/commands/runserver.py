"""The development server, on the port of the settings."""

from django.conf import settings
from django.contrib.staticfiles.management.commands.runserver import Command as RunserverCommand


class Command(RunserverCommand):
    default_port = str(settings.PORT)
