"""Made-up rows in the form of UCDP GED, for tests; a real file is used where an environment variable names one."""

import csv
import gzip

from osint.standards.ged.places import grid
from osint.standards.ged.rows import COLUMNS


def article(office, day, headline):
    return f'"{office},{day},{headline}"'


def make_row(number=1, **overrides):
    """A clash of 3 May 2016 in a village of Norland, four dead, told of by one article of the Observatory."""
    cells = {
        "id": str(900_000 + number),
        "year": "2016",
        "active_year": "1",
        "type_of_violence": "1",
        "conflict_new_id": "70",
        "conflict_name": "Norland: Government",
        "dyad_new_id": "71",
        "dyad_name": "Government of Norland - Southern Band",
        "side_a_new_id": "81",
        "side_a": "Government of Norland",
        "side_b_new_id": "82",
        "gwnob": "",
        "side_b": "Southern Band",
        "number_of_sources": "1",
        "source_article": article("SOHR", "2016-05-04", "Clashes in Ter Ma’la; four killed"),
        "source_office": "SOHR",
        "source_date": "2016-05-04",
        "source_headline": "Clashes in Ter Ma’la; four killed",
        "source_original": "SOHR",
        "where_prec": "1",
        "where_coordinates": "Longford village",
        "adm_1": "Eastshire Governorate",
        "adm_2": "Long district",
        "latitude": "34.802462",
        "longitude": "36.707602",
        "country": "Norland",
        "country_id": "9652",
        "region": "Middle East",
        "event_clarity": "1",
        "date_prec": "1",
        "date_start": "2016-05-03",
        "date_end": "2016-05-03",
        "deaths_a": "3",
        "deaths_b": "1",
        "deaths_civilians": "0",
        "deaths_unknown": "0",
        "low": "4",
        "best": "4",
        "high": "4",
    } | overrides
    point = f"POINT ({cells['longitude']} {cells['latitude']})"
    gid = str(grid(float(cells["latitude"]), float(cells["longitude"])))
    cells = {"geom_wkt": point, "priogrid_gid": gid} | cells
    return {name: cells[name] for name in COLUMNS}


def make_rows():
    """What real rows do: share articles, cite many, name others as the origin, and break the order of estimates."""
    shared = article("Field Report", "2016-06-01", "A week in the east")
    many = {
        "source_article": f"{shared};{article('SOHR', '2016-06-02', 'Shells on Longford')}",
        "source_office": "Field Report;SOHR",
        "source_date": "2016-06-01;2016-06-02",
        "source_headline": "A week in the east;Shells on Longford",
        "number_of_sources": "2",
    }
    one = {"source_article": shared, "source_office": "Field Report", "source_date": "2016-06-01"}
    days = {"date_start": "2016-05-23", "date_end": "2016-05-27", "date_prec": "2"}
    civilians = {"type_of_violence": "3", "side_b": "Civilians", "side_b_new_id": "1"}
    nobody = {"deaths_a": "0", "deaths_b": "0", "deaths_civilians": "0", "deaths_unknown": "0"}
    return [
        make_row(1),
        make_row(2, **many, **days, source_original="SOHR", where_prec="2", low="1", high="9"),
        make_row(3, **one, **days, source_original="sohr\n", event_clarity="2", adm_2="", where_prec="4",
                 where_coordinates="Eastshire Governorate"),
        make_row(4, **civilians, **nobody | {"deaths_civilians": "5", "best": "5", "low": "7", "high": "5"}),
        make_row(5, **nobody, low="0", best="0", high="6", where_prec="6", where_coordinates="Norland", adm_1="",
                 adm_2="", latitude="35.0", longitude="38.0", geom_wkt="POINT (38 35)"),
        make_row(6, **nobody | {"deaths_unknown": "2", "best": "2"}, low="2", high="2", source_original="",
                 source_article=article("Ä-Bulletin", "2015-01-01", "=told 'in “time”"), source_office="Ä-Bulletin",
                 source_date="2015-01-01", latitude="-12.5", type_of_violence="2"),
    ]  # fmt: skip


def write(path, rows, columns=COLUMNS):
    """A file as UCDP gives it."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    return path
