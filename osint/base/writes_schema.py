"""How the description of the API tells of writing: rehearsals, and many records at once."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from osint.base import bulk, rehearsal
from osint.base.schema import METHODLESS, OUTDATED, VERSIONLESS, Problem, Refusal, Versioned

Schema = dict[str, Any]

DRY_RUN = OpenApiParameter(
    rehearsal.PARAMETER, bool, description="Check it as if it were meant, answer as it would be, and keep nothing."
)
REHEARSED = OpenApiParameter(
    rehearsal.HEADER,
    str,
    OpenApiParameter.HEADER,
    enum=["true"],
    description="This was a rehearsal: nothing was kept.",
    response=[200, 201, 204, 207],
)
ATOMIC = OpenApiParameter(
    "atomic", bool, default=True, description="All rows or none; false: each by itself, with an answer of its own."
)


class Written(Versioned):
    """REST framework's description of an address at which records are written."""

    def is_bulk(self) -> bool:
        """Whether it takes many records at once."""
        return getattr(self.view, "action", "") == "bulk"

    def get_override_parameters(self) -> list[Any]:
        """The parameters and headers of writes."""
        own = super().get_override_parameters()
        if self.is_bulk():
            # Many records have many versions: they stand in the rows.
            own = [one for one in own if one.name != "ETag"] + [ATOMIC]
        return own if self.method == "GET" else [*own, DRY_RUN, REHEARSED]

    def refusals(self) -> list[Refusal]:
        """What can be answered instead; where all rows are refused for one reason, its status."""
        told = super().refusals()
        if self.is_bulk():
            told += [OUTDATED, VERSIONLESS]
        if self.is_bulk() and not {"post", "patch"} <= set(self.view.http_method_names):
            told.append(METHODLESS)
        return told

    def get_request_serializer(self) -> Any:
        """The rows: each makes a record or changes one."""
        if not self.is_bulk():
            return super().get_request_serializer()
        row = {"anyOf": [self.ref_of(), {"allOf": [self.ref_of(partial=True), self.names_a_version()]}]}
        return {"application/json": {"type": "array", "items": row, "minItems": 1, "maxItems": bulk.MOST}}

    def names_a_version(self) -> Schema:
        """What a row has that changes a record."""
        name = self.view.lookup_field
        identity = {"type": "string"} | ({"format": "uuid"} if name == "uuid" else {})
        properties = {name: identity, bulk.VERSION: {"type": "integer", "minimum": 1}}
        return {"type": "object", "properties": properties, "required": sorted(properties)}

    def get_response_serializers(self) -> Any:
        """What became of each row."""
        return {200: self.results(), 207: self.results()} if self.is_bulk() else super().get_response_serializers()

    def results(self) -> Schema:
        """A result for each row: its record, or what is wrong with it."""
        number = {"type": "integer"}
        row = {
            "row": number | {"description": "Its place in what was sent, from 0."},
            "status": number | {"description": "What a request of its own would be answered."},
            "version": number,
            "record": self.component(self.serializer(), "response"),
            "problem": self.component(Problem(), "response"),
        }
        result = {"type": "object", "properties": row, "required": ["row", "status"]}
        results = {"results": {"type": "array", "items": result}}
        return {"type": "object", "properties": results, "required": ["results"]}

    def ref_of(self, *, partial: bool = False) -> Schema:
        """Where the record to be sent is described, or the same with every field left out that need not change."""
        serializer = self.serializer()
        serializer.partial = partial
        return self.component(serializer, "request")

    def serializer(self) -> Any:
        """What reads and shows a record."""
        return self.view.get_serializer_class()(context=self.view.get_serializer_context())

    def component(self, serializer: Any, direction: Any) -> Schema:
        """Where what a serializer takes or shows is described."""
        found: Schema = AutoSchema.resolve_serializer(self, serializer, direction).ref
        return found
