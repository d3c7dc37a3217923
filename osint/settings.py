"""All settings of Isnad, read from the environment (or from a `.env` file); docs/running.md explains each.

With none set this is a development installation on SQLite. A wrong value is refused with a sentence that says so.
"""

import re
from datetime import timedelta

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environ import Env

from osint.environment import (
    BASE_DIR,
    credit,
    database,
    days,
    flag,
    number,
    port,
    prefix,
    rate,
    refuse,
    secret_key,
    seed,
    tiles,
    words,
)

DATA_DIR = BASE_DIR / "data"

Env.read_env(BASE_DIR / ".env")
# So that a class can say of what it is: `models.Manager["Event"]`, `admin.ModelAdmin[Event]`.
django_stubs_ext.monkeypatch()


# What a person may set

DEBUG = flag("DEBUG", default=True)
SECRET_KEY = secret_key("SECRET_KEY", DATA_DIR / "secret-key", debug=DEBUG)
ALLOWED_HOSTS = words(
    "ALLOWED_HOSTS",
    ["127.0.0.1", "localhost", "[::1]"] if DEBUG else [],
    r"\*|\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:]+\]",
    "write names such as isnad.example.org, separated by commas, without https:// and without a port.",
)
if not ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS", "", "with DEBUG off it must name the hosts this is served as, such as isnad.example.org.")
CSRF_TRUSTED_ORIGINS = words(
    "CSRF_TRUSTED_ORIGINS",
    [],
    r"https?://(\*\.)?[A-Za-z0-9.\[\]:-]+",
    "write origins such as https://isnad.example.org, separated by commas, without a path.",
)
PORT = port("PORT", default=8000)
DATABASES = {"default": database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'isnad.sqlite3'}")}
# What the short references of events begin with: SY-2025-4F7KQ2.
REFERENCE_PREFIX = prefix("REFERENCE_PREFIX", default="SY")
# Whether readers without an account see what is published and marked TLP:CLEAR.
PUBLIC_API = flag("PUBLIC_API", default=False)
# Whether an editor needs somebody else's work under an event before publishing, retracting or merging it.
FOUR_EYES = flag("FOUR_EYES", default=True)
# The Ed25519 seed that seals and signs the history; the database does not know it.
HISTORY_KEY = seed("HISTORY_KEY", DATA_DIR / "history-key")
# Whether a proxy in front of us speaks TLS and sets X-Forwarded-Proto itself; a client could forge it otherwise.
BEHIND_PROXY = flag("BEHIND_PROXY", default=False)

# For how many days at most a token of the API is made.
TOKEN_DAYS = days("TOKEN_DAYS", default=365)

# How many records of a bundle are read; to check a million of them takes half a minute and more.
BUNDLE_RECORDS = number("BUNDLE_RECORDS", default=400_000, most=10_000_000)

# How many requests of the API are answered: to an address without an account, to an account, of attempts to sign in.
THROTTLE_ANONYMOUS = rate("THROTTLE_ANONYMOUS", default="600/minute")
THROTTLE_USER = rate("THROTTLE_USER", default="6000/minute")
THROTTLE_LOGIN = rate("THROTTLE_LOGIN", default="10/minute")
# Whose pages may ask the API from a reader's browser.
CORS_ORIGINS = words(
    "CORS_ORIGINS",
    [],
    r"\*|https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:]+\](:[0-9]{1,5})?",
    "write origins such as https://map.example.org, separated by commas, without a path; or * for everybody's.",
)

# Where the maps take tiles from; none is needed, as they draw outlines of our own.
MAP_TILES = tiles("MAP_TILES")
MAP_TILES_ATTRIBUTION = credit("MAP_TILES_ATTRIBUTION", needed_by=MAP_TILES)


# What Isnad is made of

INSTALLED_APPS = [
    "osint.apps.OsintConfig",
    "osint.apps.DeskConfig",  # django.contrib.admin, with our own site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "js_lib_leaflet",
    "osint.history",
    "osint.access",
    "osint.bundle",
    "sources",
    "events",
]

