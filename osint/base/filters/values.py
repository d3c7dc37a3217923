"""Values of parameters: each kind is read in one way, and what cannot be read is refused with the value seen."""

import re
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from math import isfinite
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from osint.base.errors import meant, unknown
from osint.base.text import fold, shown
from osint.history.past import DAY, exact, no_moment

LONGEST = 200  # characters of a search
MOST = 50  # values in one list
WHOLE = re.compile(r"[0-9]{1,19}")
REAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,20})?")
UUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
REFERENCE = re.compile(r"[A-Za-z]{2,8}-[0-9]{4}-[0-9A-Za-z]{5,24}")
LARGEST = 2**63 - 1  # what the databases' widest column of whole numbers holds


def parts(value: Any) -> list[str]:
    """The values of a list separated by commas."""
    found = [part.strip() for part in str(value).split(",", MOST)] if value else []
    if len(found) > MOST:
        number = str(value).count(",") + 1
        raise ValidationError(_("%(number)d values are too many: at most %(most)d.") % {"number": number, "most": MOST})
    if not all(found):
        raise ValidationError(
            _("“%(value)s” has an empty place between commas. Take it out.") % {"value": shown(str(value))}
        )
    return list(dict.fromkeys(found))


def iso_day(text: str) -> date | None:
    """The day that ISO writes so, year, month and day in full; none where it writes no day so."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


class Value(forms.Field):
    """A value as it was sent; what it stands for is read by subclasses."""

    def clean(self, value: Any) -> Any:
        """What was sent, read: none of it is stored in the field, so one serves all requests."""
        return self.to_python(value)


class ListField(Value):
    """Values as they were sent."""

    def to_python(self, value: Any) -> list[str]:
        return parts(value)


class DayField(Value):
    """One day, as ISO writes it."""

    def to_python(self, value: Any) -> date:
        day = iso_day(value)
        if day is None:
            raise ValidationError(_("“%(value)s” is not a day. Write it as 2025-11-01.") % {"value": shown(value)})
        return day


class MomentField(Value):
    """A moment, or a day, which stands for its beginning or its end in UTC."""

    def __init__(self, *, end: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.end = end

    def to_python(self, value: Any) -> datetime:
        day = iso_day(value) if re.fullmatch(DAY, value, re.ASCII) else None
        if day is not None:
            return datetime.combine(day, time.max if self.end else time.min, UTC)
        found = exact(value)
        if found is None:
            raise ValidationError(no_moment(value))
        return found


class WordsField(Value):
    """Words to look for."""

    def to_python(self, value: Any) -> str:
        text = str(value).strip()
        if len(text) > LONGEST:
            raise ValidationError(
                _("%(length)d characters are too many to look for: at most %(most)d.")
                % {"length": len(text), "most": LONGEST}
            )
        if not fold(text):
            raise ValidationError(_("“%(value)s” has no letter or digit to look for.") % {"value": shown(text)})
        return text


class WholeField(Value):
    """A whole number within bounds."""

    def __init__(self, *, least: int = 0, most: int = LARGEST, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def to_python(self, value: Any) -> int:
        number = int(value) if WHOLE.fullmatch(value) else None
        if number is None or not self.least <= number <= self.most:
            raise ValidationError(
                _("“%(value)s” won't do: write a whole number from %(least)d to %(most)d.")
                % {"value": shown(value), "least": self.least, "most": self.most}
            )
        return number


class RealsField(Value):
    """So many numbers, each within its bounds, separated by commas; ``names`` says what they are."""

    def __init__(self, *, names: tuple[str, ...], bounds: tuple[tuple[float, float], ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names, self.bounds = names, bounds

    def to_python(self, value: Any) -> list[float]:
        found = [part.strip() for part in value.split(",", len(self.names))]
        if len(found) != len(self.names) or not all(map(REAL.fullmatch, found)):
            raise ValidationError(
                _("“%(value)s” won't do: write %(names)s in plain decimals, separated by commas.")
                % {"value": shown(value), "names": ",".join(self.names)}
                if len(self.names) > 1
                else _("“%(value)s” is no number. Write one such as 36.5.") % {"value": shown(value)}
            )
        numbers = [float(part) for part in found]
        for name, number, (least, most) in zip(self.names, numbers, self.bounds, strict=True):
            if not (isfinite(number) and least <= number <= most):
                raise ValidationError(
                    _("The %(name)s %(value)s is not between %(least)g and %(most)g.")
                    % {"name": name, "value": shown(f"{number:.15g}"), "least": least, "most": most}
                )
        return numbers


class TruthField(Value):
    """True or false."""

    def to_python(self, value: Any) -> bool:
        if value not in {"true", "false"}:
            raise ValidationError(
                _("“%(value)s” is neither true nor false. Write one of them.") % {"value": shown(value)}
            )
        return bool(value == "true")


class ChoicesField(Value):
    """Values of a closed list."""

    def __init__(self, *, among: type[models.Choices], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.among = {str(value): value for value in among.values}

    def to_python(self, value: Any) -> list[Any]:
        found = parts(value)
        for part in found:
            if part not in self.among:
                raise ValidationError(
                    unknown(_("“%(value)s” is none of them.") % {"value": shown(part)}, part, self.among)
                )
        return [self.among[part] for part in found]


class ChoiceField(ChoicesField):
    """One value of a closed list."""

    def to_python(self, value: Any) -> Any:
        if len(found := super().to_python(value)) > 1:
            raise ValidationError(_("“%(value)s” has several values. Choose one.") % {"value": shown(value)})
        return found[0]


class SlugsField(Value):
    """Records by slug."""

    def __init__(self, *, of: type[models.Model], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.of = of

    def to_python(self, value: Any) -> list[Any]:
        slugs = parts(value)
        found = by_slug(self.of, slugs)
        if lost := next((slug for slug in slugs if slug not in found), None):
            raise ValidationError(no_such_slug(self.of, lost))
        return [found[slug] for slug in slugs]


def by_slug(model: type[models.Model], slugs: Iterable[str]) -> dict[str, Any]:
    """The records with these slugs, in one query."""
    rows: Any = model._default_manager
    wanted = list(slugs)
    return {record.slug: record for record in rows.filter(slug__in=wanted).order_by()} if wanted else {}


def no_such_slug(model: type[models.Model], slug: str) -> str:
    """The sentence about a slug that is not there, with the one perhaps meant: by its name, else by its letters."""
    sentence = _("There is no %(kind)s “%(slug)s”.") % {"kind": model._meta.verbose_name, "slug": shown(slug)}
    text = slug[:LONGEST].replace("-", " ")
    named: Any = model._default_manager
    if guess := named.all().named(text).values_list("slug", flat=True).first():
        return f"{sentence} " + _("Did you mean “%(guess)s”?") % {"guess": guess}
    known: Iterable[str] = named.values_list("slug", flat=True)[:5_000]
    return sentence + (meant(slug, known) or " " + _("Look it up in the list, with q=."))


class IdentityField(Value):
    """Records by UUID, or by another identity that people use: values by the name of their column."""

    def __init__(self, *, also: str = "", example: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.also, self.example = also, example

    def to_python(self, value: Any) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for part in parts(value):
            if (one := identified(part, self.also)) is None:
                raise self.refusal(part)
            found.setdefault(one[0], []).append(one[1])
        return found

    def refusal(self, value: str) -> ValidationError:
        """The sentence that shows how an identity is written."""
        example = _(" or %(example)s") % {"example": self.example} if self.example else ""
        return ValidationError(
            _("“%(value)s” is no identity. Write a UUID such as 6fa459ea-ee8a-4ca4-894e-db77e160355e%(example)s.")
            % {"value": shown(value), "example": example}
        )


def identified(text: str, also: str = "") -> tuple[str, Any] | None:
    """The column by which the text identifies a record, and the value there: a UUID, or the reference in ``also``."""
    if UUID.fullmatch(text):
        return "uuid", uuid.UUID(text)
    if also and REFERENCE.fullmatch(text):
        return also, text.upper()
    return None


def identity(text: str, also: str = "", prefix: str = "") -> models.Q | None:
    """The condition that finds a record by UUID, or by the reference in the column ``also``; else none."""
    found = identified(text, also)
    return models.Q(**{f"{prefix}{found[0]}": found[1]}) if found else None
