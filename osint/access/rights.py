"""What an account may do, found in one query for all its groups and itself."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q


class Rights(ModelBackend):
    """Django's, which asks for the rights of groups and of the person one after the other, on every page."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """All rights, of an account that is active; kept as long as the request, as Django's."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super().get_all_permissions(user_obj)
        if not hasattr(user_obj, "_perm_cache"):
            own = Q(pk__in=user_obj.user_permissions.order_by().values("pk"))
            of_groups = Q(group__in=user_obj.groups.order_by().values("pk"))
            found = Permission.objects.filter(own | of_groups).order_by()
            user_obj._perm_cache = {
                f"{app}.{name}" for app, name in found.values_list("content_type__app_label", "codename")
            }
        kept: set[str] = user_obj._perm_cache
        return kept
