"""The closed lists of the events app, in the field's standard terms."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Where an event stands in its life; only ``events.workflow`` moves it."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    PUBLISHED = "published", _("published")
    RETRACTED = "retracted", _("retracted")
    MERGED = "merged", _("merged")


UNPUBLISHED = frozenset({Status.DRAFT, Status.SUBMITTED})


class Basis(models.TextChoices):
    """What a held fact rests on."""

    STATED = "stated", _("stated")
    DERIVED = "derived", _("derived")
    INFERRED = "inferred", _("inferred")


class Facet(models.TextChoices):
    """Which question a claim answers."""

    WHAT = "what", _("what")
    WHEN = "when", _("when")
    WHERE = "where", _("where")
    WHO = "who", _("who")
    HOW_MANY = "how_many", _("how many")


class Standing(models.TextChoices):
    """How we treat a claim."""

    ACCEPTED = "accepted", _("accepted")
    IN_CONFLICT = "in_conflict", _("in conflict")
    SUPERSEDED = "superseded", _("superseded")
    SET_ASIDE = "set_aside", _("set aside")


class CitationRole(models.TextChoices):
    """A report's part in an event."""

    REPORTS = "reports", _("reports it")
    BACKGROUND = "background", _("repeats it as background")
    UPDATES = "updates", _("updates it")
    CORRECTS = "corrects", _("corrects it")
    DENIES = "denies", _("denies it")
    SUMS_UP = "sums_up", _("sums it up")


class Credibility(models.IntegerChoices):
    """How credible the information is: the digit of the Admiralty code (NATO AJP-2.1)."""

    CONFIRMED = 1, _("1 · confirmed by other sources")
    PROBABLY_TRUE = 2, _("2 · probably true")
    POSSIBLY_TRUE = 3, _("3 · possibly true")
    DOUBTFUL = 4, _("4 · doubtful")
    IMPROBABLE = 5, _("5 · improbable")
    CANNOT_BE_JUDGED = 6, _("6 · truth cannot be judged")


class SiteKind(models.TextChoices):
    """What sort of place a site is."""

    COUNTRY = "country", _("country")
    GOVERNORATE = "governorate", _("governorate")
    DISTRICT = "district", _("district")
    SUBDISTRICT = "subdistrict", _("subdistrict")
    CITY = "city", _("city")
    TOWN = "town", _("town")
    VILLAGE = "village", _("village")
    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
    AREA = "area", _("area")
    BASE = "base", _("military base")
    AIRFIELD = "airfield", _("airfield")
    CROSSING = "crossing", _("crossing")
    CAMP = "camp", _("camp")
    PRISON = "prison", _("prison")
    FACILITY = "facility", _("facility")
    ROAD = "road", _("road")
    BORDER = "border", _("border")


class SiteRole(models.TextChoices):
    """How an event lies to a site."""

    AT = "at", _("at")
    FROM = "from", pgettext_lazy("site role", "from")
    VIA = "via", _("via")
    TO = "to", pgettext_lazy("site role", "to")
    OVER = "over", _("over")
    NEAR = "near", _("near")
    BETWEEN = "between", _("between")


class CueKind(models.TextChoices):
    """What words in a report can be a sign of."""

    TYPE = "type", _("what happened")
    MEASURE = "measure", _("what is counted")
    QUALIFIER = "qualifier", _("how exactly it is counted")
    SITE_ROLE = "site_role", _("how it lies to a place")
    ACTOR_ROLE = "actor_role", _("what part somebody has in it")
    ORIGIN = "origin", _("on whose word")
    IGNORE = "ignore", _("not what it looks like")


class ActorKind(models.TextChoices):
    """What sort of actor it is."""

    STATE = "state", _("state")
    FORCE = "force", _("state force")
    COALITION = "coalition", _("coalition")
    ARMED_GROUP = "armed_group", _("armed group")
    AUTHORITY = "authority", _("authority")
    AGENCY = "agency", _("agency")
    CIVILIANS = "civilians", _("civilians")
    UNKNOWN = "unknown", _("unknown")
    OTHER = "other", _("other")


class ActorRole(models.TextChoices):
    """An actor's part in an event."""

    ACTS = "acts", _("acts")
    PARTNER = "partner", _("partner")
    TARGET = "target", _("target")
    AFFECTED = "affected", _("affected")
    PRESENT = "present", _("present")
    MENTIONED = "mentioned", _("mentioned")


class LinkKind(models.TextChoices):
    """How one actor stands to another."""

    MEMBER_OF = "member_of", _("member of")
    PART_OF = "part_of", _("part of")
    ALLIED_WITH = "allied_with", _("allied with")
    SUCCESSOR_OF = "successor_of", _("successor of")


class Qualifier(models.TextChoices):
    """How exactly a number is given."""

    EXACTLY = "exactly", _("exactly")
    ABOUT = "about", _("about")
    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    UP_TO = "up_to", _("up to")
    FEWER_THAN = "fewer_than", _("fewer than")
    BETWEEN = "between", pgettext_lazy("qualifier", "between")
    SEVERAL = "several", _("several")
    DOZENS = "dozens", _("dozens")
    HUNDREDS = "hundreds", _("hundreds")
    THOUSANDS = "thousands", _("thousands")
    UNCLEAR = "unclear", _("unclear")


VERBAL = [Qualifier.SEVERAL, Qualifier.DOZENS, Qualifier.HUNDREDS, Qualifier.THOUSANDS]
