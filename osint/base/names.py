"""Names: English and Arabic on the record, other spellings in rows of their own; all found by folding and by key."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from osint.base.fields import Line
from osint.base.record import Identified, M, Record, RecordQuerySet
from osint.base.text import fold, key, unprefixed


def in_language(english: str, arabic: str) -> str:
    """The text in the reader's language, else in the other one."""
    arabic_first = (get_language() or "").startswith("ar")
    return (arabic or english) if arabic_first else (english or arabic)


# Names have 200 characters at most; a longer text is refused by its own field, and costs no time here. Folding can
# lengthen a name (some ligatures unfold to many letters), never beyond the column.


def folded_name(name: str) -> str:
    """The name folded, as its column keeps it."""
    return fold(name[:200])[:250]


def name_key(name: str) -> str:
    """The name's consonant key, as its column keeps it."""
    return key(name[:200])[:250]


def names_folded(row: Any) -> dict[str, str]:
    """The derived columns of a record with a name in English and in Arabic."""
    return {
        "folded_en": folded_name(row.name_en),
        "folded_ar": folded_name(row.name_ar),
        "key_en": name_key(row.name_en),
        "key_ar": name_key(row.name_ar),
    }


def name_folded(row: Any) -> dict[str, str]:
    """The derived columns of one spelling."""
    return {"folded": folded_name(row.text), "key": name_key(row.text)}


check_slug = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z",
    _("“%(value)s” is no slug. Use small Latin letters, digits and single hyphens, as in al-hasakah."),
)


def has_words(column: str, folded: str) -> Q:
    """The condition: the column holds these words, none of them cut."""
    return Q(**{f"{column}__uncut": folded})


def is_exactly(column: str, folded: str) -> Q:
    """The condition: the column is the name."""
    return Q(**{column: folded})


def begins_with(column: str, folded: str) -> Q:
    """The condition: the column begins with the name."""
    return Q(**{f"{column}__startswith": folded})


def holds(column: str, folded: str) -> Q:
    """The condition: the name is part of the column."""
    return Q(**{f"{column}__holds": folded})


# How near a name comes to what was typed, the nearest first; what only sounds alike comes last.
NEAREST: tuple[Callable[[str, str], Q], ...] = (is_exactly, begins_with, has_words, holds)


class NamedQuerySet(RecordQuerySet[M]):
    """Records found by any spelling of their name, and by the slug that travels."""

    def get_by_natural_key(self, slug: str) -> Any:
        """The record with this slug."""
        return self.get(slug=slug)

    def named(self, text: str) -> Any:
        """Records one of whose names holds the text when folded, or sounds like it (same consonant key).

        Also where Arabic has written “and”, “in” or “for the” before the name, as one word with it.
        """
        folded, sound = fold(text), key(text)
        if not folded:
            return self.none()
        found = self.called(holds, folded, sound)
        for bare in unprefixed(folded):
            sound = key(bare)
            found |= self.called(has_words, bare, sound if len(sound) > 2 else "")
        return self.filter(found)

    def called(self, near: Callable[[str, str], Q], folded: str, sound: str = "") -> Q:
        """The condition: one of the names, or the slug, is so near to the folded text, or has this key."""
        own, spelling = self.own_names(near, folded, sound), getattr(self.model, "spelling", None)
        if spelling is None:
            return own
        others = spelling._default_manager.filter(self.spelled(near, folded, sound))
        return own | Q(pk__in=others.order_by().values(spelling.owner))

    @staticmethod
    def own_names(near: Callable[[str, str], Q], folded: str, sound: str = "") -> Q:
        """The same of the slug and the names that stand on the record itself."""
        own = near("slug", folded.replace(" ", "-")) | near("folded_en", folded) | near("folded_ar", folded)
        return own | Q(key_en=sound) | Q(key_ar=sound) if sound else own

    @staticmethod
    def spelled(near: Callable[[str, str], Q], folded: str, sound: str = "") -> Q:
        """The same of another spelling."""
        return near("folded", folded) | Q(key=sound) if sound else near("folded", folded)

    def nearest_first(self, text: str) -> Any:
        """The records in the order in which their names come near to the text; equally near ones as they were."""
        folded = fold(text)
        ranks = [When(self.called(near, folded), then=Value(rank)) for rank, near in enumerate(NEAREST)]
        nearness = Case(*ranks, default=Value(len(ranks)), output_field=models.IntegerField())
        before = self.query.order_by or self.model._meta.ordering or ()
        return self.order_by(nearness, *before, "pk")


# What stands in the place of a slug in an address of the API, and so can be nobody's.
TAKEN = frozenset({"bulk"})


class Named(Record):
    """A record that people call by name, in English, Arabic or both."""

    slug = models.CharField(
        _("slug"),
        max_length=80,
        unique=True,
        validators=[check_slug],
        help_text=_("Readable identity, as in al-hasakah."),
    )
    name_en = Line(_("name in English"), max_length=200, blank=True)
    name_ar = Line(_("name in Arabic"), max_length=200, blank=True)
    folded_en = models.CharField(max_length=250, editable=False, serialize=False, default="", db_index=True)
    folded_ar = models.CharField(max_length=250, editable=False, serialize=False, default="", db_index=True)
    key_en = models.CharField(max_length=250, editable=False, serialize=False, default="", db_index=True)
    key_ar = models.CharField(max_length=250, editable=False, serialize=False, default="", db_index=True)

    derives: ClassVar[tuple[str, ...]] = ("folded_en", "folded_ar", "key_en", "key_ar")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_ar=""),
                name="%(app_label)s_%(class)s_has_a_name",
                violation_error_message=_("Give a name in English or in Arabic."),
            ),
            models.CheckConstraint(
                condition=~Q(slug=""),
                name="%(app_label)s_%(class)s_has_a_slug",
                violation_error_message=_("Give a slug."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, else in the other one."""
        return in_language(self.name_en, self.name_ar)

    def natural_key(self) -> tuple[str]:
        """The slug."""
        return (self.slug,)

    def clean(self) -> None:
        """Refuse a slug at whose address something else is."""
        super().clean()
        if self.slug in TAKEN:
            sentence = _("“%(slug)s” is a word of the API's addresses, so nothing could be found under it. Add a word.")
            raise ValidationError({"slug": sentence % {"slug": self.slug}})

    def derive(self) -> None:
        """Fold both names and take their keys."""
        super().derive()
        for name, value in names_folded(self).items():
            setattr(self, name, value)


class Spelling(Identified, Record):
    """One more name of a record, as written somewhere, with its language."""

    owner: str  # the foreign key's name, for lookups

    text = Line(_("name"), max_length=200)
    language = models.CharField(
        _("language"),
        max_length=8,
        default="ar",
        validators=[RegexValidator(r"^[a-z]{2,3}(-[A-Za-z]{2,4})?\Z", _("Use a language code such as ar, en, ku."))],
        help_text=_("ISO 639 code: ar, en, ku, …"),
    )
    folded = models.CharField(max_length=250, editable=False, serialize=False, default="", db_index=True)
    key = models.CharField(max_length=250, editable=False, serialize=False, default="", db_index=True)

    derives: ClassVar[tuple[str, ...]] = ("folded", "key")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="%(app_label)s_%(class)s_not_blank",
                violation_error_message=_("Write the name."),
            )
        ]

    def __str__(self) -> str:
        return str(self.text)

    def derive(self) -> None:
        """Fold the name and take its key."""
        super().derive()
        for name, value in name_folded(self).items():
            setattr(self, name, value)
