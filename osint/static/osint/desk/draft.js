// An event that is being entered: its facts as accepted or chosen, and what the REST door is told of them.
import { say, settings, uuid } from "./dom.js";

export const FACETS = ["what", "when", "where", "who", "how_many"];
const ROWS = { where: "placements", who: "involvements", how_many: "counts" };
const NUMBERS = ["low", "best", "high"];

export const blank = (passages) => ({
  key: uuid(), at: Date.now(), uuid: null, version: null, reference: "", published: false, passages, facts: [], rejected: [],
  summary: null, credibility: null, aggregate: null, correction: "", state: "open", errors: [], apart: [],
});

// What tells one fact from another.
export const identity = (fact) => [fact.facet, fact.slug || "", fact.when || "", fact.role || ""].join("|");

export const of = (draft, facet) => draft.facts.filter((fact) => fact.facet === facet);

export const quoted = (fact) => Boolean(fact.quote);

const arabic = () => document.documentElement.lang.startsWith("ar");
const ARABIC = /\p{Script=Arabic}/gu;
const LATIN = /\p{Script=Latin}/gu;
const inArabic = (text) => (text.match(ARABIC) || []).length > (text.match(LATIN) || []).length;

// A number in the report's words, where those are in the reader's language; else what was counted, and the figure.
const counted = (fact) => {
  if (/\p{L}/u.test(fact.phrase || "") && inArabic(fact.phrase) === arabic()) return fact.phrase;
  const figures = [...new Set([fact.best ?? fact.low, fact.best === null || fact.best === undefined ? fact.high : null])].filter((one) => one !== null && one !== undefined);
  return figures.length ? `${fact.text} (${figures.join("–")})` : fact.text;
};

// What is not typed is put together from the facts, in the reader's language.
export const summaryOf = (draft) => {
  if (draft.summary !== null) return draft.summary;
  const named = (facet) => of(draft, facet).map((fact) => fact.text);
  const [what] = named("what");
  if (!what) return "";
  const rest = [...named("who"), ...named("where"), ...named("when"), ...of(draft, "how_many").map(counted)];
  const comma = arabic() ? "، " : ", ";
  return rest.length ? `${what}: ${rest.join(comma)}.` : `${what}.`;
};

const basis = (fact) => ({ basis: fact.basis || "stated", reason: fact.reason || "" });
const words = (fact) => (fact.quote && !fact.stored ? { quote: fact.quote, start: fact.start, ...(fact.proposal ? { proposal: fact.proposal } : {}) } : {});
const same = (fact) => (fact.uuid ? { uuid: fact.uuid } : {});

const row = {
  where: (fact) => ({ ...same(fact), site: fact.slug, role: fact.role, ...basis(fact), ...words(fact) }),
  who: (fact) => ({ ...same(fact), actor: fact.slug, role: fact.role, ...basis(fact), ...words(fact) }),
  how_many: (fact) => ({
    ...same(fact), measure: fact.slug, party: fact.party || null, qualifier: fact.qualifier || "", phrase: fact.phrase || "",
    label: fact.label || "", label_ar: fact.label_ar || (/[\u0600-\u06ff]/.test(fact.label || "") ? fact.label : ""),
    ...Object.fromEntries(NUMBERS.map((name) => [name, fact[name] ?? null])), ...basis(fact), ...words(fact),
  }),
};

// The summary as it is sent: in the column of the language in which it is written, or was put together.
const summary = (draft) => {
  const text = summaryOf(draft);
  return (draft.summary === null ? arabic() : inArabic(text)) ? { summary_ar: text } : { summary_en: text };
};

const own = (draft, facet, values) => {
  const fact = of(draft, facet)[0];
  if (!fact) return {};
  const quote = fact.quote && !fact.stored ? { [facet]: fact.quote, [`${facet}_start`]: fact.start, ...(fact.proposal ? { [`${facet}_proposal`]: fact.proposal } : {}) } : {};
  return { values: values(fact), quote };
};