MIDDLEWARE = [
    *(["corsheaders.middleware.CorsMiddleware"] if CORS_ORIGINS else []),
    "osint.middleware.Problems",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "osint.middleware.Kept",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "osint.middleware.BodyLimit",
    "osint.middleware.Methods",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "osint.middleware.Trace",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "osint.urls"
WSGI_APPLICATION = "osint.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


# Languages and time: everything is kept in UTC; what a report says about time is text with bounds

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "osint" / "locale"]
# How dates and numbers are written.
FORMAT_MODULE_PATH = ["osint.formats"]
# The language that somebody has chosen is remembered in the browser, signed in or not.
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True


# Files served with the pages

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# Attachments: never served as they lie, only by views that ask who may see them.
MEDIA_ROOT = DATA_DIR / "files"
STATICFILES_DIRS = [BASE_DIR / "osint" / "static"]
# In development the files are served from where they lie, with no collectstatic.
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
HASHED_FILES = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": PLAIN_FILES if DEBUG else HASHED_FILES},
}


# Who gets in

AUTHENTICATION_BACKENDS = ["osint.access.rights.Rights"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "front"
LOGOUT_REDIRECT_URL = "front"


# What browsers may do with our pages: only what comes from us, no inline script or style

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
    | ({"img-src": [SELF, *re.findall(r"^https?://[^/]+", MAP_TILES)]} if MAP_TILES else {})
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEBUG
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# Room for a ten-megabyte mistake to reach the field that refuses it by name; more is refused unread.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
# An event with hundreds of parts in one form, and no more: each field costs work before any check.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000


# Programs on other people's pages: what the public sees, or what a token shows; never what a session would show

CORS_ALLOW_ALL_ORIGINS = "*" in CORS_ORIGINS
CORS_ALLOWED_ORIGINS = [] if CORS_ALLOW_ALL_ORIGINS else CORS_ORIGINS
CORS_ALLOW_CREDENTIALS = False
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [
    "accept", "accept-language", "authorization", "content-type", "idempotency-key", "if-match", "if-modified-since",
    "if-none-match",
]  # fmt: skip
CORS_EXPOSE_HEADERS = ["Content-Disposition", "ETag", "Last-Modified", "Link", "Location", "Retry-After", "X-Dry-Run"]


# What is counted while serving, by each process for itself

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Addresses within a minute: more than one process can serve, and three megabytes at most.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}


# REST

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First, so that a request without credentials is answered 401 with its challenge rather than 403.
        "osint.access.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["osint.access.throttles.Anonymous", "osint.access.throttles.Account"],
    "DEFAULT_PERMISSION_CLASSES": ["osint.base.permissions.DoorPolicy"],
    "DEFAULT_RENDERER_CLASSES": ["osint.base.wire.JSON"],
    "DEFAULT_PARSER_CLASSES": ["osint.base.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "osint.base.schema.Described",
    "EXCEPTION_HANDLER": "osint.base.errors.handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# What signing in gives; the beginning tells those who look for leaked secrets whose they are.
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "TOKEN_PREFIX": "isnad_"}

SPECTACULAR_SETTINGS = {
    "TITLE": "Isnad API",
    "VERSION": "0.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    # What is sent has no fields that are worked out: else a client made from the description could not leave them out.
    "COMPONENT_SPLIT_REQUEST": True,
    # From our own files, so that the documentation page works offline.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Lists that stand on fields of one name, or under several names, keep their own.
    "ENUM_NAME_OVERRIDES": {
        "ActorKind": "events.choices.ActorKind",
        "ActorRole": "events.choices.ActorRole",
        "Basis": "events.choices.Basis",
        "CitationRole": "events.choices.CitationRole",
        "CodingStatus": "sources.choices.CodingStatus",
        "Credibility": "events.choices.Credibility",
        "LinkKind": "events.choices.LinkKind",
        "SiteKind": "events.choices.SiteKind",
        "SiteRole": "events.choices.SiteRole",
        "SourceKind": "sources.choices.SourceKind",
        "Status": "events.choices.Status",
    },
}


# What is written down while serving

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own handlers would say each line a second time, and mail it.
    "loggers": {"django": {"handlers": []}},
}
