"""Signing in by REST, and one's own tokens."""

from typing import Any, ClassVar

from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from knox import views as knox
from rest_framework import mixins, serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from osint.access import models
from osint.access.authentication import TokenAuthentication
from osint.access.throttles import SigningIn
from osint.base.errors import as_rest
from osint.base.filters import check_parameters
from osint.base.inputs import Verbatim
from osint.base.pagination import OF_THE_PAGE
from osint.base.permissions import DoorPolicy, Scope
from osint.base.serializers import ModelFields, StrictSerializer
from osint.base.viewsets import FORMAT, Strict


class Credentials(StrictSerializer):
    """What one signs in with."""

    username = Verbatim(max_length=150)
    password = Verbatim(max_length=4_096, write_only=True)


class Token(serializers.Serializer[Any]):
    """What one signs in for: send it as `Authorization: Token …`."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class Plain:
    """Mixin: an address that takes no parameters of its own. Nothing can be rehearsed: whoever wants to is told."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before anything is done, whether the request can be understood."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        check_parameters(request.query_params, {FORMAT} if request.method in SAFE_METHODS else ())


class Login(Plain, knox.LoginView):  # type: ignore[misc]
    """A token for a username and password; it is shown this once."""

    # Whatever else came along, the credentials in the body count.
    authentication_classes: ClassVar[list[Any]] = []
    permission_classes = (AllowAny,)
    throttle_classes = (SigningIn,)

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

    def create_token(self) -> tuple[models.Token, str]:
        """A token in our table."""
        return models.sign_in(self.request.user, self.get_token_ttl())

    def get_authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """What a 401 asks for: a refused password is one, though this address itself asks for no token."""
        return "Token"


@extend_schema(request=None, responses={204: None})
class Logout(Plain, knox.LogoutView):  # type: ignore[misc]
    """The end of the token that this is sent with."""

    authentication_classes = (TokenAuthentication,)
    scope = Scope.READ


@extend_schema(request=None, responses={204: None})
class LogoutAll(Plain, knox.LogoutAllView):  # type: ignore[misc]
    """The end of all tokens of the user."""

    authentication_classes = (TokenAuthentication,)

    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Nothing is left to sign in with but the password."""
        models.Token.objects.filter(user=request.user.pk).delete()
        answer: Response = self.get_post_response(request)
        return answer


class KeptTokenSerializer(ModelFields):
    """A token as its owner sees it: without what it is used with, which nobody knows any more."""

    user: Any = serializers.SlugRelatedField(
        slug_field="username", read_only=True, help_text=gettext_lazy("Whose it is.")
    )

    class Meta:
        model = models.Token
        fields: ClassVar = [
            "uuid", "name", "beginning", "scope", "networks", "expiry", "created_at", "last_used_at", "user",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["uuid", "beginning", "created_at", "last_used_at", "user"]


class MadeToken(KeptTokenSerializer):
    """A token that was made just now, with what it is used with, which is told this once."""

    token = serializers.CharField(read_only=True, help_text=gettext_lazy("Send it as `Authorization: Token …`."))

    class Meta(KeptTokenSerializer.Meta):
        fields: ClassVar = [*KeptTokenSerializer.Meta.fields, "token"]

    def create(self, validated_data: Any) -> Any:
        """The token, checked and stored."""
        made = models.Token(user=self.user, **validated_data)
        try:
            made.full_clean()
        except ValidationError as error:
            raise as_rest(error) from error
        made.token = models.make(made)  # type: ignore[attr-defined]
        return made


class TokenViewSet(mixins.ListModelMixin, Strict):
    """One's own tokens; everybody's for those who keep them."""

    queryset = models.Token.objects.select_related("user")
    serializer_class = KeptTokenSerializer
    permission_classes = (IsAuthenticated, DoorPolicy)  # who forgot to send a token is not told that there are none
    lookup_field = "uuid"
    forms = ()  # in pages alone: nobody has so many

    def of_the_form(self) -> frozenset[str]:
        """Parameters of its pages."""
        return OF_THE_PAGE

    @extend_schema(request=KeptTokenSerializer, responses={201: MadeToken})
    def create(self, request: Request) -> Response:
        """Make a token; it is shown this once. It takes the password, or a browser that is signed in."""
        self.check_person()
        sent = MadeToken(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        sent.save()
        return Response(sent.data, status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    def retrieve(self, _request: Request, *_args: Any, **_kwargs: Any) -> Response:  # type: ignore[override]
        """One token; it has no versions, since it is made and revoked, not changed."""
        return Response(self.chosen().cut(self.get_serializer(self.get_object()).data))

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, **_kwargs: Any) -> Response:
        """Revoke a token: it is of no use from now on."""
        self.check_person()
        self.get_object().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def check_person(self) -> None:
        """Refuse a token that was made for a purpose: who finds one shall not make herself more, nor end others."""
        if getattr(self.request.auth, "is_named", False):
            raise PermissionDenied(_("A token makes and revokes no tokens. Log in with your password for that."))