// The event as the REST door takes it: all of a new one; of a stored one what was changed.
export const payload = (draft, bounded) => {
  const what = own(draft, "what", (fact) => ({ type: fact.slug, type_basis: fact.basis || "stated", type_reason: fact.reason || "" }));
  const when = own(draft, "when", (fact) => ({ when: fact.when, when_phrase: fact.phrase || "", when_basis: fact.basis || "stated", when_reason: fact.reason || "" }));
  const unbounded = !draft.uuid && !when.values ? { when: bounded.when, when_basis: bounded.basis, when_reason: bounded.reason } : {};
  const rows = Object.fromEntries(Object.entries(ROWS)
    .filter(([facet]) => !draft.uuid || draft.touched?.includes(facet))
    .map(([facet, name]) => [name, of(draft, facet).map(row[facet])]));
  const told = !draft.uuid || draft.touched?.includes("summary") ? summary(draft) : {};
  const quotes = { ...what.quote, ...when.quote };
  return {
    report: settings.report, ...what.values, ...when.values, ...unbounded, ...rows, ...told,
    ...(Object.keys(quotes).length ? { quotes } : {}),
    ...(draft.credibility ? { credibility: draft.credibility } : {}),
    ...(draft.aggregate === null ? {} : { is_aggregate: draft.aggregate }),
    ...(draft.correction ? { correction_reason: draft.correction } : {}),
  };
};

// What the draft lacks before it is worth sending: [fact or null, sentence].
export const lacking = (draft) => {
  const found = [];
  for (const fact of draft.facts) {
    if (!fact.stored && !fact.quote && !(fact.reason || "").trim()) found.push([fact.id, say("needs_reason")]);
  }
  if (!of(draft, "what").length) found.unshift([null, say("needs_what")]);
  else if (!summaryOf(draft).trim() && !draft.uuid) found.push([null, say("needs_summary")]);
  return found;
};

// The server's refusal, sentence by sentence: [fact or null, sentence].
export const errors = (draft, body) => {
  // Without fields that it is about, there is the one sentence.
  const told = typeof body === "object" && body ? body.errors || { detail: body.detail } : { detail: body };
  const found = [];
  const flat = (value) => (Array.isArray(value) ? value.flatMap(flat) : value && typeof value === "object" ? Object.values(value).flatMap(flat) : [String(value)]);
  for (const [name, value] of Object.entries(told)) {
    const facet = Object.keys(ROWS).find((one) => ROWS[one] === name);
    const whole = { type: "what", type_basis: "what", type_reason: "what", when: "when", when_basis: "when", when_reason: "when", when_phrase: "when", report: "when" }[name]; // of the report only its day can be wrong here
    if (facet && Array.isArray(value)) {
      value.forEach((one, at) => flat(one).forEach((sentence) => found.push([of(draft, facet)[at]?.id ?? null, sentence])));
    } else if (name === "quotes") {
      for (const [part, said] of Object.entries(value)) flat(said).forEach((sentence) => found.push([of(draft, part.split("_")[0])[0]?.id ?? null, sentence]));
    } else if (whole) {
      flat(value).forEach((sentence) => found.push([of(draft, whole)[0]?.id ?? null, sentence]));
    } else {
      flat(value).forEach((sentence) => found.push([null, sentence]));
    }
  }
  return found;
};

// A stored event as a draft to which facts are added; `named` finds the name of a record.
export const stored = (event, named, version) => {
  const fact = (facet, values) => ({ id: uuid(), facet, stored: true, ...values });
  const what = fact("what", { slug: event.type, text: named("what", event.type), basis: event.type_basis, reason: event.type_reason });
  const when = event.when ? [fact("when", { when: event.when, text: named("when") || event.when, phrase: event.when_phrase, basis: event.when_basis, reason: event.when_reason })] : [];
  const rows = [
    ...event.placements.map((one) => fact("where", { ...one, slug: one.site, text: named("where", one.site) })),
    ...event.involvements.map((one) => fact("who", { ...one, slug: one.actor, text: named("who", one.actor) })),
    ...event.counts.map((one) => fact("how_many", { ...one, slug: one.measure, text: named("how_many", one.measure) })),
  ];
  return {
    ...blank([]), uuid: event.uuid, version, reference: event.reference, published: event.published_at !== null,
    facts: [what, ...when, ...rows], summary: event.summary_ar && document.documentElement.lang === "ar" ? event.summary_ar : event.summary_en || event.summary_ar, touched: [],
  };
};
