"""Who may come through which door."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.permissions import SAFE_METHODS, BasePermission, DjangoModelPermissions
from rest_framework.request import Request

# Who has it enters and reviews; everybody else only reads.
WORKS = "sources.change_report"


def works_here(user: Any) -> bool:
    """Whether this is one of those who enter and review, for whom the admin is."""
    return bool(user.is_authenticated and user.has_perm(WORKS))


def may_look(request: HttpRequest | Request) -> bool:
    """Whether this reader may read at all: anybody where the installation says so, else those who log in."""
    return bool(request.user and request.user.is_authenticated) or bool(settings.PUBLIC_API)


class Scope(models.TextChoices):
    """What a token may be used for; each holds all before it."""

    READ = "read", gettext_lazy("read")
    WRITE = "write", gettext_lazy("read, enter and correct")
    PUBLISH = "publish", gettext_lazy("read, enter, correct and publish")


WIDTH = {scope: place for place, scope in enumerate(Scope.values)}


def scope_of(request: Request) -> str:
    """What the request takes: to read needs less than to write, and some views say that they need more."""
    if request.method in SAFE_METHODS:
        return Scope.READ
    view = request.parser_context.get("view") if request.parser_context else None
    return getattr(view, "scope", "") or Scope.WRITE


def check_scope(held: str, request: Request) -> None:
    """Refuse a token that was made for less than this."""
    needed = scope_of(request)
    if WIDTH[held] < WIDTH[needed]:
        raise PermissionDenied(
            _("The scope of this token is “%(held)s”; this takes “%(needed)s”. Make a token of that scope.")
            % {"held": held, "needed": needed}
        )


class Readers(BasePermission):
    """Reading for whoever may use the door; for pages about the API itself."""

    def has_permission(self, request: Request, _view: Any) -> bool:
        return request.method in SAFE_METHODS and may_look(request)


class DoorPolicy(DjangoModelPermissions):
    """Django's model permissions, the one to view included; without an account, reading where the installation says so.

    Which records are seen is not decided here but by each queryset's ``visible_to``.
    """

    perms_map = DjangoModelPermissions.perms_map | {
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
    }

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return request.method in SAFE_METHODS and bool(settings.PUBLIC_API)
        return bool(super().has_permission(request, view))

    def _queryset(self, view: Any) -> Any:
        # Only its model is asked for: what a reader may see of it is not worked out for that.
        return view.queryset


class Writers(DoorPolicy):
    """Whoever may make or change such records; which of the two it takes is asked row by row."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return any(may_write(request, view, method) for method in ("POST", "PATCH"))


def may_write(request: Request, view: Any, method: str) -> bool:
    """Whether the view takes this method, and the user may use it on such records."""
    needed = DoorPolicy().get_required_permissions(method, view.queryset.model)
    known = method.lower() in view.http_method_names
    return bool(known and request.user and request.user.is_authenticated and request.user.has_perms(needed))


class Workers(DoorPolicy):
    """Whoever may view; what else it takes, the workflow asks for itself."""

    perms_map = {"POST": DoorPolicy.perms_map["GET"]}
