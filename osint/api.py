"""The whole API on one page: every resource, signing in, and the description of all of it."""

from typing import Any, ClassVar

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.auth import authenticate
from django.contrib.auth.views import redirect_to_login
from django.urls import include, path, re_path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from knox import views as knox
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView, DefaultRouter
from rest_framework.views import APIView

from events import api as events
from events import judging_api as event_judgements
from osint.base.errors import nothing_at
from osint.base.inputs import Verbatim
from osint.base.permissions import Readers
from osint.base.serializers import StrictSerializer
from osint.history.api import HistoryViewSet
from sources import api as sources
from sources import judging_api as report_judgements


class Front(APIRootView):
    """Addresses of all resources."""

    permission_classes = (Readers,)


class Router(DefaultRouter):
    """The addresses of resources; formats are asked for by header."""

    APIRootView = Front
    include_format_suffixes = False


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
router.register("events", events.EventViewSet)
router.register("citations", events.CitationViewSet)
router.register("claims", events.ClaimViewSet)
router.register("comments", events.CommentViewSet)
router.register("corrections", events.CorrectionViewSet)
router.register("history", HistoryViewSet, basename="history")
router.register("event-judgements", event_judgements.EventJudgementViewSet)
router.register("report-judgements", report_judgements.ReportJudgementViewSet)
router.register("site-judgements", event_judgements.SiteJudgementViewSet)
router.register("actor-judgements", event_judgements.ActorJudgementViewSet)


class Credentials(StrictSerializer):
    """What one signs in with."""

    username = Verbatim(max_length=150)
    password = Verbatim(max_length=4_096, write_only=True)


class Token(serializers.Serializer[Any]):
    """What one signs in for: send it as `Authorization: Token …`."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class Login(knox.LoginView):  # type: ignore[misc]
    """A token for a username and password; it is shown this once."""

    # Whatever else came along, the credentials in the body count.
    authentication_classes: ClassVar[list[Any]] = []
    permission_classes = (AllowAny,)

    @extend_schema(request=Credentials, responses=Token, auth=[])
    def post(self, request: Request, **kwargs: Any) -> Response:
        credentials = Credentials(data=request.data, context={"request": request})
        credentials.is_valid(raise_exception=True)
        user = authenticate(request, **credentials.validated_data)
        if user is None:
            raise AuthenticationFailed(_("No account has this username and password. Check both."))
        request.user = user
        answer: Response = super().post(request, **kwargs)
        return answer

    def get_authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """What a 401 asks for: a refused password is one, though this address itself asks for no token."""
        return "Token"


@extend_schema(request=None, responses={204: None})
class Logout(knox.LogoutView):  # type: ignore[misc]
    """The end of the token that this is sent with."""


@extend_schema(request=None, responses={204: None})
class LogoutAll(knox.LogoutAllView):  # type: ignore[misc]
    """The end of all tokens of the user."""


class Schema(SpectacularAPIView):
    """The API in OpenAPI."""

    permission_classes = (Readers,)


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
    path("v1/", include(router.urls)),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    re_path("", Nowhere.as_view()),
]
