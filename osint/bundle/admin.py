"""Sharing in the admin: whose keys are trusted, which can be taken back there, and what has left."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, pgettext_lazy

from osint.base.admin import OwnWidgets, ReadOnly
from osint.bundle import keys
from osint.bundle.arrivals_admin import ArrivalAdmin
from osint.bundle.models import Departure, Key, Trust

__all__ = ["ArrivalAdmin", "DepartureAdmin", "KeyAdmin"]


class KeyForm(forms.ModelForm[Key]):
    """What an administrator says of a key; a reason revokes it."""

    class Meta:
        model = Key
        fields: ClassVar = ["may_publish", "revoked_why"]
        help_texts: ClassVar = {
            "revoked_why": gettext_lazy(
                "With a reason here the key is revoked: from now on nothing is taken from it. That cannot be undone."
            )
        }

    def clean(self) -> dict[str, Any]:
        """A reason revokes."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("revoked_why", "").strip() and self.instance.revoked_at is None:
            self.instance.revoked_at = timezone.now()
        return found


class TrustInline(ReadOnly, admin.TabularInline[Trust, Key]):
    """How far the key was trusted since when, and who has said so."""

    model = Trust
    fields = ("at", "extent", "by", "operator", "door", "why")
    readonly_fields = fields
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        """With those who have said so."""
        return super().get_queryset(request).select_related("by")

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Whoever sees the key."""
        return request.user.has_perm("bundle.view_key")


@admin.register(Key)
class KeyAdmin(OwnWidgets, admin.ModelAdmin[Key]):
    """Keys: they come by ``trust_key``, on the word of somebody who has compared the fingerprint."""

    form = KeyForm
    list_display = ("organisation", "begins", "state", "added_at")
    list_select_related = ("added_by",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("organisation", "fingerprint")
    fields = ("organisation", "whole", "added_at", "added_by", "may_publish", "revoked_at", "revoked_why")
    readonly_fields = ("organisation", "whole", "added_at", "added_by", "revoked_at")
    inlines = (TrustInline,)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False

    def save_model(self, request: HttpRequest, obj: Key, _form: Any, _change: bool) -> None:
        """Store it, and who has said so."""
        keys.keep(obj, request.user, obj.revoked_why)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of a key that was revoked nothing changes any more."""
        return self.fields if obj is not None and not obj.is_valid else self.readonly_fields

    @admin.display(description=gettext_lazy("fingerprint"), ordering="fingerprint")
    def begins(self, key: Key) -> str:
        """How the fingerprint begins."""
        return format_html('<code dir="ltr" translate="no">{}…</code>', key.fingerprint[:16])

    @admin.display(description=gettext_lazy("fingerprint"))
    def whole(self, key: Key) -> str:
        """The fingerprint."""
        return format_html('<code dir="ltr" translate="no">{}</code>', key.fingerprint)

    @admin.display(description=pgettext_lazy("how it stands", "state"))
    def state(self, key: Key) -> str:
        """How far it is trusted."""
        return str(key.extent.label)


@admin.register(Departure)
class DepartureAdmin(ReadOnly, admin.ModelAdmin[Departure]):
    """Bundles that have left."""

    list_display = ("sequence", "made_at", "mark", "query", "has_texts", "has_files", "since")
    list_per_page = 50
    show_full_result_count = False
