"""Admin of users: who keeps the users gives nobody, and least of all herself, more than the groups give."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, SetUnusablePasswordMixin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from knox.admin import AuthTokenAdmin
from knox.models import get_token_model

from osint.entrance import DeskCredentials
from osint.history import editions
from osint.history.models import Entry

WORKED = _("“%(name)s” has done work here, which keeps its author. Untick “Active” on the user’s page instead.")

# Sentences of Django's user admin that its own catalogue leaves in English.
UNTRANSLATED = (
    gettext_noop("Enabled"),
    gettext_noop("Disabled"),
    gettext_noop("Password-based authentication"),
    gettext_noop("Password-based authentication was disabled."),
    gettext_noop("Raw passwords are not stored, so there is no way to see the user’s password."),
    gettext_noop("Reset password"),
    gettext_noop("Set password"),
    gettext_noop("salt"),
    gettext_noop(
        "Whether the user will be able to authenticate using a password or not. If disabled, they may still be able to "
        "authenticate using other backends, such as Single Sign-On or LDAP."
    ),
)

admin.site.login_form = DeskCredentials
admin.site.unregister(User)
# A token is made by logging in, and ends by logging out or with its user: one made here would be shown to nobody.
if isinstance(admin.site.get_model_admin(get_token_model()), AuthTokenAdmin):
    admin.site.unregister(get_token_model())


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """Django's; its help text, which is put together once and in English, in the reader's language."""

    usable_password_help_text = format_lazy(  # type: ignore[assignment]
        '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        SetUnusablePasswordMixin.usable_password_help_text,
        _("If disabled, the current password for this user will be lost."),
    )


@admin.register(User)
class PeopleAdmin(UserAdmin[User]):
    """Django's, without the ways around the groups."""

    change_password_form = PasswordForm
    filter_horizontal = ()  # Django's two lists have no labels for those who hear the page; there are few groups

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser is changed by superusers alone: who sets a password is that person."""
        return super().has_change_permission(request, obj) and may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """As for changing."""
        return super().has_delete_permission(request, obj) and may_touch(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Who has done something here stays: the work keeps its author."""
        stay = [str(WORKED) % {"name": user} for user in objs if self.has_worked(user, request)]
        return ([], {}, set(), stay) if stay else super().get_deleted_objects(objs, request)

    def has_worked(self, user: User, request: HttpRequest) -> bool:
        """Whether something stored says that this user did it."""
        # The history first: Django would read, and name, all of it.
        done = Entry.objects.filter(by=user).exists()
        return done or bool(super().get_deleted_objects([user], request)[3])

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """As Django's; whoever keeps answers with a name that is no more in use is sent them anew."""
        super().save_model(request, obj, form, change)
        if change and "username" in form.changed_data:
            # Who has no account sees no names of accounts.
            everybody = User.objects.filter(is_active=True).values_list("pk", flat=True)
            editions.raise_for_persons(everybody, timezone.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only a superuser makes superusers, or gives a right to one person; moments are as they happened."""
        closed = [] if is_superuser(request) else ["is_superuser", "user_permissions"]
        return [*super().get_readonly_fields(request, obj), "last_login", "date_joined", *closed]


def is_superuser(request: HttpRequest) -> bool:
    """Whether a superuser asks."""
    return bool(getattr(request.user, "is_superuser", False))


def may_touch(request: HttpRequest, user: User | None) -> bool:
    """Whether this person may change that user at all."""
    return user is None or not user.is_superuser or is_superuser(request)
