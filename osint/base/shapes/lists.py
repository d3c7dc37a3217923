"""A list in every form: in pages of JSON, or whole, row by row."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from osint.base import conditional
from osint.base.cursors import Place
from osint.base.filters import identity
from osint.base.keyset import Order, order_of
from osint.base.pagination import OF_THE_PAGE, number
from osint.base.shapes import choosing, csv, geojson
from osint.base.shapes.negotiation import CSV, ByQuestion, JSONLines
from osint.base.shapes.streaming import FIRST, FURTHER, streamed
from osint.base.text import shown
from osint.base.wire import JSON, dumps
from osint.history import editions

OF_THE_WHOLE = frozenset({"after", "limit"})
MOST = 999_999_999
OF_PAGES = gettext_lazy(
    "“%(name)s” is for pages, and this format is sent whole: there “limit” and “after” say how much of it."
)
OF_WHOLES = gettext_lazy(
    "“%(name)s” is for what is sent whole, such as format=csv. Pages have “page_size” and “cursor”."
)
OF_OTHERS = gettext_lazy(
    "“%(name)s” is not for this format. Leave it out, or ask for another one, such as format=json."
)
Rows = list[Any]


class Listed(GenericViewSet[Any]):
    """A resource whose list is sent in several forms, and not again to whoever has it."""

    content_negotiation_class = ByQuestion
    forms: ClassVar[tuple[Any, ...]] = (JSONLines, CSV)  # beside JSON
    lists: ClassVar[set[str]] = {"list"}  # the actions that take the filters
    names = ""  # the state of what questions name, once it is known

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer; the view lets go of it, as view and request hold each other, and would hold it, for a while."""
        answer = super().dispatch(request, *args, **kwargs)
        del self.response
        return answer

    def get_renderers(self) -> Rows:
        """JSON, and for lists the other forms."""
        forms = self.forms if self.action in self.lists else ()
        return [JSON(), *(form() for form in forms)]

    @property
    def form(self) -> str:
        """The form that is asked for."""
        return str(self.request.accepted_renderer.format)

    def of_the_form(self) -> frozenset[str]:
        """Parameters of a list in the form that is asked for."""
        return choosing.PARAMETERS | (OF_THE_PAGE if self.form == "json" else OF_THE_WHOLE)

    def of_other_forms(self) -> dict[str, Any]:
        """What to say of parameters that the list takes in other forms, and not in the one that is asked for."""
        if self.action not in self.lists or not self.forms:
            return {}
        own = dict.fromkeys(OF_THE_PAGE, OF_PAGES) if self.form != "json" else dict.fromkeys(OF_THE_WHOLE, OF_WHOLES)
        return dict.fromkeys(choosing.PARAMETERS, OF_OTHERS) | own

    def list(self, request: Request, *_args: Any, **_kwargs: Any) -> Any:
        """The records, in pages or whole, in the form that is asked for."""
        edition = editions.seen_by(request.user)
        tag = conditional.of_list(request, self.form, edition)
        if tag.is_held(request.META):
            return conditional.varied(tag.unchanged())
        self.names = edition.names
        answer = self.page() if self.form == "json" else self.whole(self.found())
        return conditional.varied(tag.put_on(answer))

    def found(self) -> QuerySet[Any]:
        """The records that answer the question."""
        found: QuerySet[Any] = self.filter_queryset(self.get_queryset())
        return found

    # Pages

    def page(self) -> Any:
        """A page of the list."""
        rows, chosen = self.found(), self.chosen()
        page = self.get_serializer(self.paginate_queryset(rows), many=True)
        return self.get_paginated_response([chosen.cut(record) for record in page.data])

    def chosen(self) -> choosing.Chosen:
        """The fields that are asked for."""
        return choosing.chosen(self.request, self.columns())

    def columns(self) -> Iterable[str]:
        """The fields of a record as this reader sees it."""
        serializer: Any = self.get_serializer()
        guarded = getattr(serializer, "guarded", {})
        for name, field in serializer.fields.items():
            if not field.write_only and (name not in guarded or self.request.user.has_perm(guarded[name])):
                yield name

    # The whole

    def whole(self, rows: QuerySet[Any]) -> HttpResponseBase:
        """The whole list, row by row."""
        renderer: Any = self.request.accepted_renderer
        name = f"{self.request.path.strip('/').rpartition('/')[2]}.{renderer.form.name}"
        sent = self.sent(rows, self.order(rows))
        return streamed(self.request, sent, renderer.form.content_type, name)

    def order(self, rows: QuerySet[Any]) -> Order:
        """The order of the rows, in which one can go on behind any of them."""
        order = order_of(rows)
        if order is None:
            told = _("A list that is sent whole comes in its own order. Leave this out, or ask for pages: format=json.")
            raise ValidationError({"ordering": [told]})
        return order

    def sent(self, rows: QuerySet[Any], order: Order) -> Iterator[bytes]:
        """The bytes of the list; what is wrong with the question is refused before any of them is made."""
        chosen, place, most = self.chosen(), self.start(order), self.most
        return self.written(self.chunks(order, rows, place, most), chosen)

    @property
    def most(self) -> int:
        """How many rows are wanted."""
        return number(self.request, "limit", MOST, MOST)

    def written(self, chunks: Iterable[Rows], chosen: choosing.Chosen) -> Iterator[bytes]:
        """The rows as they are sent."""
        if self.form == "geojson":
            yield from geojson.collection(self.features(chunks, chosen))
            return
        if self.form == "csv":
            yield csv.head(chosen.names).encode()
        for chunk in chunks:
            records = self.get_serializer(chunk, many=True).data
            if self.form == "csv":
                yield "".join(csv.table(chosen.names, records)).encode()
            else:
                yield b"".join([dumps(chosen.cut(record)) + b"\n" for record in records])

    def features(self, chunks: Iterable[Rows], chosen: choosing.Chosen) -> Iterator[bytes]:
        """The rows as features, each at its points, which say how precise they are."""
        for chunk in chunks:
            for row, record in zip(chunk, self.get_serializer(chunk, many=True).data, strict=True):
                told = {name: value for name, value in chosen.cut(record).items() if name not in geojson.PRECISIONS}
                yield geojson.feature(str(record[self.lookup_field]), list(self.spots(row)), dumps(told))

    def spots(self, row: Any) -> Iterable[geojson.Spot]:
        """Where a row is on the earth, in a list that is sent as features."""
        raise NotImplementedError

    def chunks(self, order: Order, rows: QuerySet[Any], place: Place | None, left: int) -> Iterator[Rows]:
        """So many rows from a place on, some at a time, each time from where the last one stood."""
        size = FIRST
        while left and (chunk := list(order.page(rows, place)[: min(size, left)])):
            yield chunk
            place, left, size = Place(order.of(chunk[-1])), left - len(chunk), FURTHER

    def start(self, order: Order) -> Place | None:
        """The place behind the row that whoever goes on has received last."""
        text = self.request.query_params.get("after")
        if text is None:
            return None
        found = self.get_queryset().filter(self.named(text)).values_list(*order.columns).first()
        if found is None:
            told = _("There is no record “%(name)s” here to go on after. Send what the last row says of itself.")
            raise ValidationError({"after": [told % {"name": shown(text)}]})
        return Place(tuple(found))

    def named(self, text: str) -> Q:
        """The condition that finds the record of this name."""
        name: str = self.lookup_field
        if name != "uuid":
            return Q(**{name: text})
        model: Any = self.get_queryset().model
        also = "reference" if hasattr(model, "reference") else ""
        return identity(text, also=also) or Q(pk__in=[])
