"""The base of every serializer: unknown fields are refused by name, and the model's rules hold.

REST framework leaves out ``clean()`` and check constraints; here a record is checked whole, as the admin's forms do it.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from osint.base.errors import as_detail, as_rest, meant, unknown
from osint.base.inputs import STRICT, ByIdentity, BySlug, OneOf, Verbatim, Whole
from osint.base.problems import WHOLE
from osint.base.text import shown
from osint.history import recording

Refused = serializers.ValidationError
MOST_ROWS = 500


class StrictSerializer(serializers.Serializer[Any]):
    """An object of which every field is known."""

    default_error_messages = {"invalid": gettext_lazy("This is no object. Send its fields in braces: {{…}}.")}
    # How a field is set that cannot be sent.
    set_elsewhere: ClassVar[Mapping[str, str | Promise]] = {}

    @property
    def user(self) -> Any:
        """Who asks or writes."""
        return self.context["request"].user

    def to_internal_value(self, data: Any) -> Any:
        """The values, once every field is known and one that can be sent."""
        if isinstance(data, Mapping):
            self.check_fields(data)
        return super().to_internal_value(data)

    def check_fields(self, data: Mapping[str, Any]) -> None:
        """Refuse by name what is unknown, and what is not set here."""
        takes = {name for name, field in self.fields.items() if not field.read_only}
        errors = {}
        for name in data:
            if name not in self.fields:
                sentence = _("There is no field “%(name)s” here.") % {"name": shown(name)}
                errors[shown(name)] = [unknown(sentence, name, takes)]
            elif name not in takes:
                errors[name] = [self.not_sent(name, takes)]
        if errors:
            raise Refused(errors)

    def not_sent(self, name: str, takes: set[str]) -> str:
        """The sentence about a field that is only read."""
        if name in self.set_elsewhere:
            return str(self.set_elsewhere[name])
        return _("“%(name)s” is worked out, not sent. Leave it out.") % {"name": name} + meant(name, takes)


class ModelFields(StrictSerializer, serializers.ModelSerializer[Any]):
    """An object whose fields are columns of a model."""

    # Each text is kept to the letter, except one-line columns, where surrounding blanks mean nothing.
    serializer_field_mapping = {
        column: Whole if issubclass(field, serializers.IntegerField) else STRICT.get(field, field)
        for column, field in serializers.ModelSerializer.serializer_field_mapping.items()
    } | {models.TextField: Verbatim}
    serializer_choice_field = OneOf

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """As REST framework's; uniqueness is left to the model, which says more and asks once."""
        field, kwargs = super().build_standard_field(field_name, model_field)
        kwargs["validators"] = [
            check for check in kwargs.get("validators", []) if not isinstance(check, UniqueValidator)
        ]
        if not kwargs["validators"]:
            # An empty list would switch off the field's own checks too.
            del kwargs["validators"]
        if model_field.get_internal_type() in RANGES:
            kwargs = in_range(kwargs, *RANGES[model_field.get_internal_type()])
        if model_field.null:
            # Said of a field that is only read too, so that the schema tells of the null that may come.
            kwargs["allow_null"] = True
        return field, kwargs

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        """A related record by what travels: its slug, or its UUID."""
        _field, kwargs = super().build_relational_field(field_name, relation_info)
        kwargs.pop("view_name", None)
        kwargs["validators"] = []
        columns = {column.name for column in relation_info.related_model._meta.fields}
        if "slug" in columns:
            return BySlug, kwargs
        return ByIdentity, kwargs | ({"also": "reference"} if "reference" in columns else {})

    def build_property_field(self, field_name: str, model_class: Any) -> Any:
        """As REST framework's; to it a column that is worked out, and so in no file, is no column that may be null."""
        field, kwargs = super().build_property_field(field_name, model_class)
        columns = {column.name for column in model_class._meta.concrete_fields if column.null}
        return field, kwargs | ({"allow_null": True} if field_name in columns else {})

    def include_extra_kwargs(self, kwargs: Any, extra_kwargs: Any) -> Any:
        """As REST framework's; what may be null or blank may be so too where it is only read."""
        kept = {name: True for name in ("allow_null", "allow_blank") if kwargs.get(name)}
        return {**super().include_extra_kwargs(kwargs, extra_kwargs), **kept}

    def get_validators(self) -> list[Any]:
        """None: what must be unique together is the model's to say."""
        return []


# What a column of whole numbers holds on every engine; SQLite's own say more, and the schema would differ with them.
RANGES = BaseDatabaseOperations.integer_field_ranges


def in_range(kwargs: dict[str, Any], lowest: int, highest: int) -> dict[str, Any]:
    """The arguments of a field for whole numbers, with the bounds of its column; a closed list has its own."""
    checks = kwargs.pop("validators", [])
    others = [check for check in checks if not isinstance(check, MinValueValidator | MaxValueValidator)]
    bounds = {} if "choices" in kwargs or kwargs.get("read_only") else {"min_value": lowest, "max_value": highest}
    return kwargs | ({"validators": others} if others else {}) | bounds


class RowSerializer(ModelFields):
    """A record that is written as part of another; found again by its UUID, or by what tells it from its neighbours."""

    uuid = serializers.UUIDField(required=False, help_text=gettext_lazy("Names an existing row; may be left out."))

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> Any:
        """A list of rows has an end."""
        return super().many_init(*args, **({"max_length": MOST_ROWS} | kwargs))


