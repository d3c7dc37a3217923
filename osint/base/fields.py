"""Model fields for text and dates that people type: every door checks them alike."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from osint.base import dates, written
from osint.base.text import check_name, check_text, has_ink


class Line(models.CharField[Any, Any]):
    """One line of text, shown as it is: no control characters, no invisible direction marks."""

    default_validators = [check_name]


class VerbatimField(forms.CharField):
    """A form field that gives back the text as pasted: only the line ends a browser adds are undone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"strip": False}))

    def to_python(self, value: Any) -> str:
        # HTML sends every line end as CRLF, whatever was pasted.
        return str(super().to_python(value)).replace("\r\n", "\n")


class Prose(models.TextField[Any, Any]):
    """Text of any length up to ``max_length`` characters, kept character by character."""

    default_validators = [check_text]

    @cached_property
    def validators(self) -> list[Any]:
        """Django leaves ``max_length`` of a text column to the widget; here it holds at every door."""
        own = [MaxLengthValidator(self.max_length)] if self.max_length else []
        return [*super().validators, *own]

    def clean(self, value: Any, model_instance: Any) -> Any:
        """The text; one in which there is nothing to be seen says nothing, and so is none."""
        said = super().clean(value, model_instance)
        return said if not isinstance(said, str) or not said or has_ink(said) else super().clean("", model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        """A form field that strips nothing."""
        return super().formfield(**({"form_class": VerbatimField} | kwargs))


def check_edtf(value: str) -> None:
    """Refuse a text that is not an EDTF date of the kinds we keep (see ``osint.base.dates``); say which it may mean."""
    try:
        dates.parse(value)
    except ValidationError as error:
        raise ValidationError([error, *_meant(value)]) from error


def _meant(value: str) -> Iterator[ValidationError]:
    """The EDTF text of what a person would understand, for whoever has sent words where EDTF is wanted."""
    with suppress(ValidationError):
        params = {"edtf": written.read(value).edtf}
        yield ValidationError(_("It may mean %(edtf)s: send that."), code="edtf_meant", params=params)


class EdtfField(models.CharField[Any, Any]):
    """A date as EDTF (ISO 8601-2:2019, level 1 and the level 2 sets), at most 200 characters, years 0001–9999."""

    default_validators = [check_edtf]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"max_length": 200} | kwargs))

    def to_python(self, value: Any) -> Any:
        """Surrounding blanks are not part of a date; an unreadable date stays as typed, for the error to show."""
        text = super().to_python(value)
        if not isinstance(text, str) or not text.strip():
            return "" if isinstance(text, str) else text
        try:
            return dates.parse(text).edtf
        except ValidationError:
            return text


class PathField(models.CharField[str, str]):
    """A tree path compared byte by byte, so that one range on its index holds a whole subtree on both engines."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Ask PostgreSQL for the C collation; SQLite compares bytes anyway."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
