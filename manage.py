#!/usr/bin/env python
"""The command line of Isnad."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; a wrong setting ends it with one sentence instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint.settings")
    try:
        settings.DEBUG  # noqa: B018 - any setting will do: reading the first one reads them all
    except ImproperlyConfigured as error:
        sys.exit(refused(error))
    execute_from_command_line(sys.argv)


def refused(error: ImproperlyConfigured) -> int:
    """Say what is wrong with the settings, and give the exit status for it."""
    print(error, file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
