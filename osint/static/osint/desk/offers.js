// What can be chosen for a facet without typing it in full: the nearest in the text, the most used, and what is found.
import { call, find } from "./api.js";
import { settings, uuid } from "./dom.js";

const RESOURCE = { where: "sites", who: "actors" };
const USUAL = { where: "at", who: "acts" };
const MOST = 9;
const DIGITS = /[0-9٠-٩۰-۹]+/g;
const plain = (text) => text.normalize("NFKD").replace(/[\p{M}\u0640]/gu, "").replace(/[أإآ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").toLowerCase();
const arabic = () => document.documentElement.lang.startsWith("ar");
const nameOf = (record) => (arabic() ? record.name_ar || record.name_en : record.name_en || record.name_ar);

export class Offers {
  constructor(proposals) {
    this.proposals = proposals;
    this.given = { types: [], measures: [], sites: [], actors: [], dates: [], reasons: [] };
    this.names = new Map();
    this.used = [];
    this.worded = new Map();
  }

  take(given) {
    this.given = given;
    for (const [facet, name] of [["what", "types"], ["how_many", "measures"], ["where", "sites"], ["who", "actors"]]) {
      given[name].forEach((one) => this.names.set(`${facet}/${one.slug}`, one.label));
    }
  }

  named(facet, slug) {
    return this.names.get(`${facet}/${slug}`) || slug;
  }

  learn(facet, slug, label) {
    this.names.set(`${facet}/${slug}`, label);
  }

  // The part in which a record stands: as last in this report, else the usual one.
  role(facet, slug) {
    return this.used.findLast((one) => one.facet === facet && one.slug === slug && one.role)?.role || USUAL[facet];
  }

  // What is offered before a letter is typed: [{label, detail, values}].
  first(facet, picked) {
    const near = this.proposals.near(facet, picked?.start ?? 0).slice(0, 60).flatMap((one) => this.proposed(one));
    const held = this.used.filter((one) => one.facet === facet);
    const known = { what: [], how_many: this.given.measures, where: this.given.sites, who: this.given.actors, when: this.given.dates }[facet];
    const rest = facet === "when" ? known.map((one) => this.dated(one)) : known.map((one) => this.record(one));
    const many = facet === "when" ? near.slice(0, 5) : near.slice(0, 4);
    return this.unique([...many, ...held.map((one) => this.record(one)), ...rest]).slice(0, MOST);
  }

  proposed(one) {
    const fact = this.proposals.fact(one);
    if (one.facet === "when") return fact.when ? [{ label: fact.text, detail: fact.phrase, values: { when: fact.when, phrase: fact.phrase, text: fact.text, basis: fact.basis, reason: fact.reason } }] : [];
    return one.choices.map((choice) => this.record(choice));
  }

  record({ slug, label, also }) {
    return { label, detail: also && also !== label ? also : "", values: { slug, text: label } };
  }

  dated({ when, label, basis, reason }) {
    return { label, detail: when, values: { when, text: label, basis, reason } };
  }

  unique(options) {
    const seen = new Set();
    return options.filter((one) => {
      const key = one.values.slug || one.values.when;
      return seen.has(key) ? false : seen.add(key);
    });
  }

  // What answers to the letters typed.
  async search(facet, typed) {
    if (facet === "when") return [await this.date(typed)];
    if (RESOURCE[facet]) {
      const found = await find(RESOURCE[facet], { q: typed, page_size: MOST });
      return found.map((record) => this.record({ slug: record.slug, label: nameOf(record), also: record.parent || record.kind }));
    }
    const wanted = plain(typed);
    const among = facet === "what" ? this.given.types : this.given.measures;
    const held = (one) => [one.label, one.also, one.slug].some((name) => plain(name || "").includes(wanted));
    const begins = (one) => [one.label, one.also].some((name) => plain(name || "").startsWith(wanted));
    return among.filter(held).sort((one, other) => begins(other) - begins(one)).slice(0, MOST).map((one) => this.record(one));
  }

  // A date as people write it, read against the day of publication.
  async date(words) {
    const asked = new URLSearchParams({ text: words.trim(), report: settings.pk, kind: "span" });
    const { content } = await call("GET", `${settings.dates}?${asked}`);
    if (content.error) throw new Error(content.error);
    const { edtf, words: label, basis, inferred } = content;
    return { label, detail: edtf, values: { when: edtf, text: label, basis, reason: basis === "stated" ? "" : inferred.join(" ") } };
  }

  // A date in the reader's language; each is asked for once.
  words(when) {
    if (!this.worded.has(when)) this.worded.set(when, this.date(when).then(({ label }) => label, () => { this.worded.delete(when); return when; }));
    return this.worded.get(when);
  }

  // The fact that a choice becomes; what is not quoted is the person's inference.
  fact(facet, values, picked) {
    const words = picked ? { quote: picked.quote, start: picked.start } : {};
    const role = USUAL[facet] ? { role: this.role(facet, values.slug) } : {};
    const number = facet === "how_many" && picked ? { best: this.number(picked.quote), phrase: picked.quote.slice(0, 200), qualifier: this.number(picked.quote) === null ? "" : "exactly" } : {};
    // What is stated somewhere is only inferred where no words are quoted for it.
    const basis = { basis: picked || values.basis !== "stated" ? values.basis || (picked ? "stated" : "inferred") : "inferred", reason: values.reason || "" };
    const phrase = facet === "when" && picked ? { phrase: values.phrase || picked.quote.slice(0, 200) } : {};
    return { id: uuid(), facet, ...role, ...number, ...values, ...phrase, ...basis, ...words };
  }

  number(words) {
    const found = words.match(DIGITS);
    if (!found || found.length > 1) return null;
    return Number(Array.from(found[0], (digit) => "٠١٢٣٤٥٦٧٨٩".indexOf(digit) + 1 ? "٠١٢٣٤٥٦٧٨٩".indexOf(digit) : "۰۱۲۳۴۵۶۷۸۹".indexOf(digit) + 1 ? "۰۱۲۳۴۵۶۷۸۹".indexOf(digit) : digit).join(""));
  }
}
