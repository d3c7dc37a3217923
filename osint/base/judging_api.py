"""The REST door to likely twins and to what people have said of pairs; for those who work here."""

from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from osint.base.filters import Identity, Slugs
from osint.base.judgements import Judgement, Verdict, judgements_on, withdraw
from osint.base.serializers import RecordSerializer, reread
from osint.base.twins import heavy
from osint.base.viewsets import RecordViewSet

VERDICT = _("What was said: same, not_same or unsure; several separated by commas.")


class Judges(BasePermission):
    """Whoever may read what people have said of pairs of such records."""

    def has_permission(self, request: Request, view: Any) -> bool:
        model = judgements_on(view.queryset.model)
        permission = f"{model._meta.app_label}.view_{model._meta.model_name}"
        return bool(request.user and request.user.is_authenticated and request.user.has_perm(permission))


class SaidOfPair(serializers.Serializer[Any]):
    """What somebody has said of the pair."""

    uuid = serializers.UUIDField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reason = serializers.CharField()
    judged_by = serializers.CharField(source="created_by.username", allow_null=True)
    judged_at = serializers.DateTimeField(source="changed_at")


class TwinSerializer(serializers.Serializer[Any]):
    """A record that is perhaps the same; subclasses add it as `record`."""

    score = serializers.IntegerField(help_text=_("How much speaks for it, to compare with the others here."))
    reasons = serializers.ListField(child=serializers.CharField(), help_text=_("What speaks for it, in words."))
    way = serializers.ChoiceField(
        choices=["", "relay", "updates"],
        help_text=_("What the later of two reports is to the earlier rather than a copy; else nothing."),
    )
    judgement = SaidOfPair(allow_null=True)


class TwinsSerializer(serializers.Serializer[Any]):
    """Records that are perhaps the same, best first, and other pairs that were judged; subclasses name the ``twin``."""

    twin: type[TwinSerializer]

    def get_fields(self) -> Any:
        """Both lists hold the same."""
        return {name: self.twin(many=True) for name in ("likely", "judged")}


class WithTwins(RecordViewSet):
    """Mixin: a resource of which likely twins are told."""

    twins_serializer: Any
    twins_of: Any  # a function: the ``Twins`` of a record, as its reader sees them

    def get_serializer_class(self) -> Any:
        """Twins have a form of their own."""
        return self.twins_serializer if self.action == "twins" else super().get_serializer_class()

    @action(detail=True, permission_classes=[Judges])
    def twins(self, request: Request, **_kwargs: Any) -> Response:
        """Records that are perhaps the same, best first, each with what speaks for it; and pairs judged before."""
        return Response(self.get_serializer(self.twins_of(self.get_object(), request.user)).data)


class JudgementSerializer(RecordSerializer):
    """What somebody says of a pair."""

    judged_by: Any = serializers.SlugRelatedField(
        source="created_by", slug_field="username", read_only=True, allow_null=True, help_text=_("Whose word it is.")
    )
    judged_at = serializers.DateTimeField(source="changed_at", read_only=True, help_text=_("Since when."))
    fixed: ClassVar = frozenset({"first", "second"})
    set_elsewhere: ClassVar = {
        "judged_by": _("A judgement is the word of whoever sends it. Leave “judged_by” out."),
        "judged_at": _("A judgement is of the moment at which it is sent. Leave “judged_at” out."),
    }

    class Meta:
        fields: ClassVar = ["uuid", "first", "second", "verdict", "reason", "judged_by", "judged_at", "created_at"]
        read_only_fields: ClassVar = ["uuid", "created_at"]

    def write(self, record: Judgement, values: dict[str, Any]) -> None:
        """Make it the word of whoever sends it."""
        reread(record)
        for side in {"first", "second"} & set(values):
            setattr(record, side, values[side])
        record.say(self.user, values.get("verdict", record.verdict), values.get("reason", record.reason))


class JudgementViewSet(RecordViewSet):
    """What people have said of pairs."""

    def get_queryset(self) -> Any:
        """Judgements with the identities of both records."""
        found = super().get_queryset().select_related("first", "second", "created_by")
        long = heavy(found.model._meta.get_field("first").related_model)
        return found.defer(*(f"{side}__{name}" for side in ("first", "second") for name in long))

    def remove(self, instance: Any) -> None:
        """Take it back."""
        withdraw(instance, self.request.user)


def on_either_side(condition: Q) -> Q:
    """The condition on `first`, or the same on `second`."""
    lookups: Any = condition.children
    other = [(name.replace("first", "second", 1), value) for name, value in lookups]
    return condition | Q(*other, _connector=condition.connector)


class OfPair(Identity):
    """A record by its identity, on either side of a pair."""

    def condition(self, value: Any) -> Q:
        return on_either_side(super().condition(value))


class SlugsOfPair(Slugs):
    """Records by slug, on either side of a pair."""

    def condition(self, value: Any) -> Q:
        return on_either_side(super().condition(value))
