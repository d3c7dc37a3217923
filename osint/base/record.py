"""What every record has: when and by whom it was made, an identity that travels, and columns derived from others.

Invariant: a derived column (``serialize=False``) is a function of what a person entered. ``derive()`` fills it, before
every save and every check; fixtures leave it out; nobody edits it.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache, reduce
from operator import and_
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, router
from django.db.models import Q
from django.db.models.deletion import Collector
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from osint.base import dates
from osint.base.fields import EdtfField, Line
from osint.history import recording

M = TypeVar("M", bound=models.Model, covariant=True)
ALL_HOLD = "all_hold"
# Whether the database alone checks its constraints, as it writes: for whoever asks again where it refuses.
LEFT_TO_DATABASE: ContextVar[bool] = ContextVar("left_to_database", default=False)


@contextmanager
def left_to_database() -> Iterator[None]:
    """Within this block a broken constraint is the database's error, without the sentence of its field.

    To put each constraint to the database beforehand takes a third of the time of a write.
    """
    token = LEFT_TO_DATABASE.set(True)
    try:
        yield
    finally:
        LEFT_TO_DATABASE.reset(token)


class RecordQuerySet(models.QuerySet[M, M]):
    """A queryset whose writes are recorded like those of single records, and that asks each before deleting it."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As Django's, with the derived columns filled; without its ways of passing over what is there already."""
        if args or set(kwargs) - {"batch_size"}:
            raise TypeError("A record that is there already is changed by itself, so that the history sees it.")
        records = list(objs)
        for record in records:
            record.derive()
        with recording.change():
            made = super().bulk_create(records, **kwargs)
            recording.written(self.model, [record.pk for record in made])  # type: ignore[arg-type]
        return made

    def update(self, **kwargs: Any) -> int:
        """As Django's."""
        with recording.change():
            keys = list(self.order_by().values_list("pk", flat=True))
            recording.about_to_write(self.model, keys)  # type: ignore[arg-type]
            return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django's, one by one, unless one of the records has to stay."""
        gone: Counter[str] = Counter()
        with recording.change():
            for record in self:
                gone.update(record.delete()[1])
        return gone.total(), dict(gone)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class Record(models.Model):
    """The base of every table of ours."""

    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False, serialize=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False, serialize=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        # Whoever has done something here stays known; who leaves is deactivated.
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        serialize=False,
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False, serialize=False)

    # The way to the record that this one is a part of, as a lookup ("citation__event"); blank where it stands alone.
    belongs_to: ClassVar[str] = ""
    # Columns that ``derive()`` fills from this row alone or from its place in a tree: not kept in the history.
    derives: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @classmethod
    def derived(cls) -> set[str]:
        """Names of the columns that ``derive()`` fills."""
        return {field.name for field in cls._meta.fields if is_derived(field)}

    def derive(self) -> None:
        """Fill the derived columns; subclasses add theirs."""

    def clean(self) -> None:
        """Derive first, so that rules see the columns they speak of; a wrong text is its own field's error."""
        super().clean()
        with suppress(ValidationError):
            self.derive()

    def validate_constraints(self, exclude: Any = None) -> None:
        """Check constraints over derived columns too, which no form shows and Django would therefore skip."""
        if LEFT_TO_DATABASE.get():
            return
        exclude = frozenset(exclude or ()) - self.derived()
        if not self.keeps_constraints(exclude):
            super().validate_constraints(exclude=exclude)

    def keeps_constraints(self, exclude: frozenset[str]) -> bool:
        """Whether all constraints hold; where one might not, Django asks for each, to say which.

        Django puts each check to the database as a query of its own, which took a quarter of the time of a save.
        """
        using = router.db_for_write(type(self), instance=self)
        checks = together(type(self), exclude)
        try:
            for constraint in self._meta.constraints:
                if not isinstance(constraint, models.CheckConstraint):
                    constraint.validate(type(self), self, set(exclude), using)
            if checks:
                checks.validate(type(self), self, set(exclude), using)
        except ValidationError as error:
            return getattr(error, "code", None) == ALL_HOLD
        return not checks

    def check_deletable(self) -> None:
        """Raise ``ValidationError`` where the record has to stay."""

    def check_gone(self) -> None:
        """Raise ``ValidationError`` where what is left cannot do without the record, now that it is deleted."""

    @classmethod
    def worked_out(cls) -> set[str]:
        """Names of the columns that follow from others."""
        return {name for base in cls.__mro__ for name in vars(base).get("derives", ())}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Derive, stamp, save, and have it recorded."""
        self.derive()
        if kwargs.get("update_fields") is not None:
            # What follows from a column is saved with it.
            kwargs["update_fields"] = {*kwargs["update_fields"], *self.derived()} - {"created_at", "created_by"}
        with recording.change():
            self.stamp()
            super().save(*args, **kwargs)
            recording.written(type(self), [self.pk])

    def stamp(self) -> None:
        """The moment of the change, and the version as stored: it is counted when the change ends."""
        stored = None
        if self.pk is not None:
            recording.about_to_write(type(self), [self.pk])
            stored = recording.before(type(self), self.pk)
        if stored is not None:
            self.version = stored["version"]
        if stored is None or recording.state_of(self) != stored:
            self.changed_at = timezone.now()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """As Django's, unless the record has to stay; what goes with it is recorded too."""
        self.check_deletable()
        with recording.change():
            for model, keys in taken_along(self).items():
                recording.about_to_write(model, sorted(keys))
            gone = super().delete(*args, **kwargs)
            self.check_gone()
        return gone


