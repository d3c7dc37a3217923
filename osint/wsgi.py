"""Isnad as a WSGI application, for gunicorn and its like."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint.settings")

answering = get_wsgi_application()
# By its name: it rests on models, which there are only now that Django is set up.
application = import_string("osint.unchanged.Unchanged")(answering)
# All that answers is there before the workers part (gunicorn --preload), and is not touched by the collection of what
# each leaves behind: so they share it.
get_resolver().url_patterns  # noqa: B018 - read so that it is loaded
gc.collect()
gc.freeze()
