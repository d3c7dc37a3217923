"""What one event shows beside what lists show, as SQL: its parts, origins, citations and claims."""

from benchmarks.floor.shown import PUBLISHED, Pairs, Shown, plain

LIVE = "('accepted', 'in_conflict')"
# SQLite knows no common table that speaks of the row outside: there the event is named once more.
NAMED = "(SELECT one.id FROM events_event one WHERE one.reference = ?)"
HIDDEN = "(r.tlp <> 'CLEAR')"
CLAIMS = """
    FROM events_claim k
    LEFT JOIN events_eventtype nk ON nk.id = k.type_id LEFT JOIN events_site ks ON ks.id = k.site_id
    LEFT JOIN events_actor ka ON ka.id = k.actor_id LEFT JOIN events_measure km ON km.id = k.measure_id
    LEFT JOIN events_actor kp ON kp.id = k.party_id
    WHERE k.citation_id = c.id
"""
ORIGINS = """(
    WITH RECURSIVE chain(report) AS (
        SELECT c.report_id FROM events_citation c JOIN sources_report r ON r.id = c.report_id AND r.tlp = 'CLEAR'
        WHERE {cited} AND c.role <> 'denies' AND (
            EXISTS (SELECT 1 FROM events_claim k WHERE k.citation_id = c.id AND k.standing IN {live})
            OR NOT EXISTS (SELECT 1 FROM events_claim k WHERE k.citation_id = c.id))
        UNION
        SELECT y.relayed_report_id FROM chain JOIN sources_relay y ON y.report_id = chain.report
        JOIN sources_report r ON r.id = y.relayed_report_id AND r.tlp = 'CLEAR')
    SELECT {array} FROM (
        SELECT o.slug FROM (
            SELECT y.relayed_source_id AS id FROM chain JOIN sources_relay y ON y.report_id = chain.report
            UNION
            SELECT r.source_id FROM chain JOIN sources_report r ON r.id = chain.report
            WHERE NOT EXISTS (SELECT 1 FROM sources_relay y WHERE y.report_id = r.id)
        ) ends JOIN sources_source o ON o.id = ends.id ORDER BY o.slug
    ) named)"""
SAME = "IS NOT DISTINCT FROM"
COUNTED = " AND ".join(f"h.{name} {SAME} k.{name}" for name in ("party_id", "low", "best", "high"))
EXACT = "('', 'exactly')"
AGREES = f"""CASE k.facet
    WHEN 'what' THEN substr(nk.path, 1, length(t.path)) = t.path
    WHEN 'when' THEN k."when" = e."when" OR substr(e."when", 1, 1) NOT IN ('[', '{{') AND
        COALESCE(k.earliest >= e.earliest, e.earliest IS NULL) AND COALESCE(k.latest <= e.latest, e.latest IS NULL)
    WHEN 'where' THEN EXISTS (SELECT 1 FROM events_placement h JOIN events_site hs ON hs.id = h.site_id
        WHERE h.event_id = e.id AND h.role = k.site_role AND substr(ks.path, 1, length(hs.path)) = hs.path)
    WHEN 'who' THEN EXISTS (SELECT 1 FROM events_involvement h
        WHERE h.event_id = e.id AND h.role = k.actor_role AND h.actor_id = k.actor_id)
    ELSE EXISTS (SELECT 1 FROM events_count h
        WHERE h.event_id = e.id AND h.measure_id = k.measure_id AND h.label = k.label AND {COUNTED} AND
        CASE WHEN COALESCE(h.low, h.best, h.high) IS NULL THEN h.phrase = k.phrase
        ELSE h.qualifier = k.qualifier OR h.qualifier IN {EXACT} AND k.qualifier IN {EXACT} END)
    END"""


def unless_hidden(names: list[str], blank: str) -> Pairs:
    """Columns that say nothing where the report is withheld."""
    return [(name, f'CASE WHEN {HIDDEN} THEN {blank} ELSE k."{name}" END') for name in names]


class Evidence(Shown):
    """The expressions of one engine for the detail."""

    def claim(self) -> str:
        """What a report says of one thing."""
        return self.dialect.object([
            ("uuid", self.dialect.uuid("k.uuid")),
            ("facet", "k.facet"),
            ("type", "nk.slug"),
            ("when", 'k."when"'),
            *unless_hidden(["when_phrase"], "''"),
            *plain("k", ["earliest", "latest"]),
            ("site", "ks.slug"),
            ("site_role", "k.site_role"),
            ("actor", "ka.slug"),
            ("actor_role", "k.actor_role"),
            ("measure", "km.slug"),
            ("party", "kp.slug"),
            *plain("k", ["low", "best", "high", "qualifier"]),
            *unless_hidden(["phrase"], "''"),
            *plain("k", ["label", "label_ar"]),
            *unless_hidden(["quote"], "''"),
            *unless_hidden(["start", "end"], "NULL"),
            ("standing", "k.standing"),
            *unless_hidden(["standing_reason"], "''"),
            ("proposal", "k.proposal"),
            ("agrees", self.dialect.truth(AGREES)),
        ])  # fmt: skip

    def report(self) -> str:
        """The report that is cited, with whom it relays."""
        relayed = f"(SELECT {self.dialect.uuid('z.uuid')} FROM sources_report z WHERE z.id = y.relayed_report_id"
        relay = [
            ("uuid", self.dialect.uuid("y.uuid")),
            ("relayed_source", "(SELECT o.slug FROM sources_source o WHERE o.id = y.relayed_source_id)"),
            ("relayed_report", f"{relayed} AND z.tlp = 'CLEAR')"),
            *plain("y", ["quote", "start", "end", "version"]),
        ]
        relays = self.dialect.array(self.dialect.object(relay), "FROM sources_relay y WHERE y.report_id = r.id", "y.id")
        return self.dialect.object([
            ("uuid", self.dialect.uuid("r.uuid")),
            ("title", "r.title"),
            ("source", "o.slug"),
            *plain("r", ["published_on", "language", "url", "archived_url"]),
            ("relays", relays),
        ])  # fmt: skip

    def citations(self) -> str:
        """The reports' parts in the event, those that are withheld last."""
        report = self.dialect.nothing_where(HIDDEN, self.report())
        one = [
            ("uuid", self.dialect.uuid("c.uuid")),
            ("withheld", self.dialect.truth(HIDDEN)),
            ("report", report),
            *plain("c", ["role", "credibility"]),
            ("note", f"CASE WHEN {HIDDEN} THEN '' ELSE c.note END"),
            ("claims", self.dialect.array(self.claim(), CLAIMS, "k.id")),
        ]
        rows = (
            "FROM events_citation c JOIN sources_report r ON r.id = c.report_id "
            f"JOIN sources_source o ON o.id = r.source_id WHERE {self.dialect.cited('e.id')}"
        )
        # Of generated events the key of a duplicate is higher, so the event's own citations come first.
        return self.dialect.array(self.dialect.object(one), rows, f"{HIDDEN}, c.id")

    def origins(self) -> str:
        """The independent sources behind it."""
        cited = self.dialect.cited(NAMED)
        return ORIGINS.format(array=self.dialect.strings("named.slug"), cited=cited, live=LIVE)

    def full(self) -> str:
        """The event as its own address shows it."""
        parts = f"FROM events_event w WHERE w.part_of_id = e.id AND w.shelf IN ({PUBLISHED}, 15)"
        more = [
            ("parts", self.dialect.array(self.dialect.uuid("w.uuid"), parts, "w.newest DESC", is_text=True)),
            ("origins", self.origins()),
            ("citations", self.citations()),
        ]
        return self.dialect.object([*self.pairs(), *more])
