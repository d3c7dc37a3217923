"""The whole API on one page: every resource, signing in, and the description of all of it."""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.urls import include, path, re_path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotAuthenticated, NotFound, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.routers import APIRootView, DefaultRouter
from rest_framework.views import APIView

from events import api as events
from events import judging_api as event_judgements
from osint.access.api import Login, Logout, LogoutAll, Plain, TokenViewSet
from osint.base import problems
from osint.base.errors import nothing_at, unknown
from osint.base.filters import check_parameters
from osint.base.permissions import Readers
from osint.base.shapes.negotiation import ByQuestion
from osint.base.text import shown
from osint.changes.api import ChangesViewSet
from osint.history.api import HistoryViewSet
from osint.standards.api import Events
from sources import api as sources
from sources import judging_api as report_judgements

LANGUAGE = "lang"  # in which the API is described


class Front(Plain, APIRootView):
    """Addresses of all resources."""

    permission_classes = (Readers,)
    content_negotiation_class = ByQuestion


class Router(DefaultRouter):
    """The addresses of resources; formats are asked for by header."""

    APIRootView = Front
    include_format_suffixes = False

    def get_api_root_view(self, api_urls: Any = None) -> Any:  # noqa: ARG002 - as the router calls it
        """The addresses of all resources, and that at which they are followed."""
        names = {prefix: self.routes[0].name.format(basename=basename) for prefix, _viewset, basename in self.registry}
        return self.APIRootView.as_view(api_root_dict=names | {"changes": "changes"})


router = Router()
router.register("sources", sources.SourceViewSet)
router.register("reports", sources.ReportViewSet)
router.register("relays", sources.RelayViewSet)
router.register("attachments", sources.AttachmentViewSet)
router.register("passage-notes", sources.PassageNoteViewSet)
router.register("event-types", events.EventTypeViewSet)
router.register("measures", events.MeasureViewSet)
router.register("cues", events.CueViewSet)
router.register("sites", events.SiteViewSet)
router.register("actors", events.ActorViewSet)
router.register("events", Events)
router.register("citations", events.CitationViewSet)
router.register("claims", events.ClaimViewSet)
router.register("comments", events.CommentViewSet)
router.register("corrections", events.CorrectionViewSet)
router.register("history", HistoryViewSet, basename="history")
router.register("event-judgements", event_judgements.EventJudgementViewSet)
router.register("report-judgements", report_judgements.ReportJudgementViewSet)
router.register("site-judgements", event_judgements.SiteJudgementViewSet)
router.register("actor-judgements", event_judgements.ActorJudgementViewSet)


class Schema(SpectacularAPIView):
    """The API in OpenAPI."""

    permission_classes = (Readers,)
    content_negotiation_class = ByQuestion

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before it is put together, whether the request can be understood."""
        super().initial(request, *args, **kwargs)
        check_parameters(request.query_params, {"format", LANGUAGE})
        seen, known = request.query_params.get(LANGUAGE), [code for code, _name in settings.LANGUAGES]
        if seen is not None and seen not in known:
            sentence = _("The API is not described in “%(seen)s”.") % {"seen": shown(seen)}
            raise ValidationError({LANGUAGE: [unknown(sentence, seen, known)]})


# The page's own style sheet is within it, and its icons are in the style sheet.
@method_decorator(csp_update({"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]}), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """The API's description to read and try out, from our own files alone."""

    permission_classes = (Readers,)

    def handle_exception(self, exc: Exception) -> Any:
        """A person without an account here is asked to sign in, rather than told off."""
        if isinstance(exc, NotAuthenticated):
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)


class ProblemKinds(TemplateView):
    """The page to which the `type` of a problem leads: what each kind means, and the way out."""

    template_name = "problems.html"
    extra_context = {"kinds": problems.KINDS}


@extend_schema(exclude=True)
class Nowhere(APIView):
    """Every other address: an answer in the language of the door."""

    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(nothing_at(request.path))


urlpatterns = [
    path("v1/auth/login/", Login.as_view(), name="login"),
    path("v1/auth/logout/", Logout.as_view(), name="logout"),
    path("v1/auth/logoutall/", LogoutAll.as_view(), name="logoutall"),
    path("v1/auth/tokens/", TokenViewSet.as_view({"get": "list", "post": "create"}), name="token-list"),
    path(
        "v1/auth/tokens/<uuid:uuid>/",
        TokenViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="token-detail",
    ),
    path("v1/changes/", ChangesViewSet.as_view({"get": "list"}), name="changes"),
    path("v1/", include(router.urls)),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    path("problems/", ProblemKinds.as_view(), name="problems"),
    re_path("", Nowhere.as_view()),
]