class RecordSerializer(ModelFields):
    """A record with an address of its own, and the lists of rows that belong to it."""

    # Lists of rows, with the columns that tell one row from another.
    rows: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # What stays as it was when the record was made.
    fixed: ClassVar[frozenset[str]] = frozenset()
    # Fields that only some may see, with the permission it takes.
    guarded: ClassVar[Mapping[str, str]] = {}

    def get_field_names(self, declared_fields: Any, info: Any) -> Any:
        """The version too, which whoever changes the record has to name."""
        names = list(super().get_field_names(declared_fields, info))
        return names if "version" in names else [*names, "version"]

    def to_representation(self, instance: Any) -> Any:
        """The record, without what this reader may not see."""
        shown_fields = super().to_representation(instance)
        for name, permission in self.guarded.items():
            if name in shown_fields and not self.user.has_perm(permission):
                del shown_fields[name]
        return shown_fields

    def validate(self, attrs: Any) -> Any:
        """Refuse to move a record that stays where it was made."""
        for name in self.fixed & set(attrs):
            if self.instance is not None and getattr(self.instance, name) != attrs[name]:
                raise Refused({name: [_("“%(name)s” stays as it was. Delete this and make another.") % {"name": name}]})
        return attrs

    def create(self, validated_data: Any) -> Any:
        """A new record, checked and stored."""
        model: Any = self.Meta.model
        return self.keep(model(created_by=self.user, **self.context.get("identity", {})), validated_data)

    def update(self, instance: Any, validated_data: Any) -> Any:
        """The record with its new values, checked and stored."""
        return self.keep(instance, validated_data)

    def keep(self, record: Any, values: Any) -> Any:
        """Store the record and its rows, or nothing; a rule of the model becomes the error of its field."""
        try:
            with recording.change(self.user):
                self.write(record, dict(values))
        except ValidationError as error:
            raise as_rest(error) from error
        return record

    def write(self, record: Any, values: dict[str, Any]) -> None:
        """Check and save the record, then its rows."""
        reread(record)
        rows = {name: values.pop(name) for name in self.rows if name in values}
        for name, value in values.items():
            setattr(record, name, value)
        record.full_clean()
        record.save()
        for name, items in rows.items():
            self.replace(record, name, items)

    def replace(self, record: Any, name: str, items: list[dict[str, Any]]) -> None:
        """Make the record's rows these and no others; a row that was there before stays the same row."""
        relation = type(record)._meta.get_field(name)
        present = list(relation.related_model._default_manager.filter(**{relation.field.name: record}))
        matched = list(zip(taken(present, items, self.rows[name]), items, strict=True))
        for row in present:
            row.delete()
        blank = defaults(relation.related_model, self.fields[name].child)  # type: ignore[attr-defined]
        errors: list[dict[str, list[str]]] = [{} for _item in items]
        # New rows last: one may stand where a present row has just moved away from.
        for position, (row, item) in sorted(enumerate(matched), key=lambda numbered: numbered[1][0] is None):
            kept = row or relation.related_model(**{relation.field.name: record, "created_by": self.user})
            errors[position] = self.try_row(kept, blank | item, position)
        if any(errors):
            raise Refused({name: errors})

    def try_row(self, row: Any, item: dict[str, Any], position: int) -> dict[str, list[str]]:
        """What is wrong with a row; where nothing is, it is stored."""
        try:
            if row.pk is None and "uuid" in item:
                raise ValidationError({"uuid": _("There is no such row here. Leave the UUID out to add one.")})
            if hasattr(row, "position"):
                row.position = position
            self.keep_row(row, item)
        except ValidationError as error:
            return as_detail(error)
        return {}

    def keep_row(self, row: Any, item: dict[str, Any]) -> None:
        """Check and save one row."""
        for name, value in item.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()


def reread(record: Any) -> None:
    """Read a stored record again under a lock: another writer may have been here since it was found."""
    if record.pk is None:
        return
    try:
        record.refresh_from_db(from_queryset=type(record)._default_manager.select_for_update(of=("self",), no_key=True))
    except record.DoesNotExist as error:
        raise ValidationError(_("Somebody deleted this record just now. Read the list again.")) from error


def defaults(model: type[models.Model], child: serializers.Serializer[Any]) -> dict[str, Any]:
    """What a row holds in each column that its item does not speak of: a list of rows is written whole."""
    columns = {field.name: field for field in model._meta.fields}
    return {
        name: columns[name].get_default()
        for name, field in child.fields.items()
        if name in columns and name != "uuid" and not field.read_only
    }


def taken(present: list[Any], items: list[dict[str, Any]], columns: tuple[str, ...]) -> list[Any]:
    """For each item the present row that it speaks of, taken out of the list, or none where it is new."""
    named = [take(present, item, ("uuid",)) if "uuid" in item else None for item in items]
    # Only then the others, so that none of them takes a row that another names.
    return [
        row or (None if "uuid" in item else take(present, item, columns))
        for row, item in zip(named, items, strict=True)
    ]


def take(present: list[Any], item: dict[str, Any], columns: tuple[str, ...]) -> Any:
    """The first row that has the item's values in these columns, taken out of the list."""
    for row in present:
        if tells(row, item, columns):
            present.remove(row)
            return row
    return None


def tells(row: Any, item: dict[str, Any], columns: tuple[str, ...]) -> bool:
    """Whether the row has the item's values in the columns that tell rows apart."""
    for name in columns:
        default = row._meta.get_field(name).get_default()
        if getattr(row, name) != item.get(name, default):
            return False
    return True


__all__ = [
    "WHOLE",
    "ByIdentity",
    "BySlug",
    "ModelFields",
    "RecordSerializer",
    "Refused",
    "RowSerializer",
    "StrictSerializer",
]
