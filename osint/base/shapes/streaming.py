"""Answers that are sent while they are made: of any length, in a memory that does not grow with it.

Invariant: between two pieces nothing of the database is held, neither a cursor nor a transaction. Whoever breaks off
leaves an answer that is cleared away at any moment, amid another question on the same connection; closing a cursor then
would wait for itself for ever.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers

# Rows that are read at once: few at first, so that something comes soon. A thousand make a worker grow by twice as much
# and are sent no faster; of three hundred, CSV takes a quarter longer.
FIRST, FURTHER = 50, 500
PIECE = 64 * 1024  # bytes that are sent at once
LEVEL = 1  # of compression: any higher costs more time than the wire


def begun(texts: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, of which the first are made now: what is wrong with the question is refused by its status."""
    first = next(texts, b"")
    return chain([first], texts)


def pieces(texts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of a size that is good to send; the first comes as soon as it is there."""
    held: list[bytes] = []
    size, most = 0, 1
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= most:
            yield b"".join(held)
            held, size, most = [], 0, PIECE
    if held:
        yield b"".join(held)


def zipped(texts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes as gzip, of which each piece can be read when it comes."""
    squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    started = False
    for text in texts:
        squeezed = squeezer.compress(text)
        if not started:
            squeezed, started = squeezed + squeezer.flush(zlib.Z_SYNC_FLUSH), True
        if squeezed:
            yield squeezed
    yield squeezer.flush()


def takes_gzip(request: HttpRequest) -> bool:
    """Whether whoever asks reads gzip."""
    named: dict[str, bool] = {}
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _semicolon, weight = part.partition(";")
        named[name.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    # What is named counts before what stands for all the rest.
    return named.get("gzip", named.get("x-gzip", named.get("*", False)))


def streamed(request: HttpRequest, texts: Iterable[bytes], media_type: str, name: str) -> HttpResponseBase:
    """The answer, under the name of a file that it would be saved as; of `HEAD` no row is read."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Accel-Buffering": "no"}
    is_head, zips = request.method == "HEAD", takes_gzip(request)
    sent = pieces(() if is_head else begun(iter(texts)))
    # Streamed to a HEAD too, though it is nothing: the length of what is not made is not known, and not 0.
    response = StreamingHttpResponse(zipped(sent) if zips and not is_head else sent, media_type, headers=headers)
    if zips:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
