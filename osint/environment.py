"""How settings are read from the environment: each kind of value, and the refusal of a wrong one."""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ImproperlyConfigured
from environ import Env

BASE_DIR = Path(__file__).resolve().parent.parent
MAKE_A_SEED = """python3 -c "import secrets; print(secrets.token_hex(32))" """.strip()
MAKE_A_KEY = """python3 -c "import secrets; print(secrets.token_urlsafe(64))" """.strip()
POSTGRESQL = "django.db.backends.postgresql"
SQLITE = "django.db.backends.sqlite3"


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


def number(name: str, default: int, most: int) -> int:
    """A whole number."""
    seen = read(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,12}", seen, re.ASCII) or not 1 <= int(seen) <= most:
        refuse(name, seen, f"write a whole number from 1 to {most}, such as {default}.")
    return int(seen)


def days(name: str, default: int) -> int:
    """A number of days, up to ten years."""
    seen = read(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,4}", seen, re.ASCII) or not 1 <= int(seen) <= 3650:
        refuse(name, seen, "write a whole number of days from 1 to 3650, such as 365.")
    return int(seen)


def rate(name: str, default: str) -> tuple[int, int] | None:
    """How many requests in how many seconds; none where there is no limit."""
    seen = read(name) or default
    if seen.lower() == "off":
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,6})/(second|minute|hour|day)", seen, re.ASCII)
    if found is None:
        refuse(name, seen, "write a number for a span of time, such as 600/minute (second, minute, hour, day), or off.")
    return int(found[1]), {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}[found[2]]


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


def secret_key(name: str, kept_in: Path, debug: bool) -> str:
    """The signing key: given, or in development made once and kept in a file that only its owner can read."""
    seen = read(name)
    if not seen and not debug:
        refuse(name, seen, f"with DEBUG off it must be set. Make one: {MAKE_A_KEY}")
    if seen and not debug and len(seen) < 50:
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
    # To open the file anew takes as long as to answer a short question.
    kept = {"CONN_MAX_AGE": 600}
    # Django's own, with a queue for writers: SQLite has none.
    return kept | found | {"ENGINE": "osint.sqlite3", "NAME": str(path), "OPTIONS": options | found.get("OPTIONS", {})}


def postgresql(found: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL with connections that stay open, or a pool of them where the address ends in `?pool=true`."""
    # Compiling a question takes seconds, and none of ours runs so long.
    options = {"options": "-c jit=off"} | dict(found.get("OPTIONS", {}))
    pool = str(options.pop("pool", "")).lower() in {"1", "true"}
    kept = {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 600} | found
    if pool:
        return kept | {"OPTIONS": options | {"pool": True}, "CONN_MAX_AGE": 0}
    # Of those few statements that ask to be prepared, each is from its first time on; Django's never ask.
    return kept | {"ENGINE": "osint.postgresql", "OPTIONS": {"prepare_threshold": 0} | options}
