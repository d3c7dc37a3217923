"""Addresses of pages: which are taken, and one form for the ways of writing one page's address."""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from django.core.validators import URLValidator

check_url = URLValidator(schemes=["http", "https"])

# What says where a reader came from, and nothing of the page.
TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|yclid|msclkid|twclid|ttclid|igshid|igsh|mc_[ce]id|_ga|_gl|ref_src|ref_url|cmpid|mibextid"
)
# Archives keep the page's own address within theirs.
ARCHIVED = re.compile(r"(?:web\.archive\.org/web/[^/]+|archive\.(?:ph|today|is|md|vn|li|fo)/[^/]+)/(https?:/{1,2}.+)")


def canonical(address: str) -> str:
    """The address without what varies: scheme, www, case of the host, last slash, fragment, tracking; no archive's."""
    parts = urlsplit(address.strip())
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    kept = sorted((name, value) for name, value in parse_qsl(parts.query, True) if not TRACKING.fullmatch(name.lower()))
    query = f"?{urlencode(kept)}" if kept else ""
    found = f"{host}{port}{unquote(parts.path).rstrip('/')}{query}"
    if inner := ARCHIVED.match(found):
        return canonical(re.sub(r"^(https?):/+", r"\1://", inner[1]))
    return found if host else ""


def of_report(*addresses: str) -> set[str]:
    """The canonical addresses of a report, where it has any; one that cannot be read counts for none."""
    found = set()
    for address in addresses:
        try:
            found.add(canonical(address))
        except ValueError:  # a port that is no number, a bracket that is not closed
            continue
    return found - {""}
