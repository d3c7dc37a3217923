"""How the description of the API tells of versions: the ETag of an answer, the If-Match of a write, its refusals."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="The version, as a strong entity tag.",
    response=[200, 201],
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of the version that is changed, such as "3".',
)

ATTEMPT = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A name of your own for the attempt: sent again with it, the request makes no second record.",
)


class ChangedField(serializers.Serializer[Any]):
    """A field that somebody else has changed since the version named: from what to what, by whom, when."""

    record = serializers.CharField()
    identity = serializers.CharField(allow_null=True)
    field = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class Nameless(serializers.Serializer[Any]):
    """The refusal of a write that names no version."""

    detail = serializers.CharField()


class Outdated(serializers.Serializer[Any]):
    """The refusal of a write to a version that is no longer the one stored."""

    detail = serializers.CharField()
    yours = serializers.IntegerField()
    current = serializers.IntegerField()
    changed = ChangedField(many=True, required=False)


REFUSALS = {
    "412": OpenApiResponse(Outdated, "It was changed since: both versions, and what has happened in between."),
    "428": OpenApiResponse(Nameless, "The request names no version."),
}


class Versioned(AutoSchema):
    """REST framework's description of an address, with what our versions add to it."""

    def of_one_record(self) -> bool:
        """Whether the address is that of a single record."""
        return "{" in self.path

    def writes(self) -> bool:
        """Whether the request changes a record that is there already."""
        return self.of_one_record() and self.method != "GET"

    def get_override_parameters(self) -> list[Any]:
        """The headers."""
        own = [*super().get_override_parameters()]
        if self.writes():
            own.append(IF_MATCH)
        if getattr(self.view, "action", "") == "create":
            own.append(ATTEMPT)
        reads = getattr(self.view, "action", "") == "retrieve"
        if reads or self.method in {"POST", "PUT", "PATCH"}:
            own.append(ETAG)
        return own

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        """The answers, refusals for their version included."""
        bodies = super()._get_response_bodies(direction)
        if self.writes():
            for code, refusal in REFUSALS.items():
                bodies[code] = self._get_response_for_code(refusal, code, direction=direction)  # type: ignore[no-untyped-call]
        return bodies