@cache
def together(model: type[Record], exclude: frozenset[str]) -> models.CheckConstraint | None:
    """Refuses what all checks of the model allow that speak of none of these columns; what is unknown is no fault.

    This way round because Django takes what the database cannot answer for a check that is kept.
    """
    checks = [Q(one.condition) for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    known = [check for check in checks if not check.referenced_base_fields & exclude]
    if not known:
        return None
    all_hold = reduce(and_, [Q(Coalesce(check, True, output_field=models.BooleanField())) for check in known])
    return models.CheckConstraint(condition=~all_hold, name=ALL_HOLD, violation_error_code=ALL_HOLD)


def is_derived(field: Any) -> bool:
    """Whether we fill the column: nobody enters it, and the database does not work it out by itself."""
    return not (field.serialize or field.primary_key or field.generated)


def taken_along(record: Record) -> dict[type[Record], set[int]]:
    """The records that a deletion takes along, locked: what others add to them now would go without a trace."""
    locked: dict[type[Record], set[int]] = {}
    found: dict[type[Record], set[int]] = {type(record): {record.pk}}
    while found != locked:
        for model, keys in found.items():
            list(model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        locked = found
        collector = Collector(using=router.db_for_write(type(record), instance=record), origin=record)
        collector.collect([record])
        found = {}
        for one, many in going(collector):
            found.setdefault(one, set()).update(many)
    return found


def going(collector: Collector) -> Iterator[tuple[type[Record], list[int]]]:
    """The records that a deletion takes along."""
    doomed: list[Iterable[models.Model]] = [*collector.data.values(), *collector.fast_deletes]
    for rows in doomed:
        found = [row for row in rows if isinstance(row, Record)]
        if found:
            yield type(found[0]), [row.pk for row in found]


class IdentifiedQuerySet(RecordQuerySet[M]):
    """Records found by the UUID that travels."""

    def get_by_natural_key(self, value: str) -> Any:
        """The record with this UUID."""
        return self.get(uuid=value)


class Identified(models.Model):
    """A record whose identity is a UUID."""

    uuid = models.UUIDField(_("UUID"), default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def validate_unique(self, exclude: Any = None) -> None:
        """As Django's; the UUID of what is stored stays as it is, so that nobody need look for another one."""
        super().validate_unique(exclude={*(exclude or ()), *(() if self._state.adding else ("uuid",))})

    def natural_key(self) -> tuple[str]:
        """The UUID as text."""
        return (str(self.uuid),)


class Dated(models.Model):
    """A date as written (EDTF) and its bounds as columns; a missing bound is open."""

    when = EdtfField(
        _("when"),
        blank=True,
        help_text=_(
            "EDTF: 2025-11-12, 2025-11, 2025-11-01/2025-11-15, [2025-11-01,2025-11-03] for one of these days, "
            "{2025-11-01,2025-11-03} for every one of them."
        ),
    )
    when_phrase = Line(_("date as worded"), max_length=200, blank=True)
    earliest = models.DateField(_("earliest"), null=True, editable=False, db_index=True, serialize=False)
    latest = models.DateField(_("latest"), null=True, editable=False, db_index=True, serialize=False)

    derives: ClassVar[tuple[str, ...]] = ("earliest", "latest")

    class Meta:
        abstract = True

    @property
    def reading(self) -> dates.When | None:
        """The date as read, or none where it is blank or unreadable."""
        with suppress(ValidationError):
            return dates.parse(self.when) if self.when else None
        return None

    def derive(self) -> None:
        """Set the bounds from the EDTF text; an unreadable text raises ``ValidationError`` for ``when``."""
        super().derive()  # type: ignore[misc]
        try:
            read = dates.parse(self.when) if self.when else None
        except ValidationError as error:
            raise ValidationError({"when": error}) from error
        self.when = read.edtf if read else ""
        self.earliest = read.earliest if read else None
        self.latest = read.latest if read else None


def order_of_dates(name: str) -> models.CheckConstraint:
    """A constraint: ``earliest`` is not after ``latest``."""
    return models.CheckConstraint(
        condition=models.Q(earliest__lte=models.F("latest")) | models.Q(earliest=None) | models.Q(latest=None),
        name=name,
        violation_error_message=_("The date ends before it starts. Put the earlier day first."),
    )


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """A constraint: ``field`` holds one of the choices."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": choices.values}),
        name=name,
        violation_error_message=format_lazy(
            # Not "%", which would fix the language at import.
            _("“{field}” must be one of: {choices}."),
            field=field,
            choices=", ".join(choices.values),
        ),
    )
