// What the reading aid recognised: found by place, underlined in the text, and turned into facts when accepted.
import { call } from "./api.js";
import { settings, uuid } from "./dom.js";

const USUAL = { where: "at", who: "acts" };

export class Proposals {
  constructor(text) {
    this.text = text;
    this.all = [];
  }

  async load() {
    const { content } = await call("GET", settings.proposals);
    this.all = content.proposals.map((one, id) => ({ ...one, id }));
    this.underline();
  }

  // With the CSS highlight API where the browser has it: the text itself stays as it is.
  underline() {
    if (!window.Highlight) return;
    const ranges = this.all.map((one) => this.text.rangeOf(one.start, one.end));
    CSS.highlights.set("recognised", new Highlight(...ranges));
  }

  within(passages) {
    return this.all.filter((one) => passages.some((passage) => passage.start <= one.start && one.end <= passage.end));
  }

  touching({ start, end }) {
    return this.all.filter((one) => one.start < end && one.end > start);
  }

  // Those of a facet, the nearest to a place first.
  near(facet, place) {
    const far = (one) => Math.max(0, one.start - place, place - one.end);
    return this.all.filter((one) => one.facet === facet).sort((one, other) => far(one) - far(other));
  }

  after(place, step) {
    const others = this.all.filter((one) => (step > 0 ? one.start > place : one.start < place));
    return step > 0 ? others[0] : others.at(-1);
  }

  // The fact that a proposal becomes with this choice; other words may be quoted for it than its own.
  fact(one, { choice = 0, role, party, quote } = {}) {
    const record = one.choices[choice];
    const value = one.value;
    const words = quote || { start: one.start, quote: this.text.slice(one.start, one.end) };
    const common = {
      id: uuid(), facet: one.facet, slug: record?.slug, proposal: one.proposal, quote: words.quote, start: words.start,
      basis: value.basis || "stated", reason: value.reason || "",
    };
    if (one.facet === "when") return { ...common, when: value.when, phrase: value.when_phrase || words.quote.slice(0, 200), text: one.words };
    if (one.facet === "how_many") {
      const { low = null, best = null, high = null, qualifier = "", phrase = "", label = "" } = value;
      return { ...common, low, best, high, qualifier, phrase: phrase || words.quote.slice(0, 200), label, party: party ?? null, text: record?.label || "" };
    }
    return { ...common, role: role || value.role || USUAL[one.facet], text: record?.label || "" };
  }
}
