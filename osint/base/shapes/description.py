"""How the description of the API tells of forms: which there are, what can be said of them, and of not asking twice."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from osint.base.shapes.lists import Listed
from osint.base.shapes.negotiation import Streamed

TEXT = {"type": "string"}
# What a client that is made from the description can know of a form.
SCHEMAS: dict[str, dict[str, Any]] = {
    "jsonl": TEXT | {"description": "A JSON object a line, each as in the pages."},
    "csv": TEXT | {"description": "A table (RFC 4180) in UTF-8, the first line with the names of the columns."},
    "geojson": {
        "type": "object",
        "description": "A collection of features (RFC 7946).",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"type": "object", "additionalProperties": {}}},
        },
    },
}
UNCHANGED = {"description": "Nothing has changed since the answer whose ETag was sent along."}


def header(name: str, told: str, *codes: int) -> OpenApiParameter:
    """A header of the request, or of answers with these codes."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=told, response=list(codes) or False)


def query(name: str, told: str, kind: Any = str, **more: Any) -> OpenApiParameter:
    """A parameter of the address."""
    return OpenApiParameter(name, kind, description=told, **more)


IF_NONE_MATCH = header("If-None-Match", "The ETag of an answer that one has: where nothing has changed, it is a 304.")
LIST_TAG = header("ETag", "Changes with what its reader sees; weak.", 200, 304)
SINCE = header("Last-Modified", "Since when it is so, where it can be said.", 200, 304)
LINK = header("Link", "The pages around this one: next, prev, first.", 200)
FIELDS = [
    query("fields", "Only these fields, separated by commas; others are missing then, also required ones."),
    query("omit", "All fields but these, separated by commas; also required ones."),
]
WHOLE = [
    query("after", "Only what comes after this record, by its identity; for what is sent whole."),
    query("limit", "At most so many rows; for what is sent whole.", int),
]
INCLUDE = query("include", "What each event is to have besides: evidence.", enum=["evidence"])


def parameters(view: Any, action: str) -> list[OpenApiParameter]:
    """What can be said of the form of a list or of a record."""
    if action == "retrieve":
        return [*FIELDS, IF_NONE_MATCH]
    if action != "list" or not isinstance(view, Listed) or not view.forms:
        return []
    names = ["json", *(form.format for form in view.forms)]
    named = query("format", "The form of the answer; without it, what Accept says.", enum=names)
    included = [INCLUDE] if getattr(view, "may_include", False) else []
    return [named, *FIELDS, *included, *WHOLE, IF_NONE_MATCH, LIST_TAG, SINCE, LINK]


def answers(view: Any, action: str, bodies: dict[str, Any]) -> dict[str, Any]:
    """The answers, each form with its own schema, and the one to whoever has it already."""
    content = bodies.get("200", {}).get("content", {})
    for renderer in view.get_renderers():
        if isinstance(renderer, Streamed) and renderer.media_type in content:
            content[renderer.media_type] = {"schema": renderer.schema or SCHEMAS[renderer.format]}
    if action not in {"list", "retrieve"} or (action == "list" and not getattr(view, "forms", ())):
        return bodies
    return bodies | {"304": bodies.get("304", UNCHANGED)}
