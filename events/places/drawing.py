"""What a map shows, as plain data for the browser: points with their radii, and the lines of a route."""

from typing import Any

from django.conf import settings

from events.models import Site
from events.places.outlines import ATTRIBUTION, FILE


def drawn(site: Site) -> dict[str, Any]:
    """A site on a map: its point and radius, and the words beside it, which are plain text."""
    return {
        "name": str(site),
        "kind": site.get_kind_display(),
        "latitude": site.latitude,
        "longitude": site.longitude,
        "precision_m": site.precision_m,
    }


def base() -> dict[str, Any]:
    """What lies beneath: the outlines, and the tiles of the setting, if there are any."""
    return {
        "outlines": FILE,
        "attribution": ATTRIBUTION,
        "tiles": settings.MAP_TILES,
        "tiles_attribution": settings.MAP_TILES_ATTRIBUTION,
    }
