"""Features as maps read them (RFC 7946): longitude before latitude, in WGS 84, and how far off a point may be."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from osint.base.wire import dumps

# What a feature says of its points, whatever it is a feature of.
PRECISIONS = ("precision_m", "precisions_m")
HEAD, END = b'{"type":"FeatureCollection","features":[', b"\n]}\n"


class Spot(NamedTuple):
    """A point, and the radius in metres within which it may really lie."""

    longitude: float
    latitude: float
    precision_m: int | None


def feature(identity: str, spots: list[Spot], properties: bytes) -> bytes:
    """A feature at these points; its properties come as JSON, and gain how precise the points are."""
    told = precisions(spots) + (b"," + properties[1:] if properties != b"{}" else b"}")
    return b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}' % (dumps(identity), geometry(spots), told)


def geometry(spots: list[Spot]) -> bytes:
    """A point, several, or none at all."""
    points = [(spot.longitude, spot.latitude) for spot in spots]
    if not points:
        return b"null"
    if len(points) == 1:
        return dumps({"type": "Point", "coordinates": points[0]})
    return dumps({"type": "MultiPoint", "coordinates": points})


def precisions(spots: list[Spot]) -> bytes:
    """The widest radius, and each in the order of the points; the beginning of an object."""
    radii = [spot.precision_m for spot in spots]
    known = [radius for radius in radii if radius is not None]
    told: dict[str, Any] = dict(zip(PRECISIONS, (max(known, default=None), radii), strict=True))
    return dumps(told)[:-1]


def collection(features: Iterable[bytes]) -> Iterator[bytes]:
    """The features as one collection, a line each."""
    between = b"\n"
    yield HEAD
    for one in features:
        yield between + one
        between = b",\n"
    yield END
