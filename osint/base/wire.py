"""JSON as it leaves the house: one way to write it, whoever writes it."""

from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def dumps(value: Any) -> bytes:
    """JSON in UTF-8 without blanks; moments end in Z (RFC 3339)."""
    return orjson.dumps(value, default=JSONEncoder().default, option=OPTIONS)


class JSON(JSONRenderer):
    """REST framework's renderer, with our way to write it."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        """The answer as bytes; none for an empty one."""
        if data is None:
            return b""
        try:
            return dumps(data)
        except (TypeError, ValueError):
            # Whole numbers beyond 64 bits: sums, and what a refusal quotes.
            return super().render(data, accepted_media_type, renderer_context)
