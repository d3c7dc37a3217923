"""From where a token may be used: networks as they are written down, and the address that a request comes from."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.request import Request

from osint.base.text import shown

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
MOST = 50


def parts(text: str) -> list[str]:
    """What was written, one network each: separated by commas, spaces or lines."""
    return [part for part in re.split(r"[\s,]+", text) if part]


def networks_of(text: str) -> list[Network]:
    """The networks; what is none is refused."""
    written = parts(text)
    if len(written) > MOST:
        sentence = _("These are %(number)d networks; at most %(most)d can be named. Write wider ones.")
        raise ValidationError(sentence % {"number": len(written), "most": MOST})
    return [network(part) for part in written]


def network(text: str) -> Network:
    """One network: an address, or one with the length of its prefix."""
    try:
        found = ip_network(text, strict=False)
    except ValueError as error:
        sentence = _("“%(text)s” is no address and no network. Write one such as 203.0.113.7 or 203.0.113.0/24.")
        raise ValidationError(sentence % {"text": shown(text)}) from error
    if "/" in text and str(found.network_address) != str(ip_address(text.partition("/")[0])):
        sentence = _("“%(text)s” is one address within a network. Write “%(network)s” for the whole network.")
        raise ValidationError(sentence % {"text": shown(text), "network": found})
    return found


def one_a_line(text: str) -> str:
    """The networks as they are kept."""
    return "\n".join(
        str(found.network_address) if found.num_addresses == 1 else str(found) for found in networks_of(text)
    )


def address_of(request: HttpRequest | Request) -> str:
    """Where the request comes from; behind a proxy, what the proxy itself has seen, which is the last it names."""
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
    return seen or str(request.META.get("REMOTE_ADDR", ""))


def lies_within(address: str, text: str) -> bool:
    """Whether the address lies in one of the networks; one that cannot be read lies in none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    # A server that listens on both families sees IPv4 in the clothes of IPv6.
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in networks_of(text))
