"""How the description of the API tells of refusals and of versions: problems, the ETag of an answer, If-Match."""

from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from osint.base import idempotence, problems
from osint.base.shapes import description

ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="The version and a digest of what is shown, as a strong entity tag.",
    response=[200, 201, 304],
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
    description="A name of your own for the attempt: sent again with it, the request makes no second record; another "
    "request is refused.",
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


class Problem(serializers.Serializer[Any]):
    """A refusal (RFC 9457): what is wrong, in one sentence for people, and by field and parameter."""

    type = serializers.CharField(help_text="An address that says what the kind means, or about:blank.")
    title = serializers.CharField(help_text="The kind of problem.")
    status = serializers.IntegerField(help_text="The status of the answer.")
    detail = serializers.CharField(help_text="One sentence for people.")
    errors: Any = serializers.DictField(
        required=False, help_text="Sentences by the field or parameter that they are about; of rows, by their place."
    )


class Conflicting(Problem):
    """The refusal of what cannot be done as things stand."""

    made = serializers.UUIDField(required=False, help_text="What was made under the same Idempotency-Key.")


class Outdated(Problem):
    """The refusal of a write to a version that is no longer the one stored."""

    yours = serializers.IntegerField()
    current = serializers.IntegerField()
    changed = ChangedField(many=True, required=False)


WAIT = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, description="How many seconds to wait.", response=[429]
)


@dataclass(frozen=True)
class Refusal:
    """What an address may answer instead; described once, under a name, for all of them."""

    status: str
    name: str
    description: str
    body: type[Problem] = Problem


WRONG = Refusal("400", "Wrong", "Something in the request is wrong: see errors.")
STRANGER = Refusal("401", "Stranger", "Sign in first, with a token or a username and password that are known.")
FORBIDDEN = Refusal("403", "Forbidden", "You may not do this.")
MISSING = Refusal("404", "Missing", "There is no such thing, or none that you may see.")
METHODLESS = Refusal("405", "Methodless", "What a row asks for cannot be done with such records.")
FORMATLESS = Refusal("406", "Formatless", "There is no answer in a format that is asked for.")
CONFLICT = Refusal("409", "Conflict", "It cannot be done as things stand.", Conflicting)
OUTDATED = Refusal("412", "Outdated", "It was changed since: both versions, and what has happened since.", Outdated)
TOO_LARGE = Refusal("413", "TooLarge", "The body is too large.")
UNREAD = Refusal("415", "Unread", "The body is in no format that is read here.")
VERSIONLESS = Refusal("428", "Versionless", "The request names no version.")
TOO_MANY = Refusal("429", "TooMany", "Too many requests: wait.")


def negations_together(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parameters of an address, with those that negate another one, such as ``type!``, described as one object.

    Sent, they are the same. But a client that is made from the description takes ``type`` and ``type!`` for two
    arguments of one name.
    """
    negations = {one["name"]: one["schema"] | {"description": one["description"]} for one in parameters if negates(one)}
    if not negations:
        return parameters
    together = {
        "in": "query",
        "name": "none_of",
        "style": "form",
        "explode": True,
        "schema": {"type": "object", "properties": negations, "additionalProperties": False},
        "description": "None of these: each property is a parameter of its own.",
        "example": {},  # else the documentation page would fill every one of them in
    }
    return [*(one for one in parameters if not negates(one)), together]


def negates(parameter: dict[str, Any]) -> bool:
    """Whether what a parameter names is not wanted."""
    return bool(parameter["in"] == "query") and str(parameter["name"]).endswith("!")


class Described(AutoSchema):
    """REST framework's description of an address, with what it refuses and how."""

    def refusals(self) -> list[Refusal]:
        """What can be answered instead of what was asked for."""
        found = [WRONG, STRANGER, FORMATLESS, TOO_MANY]
        if self.view.authentication_classes:
            found.append(FORBIDDEN)
        if hasattr(self.view, "get_queryset"):
            found.append(MISSING)
        if self.method != "GET":
            found.append(CONFLICT)
        if self.method in {"POST", "PUT", "PATCH"}:
            found += [TOO_LARGE, UNREAD]
        return found

    def get_override_parameters(self) -> list[Any]:
        """The headers."""
        return [*super().get_override_parameters(), WAIT]

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """An object; what only some readers are told, or only sometimes, need not be there."""
        described = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        told_to_some = {*getattr(serializer, "guarded", ()), *getattr(serializer, "sometimes", ())}
        if needed := [name for name in described.get("required", []) if name not in told_to_some]:
            return described | {"required": needed}
        return {name: value for name, value in described.items() if name != "required"}

    def get_auth(self) -> Any:
        """How to sign in; an installation may let everybody read without."""
        ways: list[Any] = super().get_auth()
        return [*ways, {}] if self.method == "GET" and {} not in ways else ways

    def _get_parameters(self) -> Any:
        """The parameters, negations together."""
        return negations_together(super()._get_parameters())

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        """The answers, refusals included."""
        told = {refusal.status: self.reference(refusal, direction) for refusal in self.refusals()}
        bodies = told | super()._get_response_bodies(direction)
        return dict(sorted(bodies.items()))

    def reference(self, refusal: Refusal, direction: Any) -> Any:
        """Where the refusal is described."""
        response = OpenApiResponse(refusal.body, refusal.description)
        component = ResolvedComponent(refusal.name, ResolvedComponent.RESPONSE, object=refusal.name)  # type: ignore[no-untyped-call]
        component.schema = self._get_response_for_code(  # type: ignore[no-untyped-call]
            response, refusal.status, [problems.MEDIA_TYPE], direction
        )
        self.registry.register_on_missing(component)
        return component.ref


class Versioned(Described):
    """REST framework's description of an address, with what our versions add to it."""

    view: Any

    def of_one_record(self) -> bool:
        """Whether the address is that of a single record."""
        return "{" in self.path

    def writes(self) -> bool:
        """Whether the request changes a record that is there already."""
        return self.of_one_record() and self.method != "GET"

    def get_override_parameters(self) -> list[Any]:
        """The headers."""
        own = [*super().get_override_parameters(), *description.parameters(self.view, self.action())]
        if self.writes():
            own.append(IF_MATCH)
        if self.takes_attempts():
            own.append(ATTEMPT)
        if self.action() == "retrieve" or self.method in {"POST", "PUT", "PATCH"}:
            own.append(ETAG)
        return own

    def takes_attempts(self) -> bool:
        """Whether a request that makes something can be sent again without making it twice."""
        return self.action() in {"create", "bulk"} and idempotence.serves(self.view.queryset.model)

    def action(self) -> str:
        """What the view does at this address."""
        return str(getattr(self.view, "action", ""))

    def get_description(self) -> str:  # type: ignore[override]
        """What the resource says of itself, where all lists do the same."""
        return str(super().get_description() if self.action() != "list" else getdoc(type(self.view)) or "")

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        """The answers, in every form."""
        bodies = description.answers(self.view, self.action(), super()._get_response_bodies(direction))
        if "201" in bodies and self.takes_attempts():
            bodies["200"] = bodies["201"] | {"description": "What the same request has made before."}
        if self.writes() and "200" in bodies and self.view.lookup_field == "uuid":  # what has a slug is seen by all
            bodies["204"] = {"description": "It is done, and the record is not for you to see any more."}
        return dict(sorted(bodies.items()))

    def refusals(self) -> list[Refusal]:
        """What can be answered instead, to a write in a version that is not the one stored among it."""
        return super().refusals() + ([OUTDATED, VERSIONLESS] if self.writes() else [])
