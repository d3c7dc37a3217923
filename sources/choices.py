"""The closed lists of the sources app, in the field's standard terms."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceKind(models.TextChoices):
    """What sort of publisher or speaker a source is."""

    MONITOR = "monitor", _("monitor")
    AGENCY = "agency", _("news agency")
    OUTLET = "outlet", _("outlet")
    OFFICIAL = "official", _("official body")
    PARTY = "party", _("party to the conflict")
    CHANNEL = "channel", _("channel or account")
    ORGANISATION = "organisation", _("organisation")
    OTHER = "other", _("other")


class Reliability(models.TextChoices):
    """How far a source can be relied on: the letter of the Admiralty code (NATO AJP-2.1)."""

    A = "A", _("A · completely reliable")
    B = "B", _("B · usually reliable")
    C = "C", _("C · fairly reliable")
    D = "D", _("D · not usually reliable")
    E = "E", _("E · unreliable")
    F = "F", _("F · cannot be judged")


class Tlp(models.TextChoices):
    """Who may see it: Traffic Light Protocol 2.0 (FIRST, 2022)."""

    CLEAR = "CLEAR", "TLP:CLEAR"
    GREEN = "GREEN", "TLP:GREEN"
    AMBER = "AMBER", "TLP:AMBER"
    AMBER_STRICT = "AMBER+STRICT", "TLP:AMBER+STRICT"
    RED = "RED", "TLP:RED"


class CodingStatus(models.TextChoices):
    """How far a report has been turned into incidents."""

    NEW = "new", _("to code")
    CODING = "coding", _("being coded")
    CODED = "coded", _("coded")
    NOTHING = "nothing", _("nothing to code")


class NoteKind(models.TextChoices):
    """What is said of a passage that becomes no incident."""

    NOTE = "note", _("note")
    NOTHING = "nothing", _("nothing to code here")
