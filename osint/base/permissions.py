"""Who may come through which door."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
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


class Workers(DoorPolicy):
    """Whoever may view; what else it takes, the workflow asks for itself."""

    perms_map = {"POST": DoorPolicy.perms_map["GET"]}
