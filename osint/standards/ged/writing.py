"""Events as UCDP GED tells of them: the 41 columns of its codebook, in its order and with its values.

An event that came out of a row of the data set goes out as that row, cell by cell, but for what we hold otherwise now.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from events import provenance
from events.choices import Facet, SiteKind
from events.models import Actor, Citation, Event
from osint.base.shapes import csv
from osint.standards.countries import BY_CODE
from osint.standards.flat import CIVIL, STATE, Dead, Flat, dead, flat, name_of
from osint.standards.ged import identity
from osint.standards.ged.places import grid, precision_of
from osint.standards.ged.rows import COLUMNS, DEATHS, NON_STATE, ONE_SIDED, READ, STATE_BASED, Row, parsed
from sources.models import Report, Source

if TYPE_CHECKING:
    from sources.querysets import Reader

Cells = dict[str, Any]
ANGLES = {"latitude", "longitude"}
OWN = 10**15  # our numbers begin here, far above those of the data set
BETWEEN = ";"
DAYS = [(1, 1), (6, 2), (7, 3), (31, 4), (10**7, 5)]  # how many days at most have which code


def lines(events: Iterable[Event], reader: "Reader | None" = None) -> list[str]:
    """The lines of those of these events that are such in the data set: somebody acts, and dead are counted."""
    some = list(events)
    origins = provenance.origins_of(some, reader)
    found = [cells(one, origins[one.event.pk]) for one in flat(some)]
    return [line(told) + csv.END for told in found if told]


def line(told: Cells) -> str:
    """The line of an event; a number is one also where it came as text, so that its minus sign is no formula."""
    return ",".join(
        [
            str(told[name]) if name in ANGLES and told.get(name) is not None else csv.cell(told.get(name))
            for name in COLUMNS
        ]
    )


def cells(one: Flat, origins: list[Source]) -> Cells | None:
    """The cells of an event; none where it is no event by the definition of the data set."""
    if given := row_behind(one.event):
        return dict(given[1].cells) | changed(one, *given, origins)
    ours, theirs = one.sides
    if not (one.first and one.killed and ours and theirs):
        return None
    told = when(one) | sides(one) | where(one) | deaths(one)
    return told | {"id": OWN + one.event.uuid.int % OWN} | evidence(list(one.event.citations.all()), origins)


# What came out of the data set


def row_behind(event: Event) -> tuple[Citation, Row] | None:
    """The row out of which the event came, the latest where there are several."""
    cited = [one for one in event.citations.all() if one.report.source.slug == identity.SOURCE]
    for citation in sorted(cited, key=lambda one: (one.report.published_on, one.report_id), reverse=True):
        row = Row(parsed(citation.report.text))
        if set(row.cells) >= READ and identity.event_uuid(row["id"]) == str(event.uuid):
            return citation, row
    return None


def changed(one: Flat, citation: Citation, row: Row, origins: list[Source]) -> Cells:
    """The cells in which we hold something else by now than the row says."""
    event, said = one.event, {claim.facet: claim for claim in citation.claims.all()}
    told: Cells = {}
    if said[Facet.WHEN].when != event.when or event.is_aggregate != (row["event_clarity"] == "2"):
        told |= when(one)
    parts = {(claim.actor_id, claim.actor_role) for claim in citation.claims.all() if claim.facet == Facet.WHO}
    if (
        parts != {(held.actor_id, held.role) for held in event.involvements.all()}
        or said[Facet.WHAT].type != event.type
    ):
        told |= sides(one)
    if one.site != said[Facet.WHERE].site:
        told |= where(one)
    if not is_same_number(one, citation, row):
        told |= deaths(one)
    others = [cited for cited in event.citations.all() if cited != citation]
    return told | (evidence(others, origins, row) if others else {})


def is_same_number(one: Flat, citation: Citation, row: Row) -> bool:
    """Whether the dead are those whom the row counts."""
    numbers = [claim for claim in citation.claims.all() if claim.facet == Facet.HOW_MANY]
    known = all(any(provenance.same_how_many(claim, count) for claim in numbers) for count in one.killed)
    return known and dead(one.killed).best == row.figure("best")


# What is ours


def when(one: Flat) -> Cells:
    """The days, and how precise they are; one that sums up several incidents cannot be told apart any further."""
    precision = next(code for most, code in DAYS if one.days <= most)
    first, last = str(one.first), str(one.last)
    clarity = 2 if one.event.is_aggregate else 1
    return {"year": first[:4], "event_clarity": clarity, "date_prec": precision, "date_start": first, "date_end": last}


def kind(one: Flat) -> str:
    """What sort of violence: against civilians alone, with a state in it, or between others."""
    ours, theirs = one.sides
    if code := identity.TYPE_CODES.get(one.event.type.slug):
        return code
    if theirs and all(actor.kind in CIVIL for actor in theirs):
        return ONE_SIDED
    return STATE_BASED if any(actor.kind in STATE for actor in (*ours[:1], *theirs[:1])) else NON_STATE


def sides(one: Flat) -> Cells:
    """Who fights whom; the state comes first, as in the data set."""
    ours, theirs = in_order(one)
    names = [name_of(ours[0]), name_of(theirs[0])] if ours and theirs else ["", ""]
    numbers = [identity.number_of(side[0].slug) if side else "" for side in (ours, theirs)]
    told = {"type_of_violence": kind(one), "conflict_new_id": "", "conflict_name": "", "dyad_new_id": "", "gwnob": ""}
    told |= {"side_a_new_id": numbers[0], "side_a": names[0], "side_b_new_id": numbers[1], "side_b": names[1]}
    return told | {"dyad_name": " - ".join(names)}


def in_order(one: Flat) -> tuple[list[Actor], list[Actor]]:
    """The two sides, that of a state first where there is one, and civilians last."""
    ours, theirs = one.sides
    is_turned = theirs and theirs[0].kind in STATE and not (ours and ours[0].kind in STATE)
    return (theirs, ours) if is_turned else (ours, theirs)


def where(one: Flat) -> Cells:
    """The place with what it lies in, and its point."""
    site, point = one.site, one.point
    code = str(one.country.pcode)[:2] if one.country else ""
    country = BY_CODE.get(code)
    told: Cells = {
        "where_prec": precision_of(one),
        "where_coordinates": name_of(site) if site else None,
        "adm_1": one.level(SiteKind.GOVERNORATE),
        "adm_2": one.level(SiteKind.DISTRICT),
        "country": one.level(SiteKind.COUNTRY),
        "country_id": country.gw if country else None,
        "region": country.region if country else None,
    }
    if point and point.latitude is not None and point.longitude is not None:
        told |= {"latitude": point.latitude, "longitude": point.longitude}
        told["geom_wkt"] = f"POINT ({point.longitude} {point.latitude})"
        told["priogrid_gid"] = grid(point.latitude, point.longitude)
    return told


def deaths(one: Flat) -> Cells:
    """The dead of each side, of civilians and of whoever it may be; the best figure is their sum."""
    ours, theirs = in_order(one)
    of = dict.fromkeys(DEATHS, Dead())
    for count in one.killed:
        of[whose(count.party, ours, theirs)] += dead([count])
    whole = dead(one.killed)
    told: Cells = {name: number.best for name, number in of.items()}
    return told | {"low": whole.low, "best": whole.best, "high": whole.high}


def whose(party: Actor | None, ours: list[Actor], theirs: list[Actor]) -> str:
    """In which column the dead of a party stand."""
    if party is not None and party.kind in CIVIL:
        return "deaths_civilians"
    return "deaths_a" if party in ours else "deaths_b" if party in theirs else "deaths_unknown"


def evidence(cited: list[Citation], origins: list[Source], row: Row | None = None) -> Cells:
    """The reports, one after the other, after those of the row; and who is at the end of their chains."""
    reports = [one.report for one in cited]
    parts = {
        "source_article": [f'"{quoted(report)}"' for report in reports],
        "source_office": [name_of(report.source).replace(BETWEEN, ",") for report in reports],
        "source_date": [str(report.published_on) for report in reports],
        "source_headline": [report.title for report in reports],
    }
    told: Cells = {name: BETWEEN.join([*([row[name]] if row else []), *many]) for name, many in parts.items()}
    number = len(reports) + (row.figure("number_of_sources") if row else 0)
    return told | {"number_of_sources": number, "source_original": ", ".join(name_of(one) for one in origins)}


def quoted(report: Report) -> str:
    """Office, day and headline of a report, without what would end the article."""
    return f"{name_of(report.source)},{report.published_on},{report.title}".replace('"', "”").replace(BETWEEN, ",")
