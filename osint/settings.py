"""All settings of Isnad, read from the environment (or from a `.env` file); docs/running.md explains each.

With none set this is a development installation on SQLite. A wrong value is refused with a sentence that says so.
"""

import os
import re
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environ import Env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / "data"

Env.read_env(BASE_DIR / ".env")
# So that a class can say of what it is: `models.Manager["Event"]`, `admin.ModelAdmin[Event]`.
django_stubs_ext.monkeypatch()


# Reading the environment


def refuse(name: str, seen: str, wanted: str) -> NoReturn:
    """Stop with a sentence that names the variable, the value seen and the way out."""
    shown = seen if len(seen) <= 80 else f"{seen[:80]}…"
    raise ImproperlyConfigured(f"{name} is {shown!r}: {wanted}")


def read(name: str) -> str:
    """The variable's text without surrounding space; empty counts as not set."""
    return os.environ.get(name, "").strip()


def flag(name: str, default: bool) -> bool:
    """A yes or a no; anything else is refused, so that a misspelt "flase" never opens a door."""
    seen = read(name)
    known = {"": default, "1": True, "true": True, "yes": True, "on": True}
    known |= {"0": False, "false": False, "no": False, "off": False}
    if seen.lower() not in known:
        refuse(name, seen, "write true or false.")
    return known[seen.lower()]


def port(name: str, default: int) -> int:
    """A TCP port."""
    seen = read(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", seen) or not 1 <= int(seen) <= 65535:
        refuse(name, seen, "write a whole number from 1 to 65535, such as 8000.")
    return int(seen)


def prefix(name: str, default: str) -> str:
    """The letters that a reference begins with."""
    seen = read(name) or default
    if not re.fullmatch(r"[A-Z]{2,8}", seen):
        refuse(name, seen, "write two to eight capital letters, such as SY.")
    return seen


def words(name: str, default: list[str], pattern: str, wanted: str) -> list[str]:
    """A list separated by commas, each part of which fits the pattern."""
    parts = [part.strip() for part in read(name).split(",") if part.strip()]
    for part in parts:
        if not re.fullmatch(pattern, part):
            refuse(name, part, wanted)
    return parts or default


def secret_key(name: str, kept_in: Path) -> str:
    """The signing key: given, or in development made once and kept in a file that only its owner can read."""
    seen = read(name)
    if not seen and not DEBUG:
        refuse(name, seen, f"with DEBUG off it must be set. Make one: {MAKE_A_KEY}")
    if seen and not DEBUG and len(seen) < 50:
        # The key itself never goes into a log.
        refuse(name, "…", f"it has {len(seen)} characters and needs at least 50. Make one: {MAKE_A_KEY}")
    return seen or kept_key(kept_in, secrets.token_urlsafe(64))


def seed(name: str, kept_in: Path) -> str:
    """The seed of the history's key: 64 hexadecimal digits, given or made once and kept beside the database."""
    seen = read(name)
    if seen and not re.fullmatch(r"[0-9a-f]{64}", seen):
        refuse(name, "…", f"write 64 hexadecimal digits. Make them: {MAKE_A_SEED}")
    return seen or kept_key(kept_in, secrets.token_hex(32))


def kept_key(kept_in: Path, fresh: str) -> str:
    """The key in this file, which is made when there is none."""
    if not kept_in.exists():
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        own = kept_in.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(fresh)
        # Two processes that start together must end with one key: whoever links first wins.
        with suppress(FileExistsError):
            os.link(own, kept_in)
        own.unlink()
    return kept_in.read_text()


def tiles(name: str) -> str:
    """The address of map tiles, with {z}, {x} and {y} in it."""
    seen = read(name)
    wanted = "write an address such as https://tiles.example.org/{z}/{x}/{y}.png, with each of {z}, {x} and {y} once."
    # The host goes into a header, the rest into an attribute: neither has room for quotes, spaces or semicolons.
    shape = r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9_~!$&()*+,=:@%/.?{}-]*"
    if seen and not (re.fullmatch(shape, seen) and sorted(re.findall(r"{[^}]*}?|}", seen)) == ["{x}", "{y}", "{z}"]):
        refuse(name, seen, wanted)
    return seen


def credit(name: str, needed_by: str) -> str:
    """Whose map it is, as plain text; needed where there is one."""
    seen = read(name)
    if len(seen) > 200 or not seen.isprintable():
        refuse(name, seen, "write a line of at most 200 characters, such as © OpenStreetMap contributors.")
    if needed_by and not seen:
        refuse(name, seen, "with MAP_TILES set, say whose map it is, such as © OpenStreetMap contributors.")
    return seen


MAKE_A_SEED = """python3 -c "import secrets; print(secrets.token_hex(32))" """.strip()
MAKE_A_KEY = """python3 -c "import secrets; print(secrets.token_urlsafe(64))" """.strip()
POSTGRESQL = "django.db.backends.postgresql"
SQLITE = "django.db.backends.sqlite3"


def database(name: str, default: str) -> dict[str, Any]:
    """The database, with what each engine needs to serve several people at once."""
    wanted = "write sqlite:///path/to/file.sqlite3 or postgresql://user:password@host:5432/name."
    seen = read(name) or default
    without_password = re.sub(r"//[^/]*@", "//…@", seen)
    if not re.match(r"(sqlite|postgres(ql)?)://", seen):
        refuse(name, without_password, wanted)
    try:
        found: dict[str, Any] = Env.db_url_config(seen)
    except ValueError:
        refuse(name, without_password, wanted)
    if not found["NAME"] or found["NAME"] == ":memory:":
        refuse(name, without_password, f"it names no database; {wanted}")
    return sqlite(found) if found["ENGINE"] == SQLITE else postgresql(found)


def sqlite(found: dict[str, Any]) -> dict[str, Any]:
    """SQLite with readers beside the writer, and writers that queue instead of failing."""
    path = BASE_DIR / found["NAME"]
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {
        # The default, deferred, refuses a writer whose transaction began with a read: most of them under load.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
    }
    # Django's own, with a queue for writers: SQLite has none.
    return found | {"ENGINE": "osint.sqlite3", "NAME": str(path), "OPTIONS": options | found.get("OPTIONS", {})}


def postgresql(found: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL with connections that stay open, or a pool of them where the address ends in `?pool=true`."""
    # Compiling a question takes seconds, and none of ours runs so long.
    options = {"options": "-c jit=off"} | dict(found.get("OPTIONS", {}))
    pool = str(options.pop("pool", "")).lower() in {"1", "true"}
    if pool:
        return found | {"OPTIONS": options | {"pool": True}, "CONN_MAX_AGE": 0}
    return {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True} | found | {"OPTIONS": options}


# What a person may set

DEBUG = flag("DEBUG", default=True)
SECRET_KEY = secret_key("SECRET_KEY", DATA_DIR / "secret-key")
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
    "sources",
    "events",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "osint.middleware.Private",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "osint.middleware.BodyLimit",
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


# REST

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First, so that a request without credentials is answered 401 with its challenge rather than 403.
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["osint.base.permissions.DoorPolicy"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["osint.base.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "osint.base.errors.handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

REST_KNOX = {"TOKEN_TTL": timedelta(days=30)}

SPECTACULAR_SETTINGS = {
    "TITLE": "Isnad API",
    "VERSION": "0.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
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
