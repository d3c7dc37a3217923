// The card of an event that is being entered: what was recognised, what was accepted or chosen, and saving it.
import { chooser } from "./chooser.js";
import { button, element, piece, say, short, whisper } from "./dom.js";
import { FACETS, identity, of, summaryOf } from "./draft.js";
import { factView, suggestionView } from "./facts.js";

export class OpenCard {
  constructor(desk, draft) {
    this.desk = desk;
    this.draft = draft;
    this.element = piece("open");
    this.choosing = null; // {facet, picked}
    const on = (name, deed) => this.element.querySelector(name).addEventListener("click", deed);
    on(".save", () => desk.save(this.draft));
    on(".next", () => desk.save(this.draft, true));
    on("header .discard", () => desk.discard(this.draft));
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); document.activeElement.blur(); desk.save(this.draft); }
    });
    this.element.addEventListener("focusin", () => desk.work({ draft: this.draft }, false));
    this.fields();
    this.render();
  }

  // Fields that are made once, so that whoever types in them is not disturbed.
  fields() {
    const { desk, draft } = this;
    const summary = this.element.querySelector(".summary textarea");
    summary.addEventListener("input", () => { draft.summary = summary.value || null; this.touch("summary"); desk.keep(); });
    const why = this.element.querySelector(".why");
    why.hidden = !draft.published;
    why.querySelector("textarea").value = draft.correction;
    why.querySelector("textarea").addEventListener("input", (event) => { draft.correction = event.target.value; desk.keep(); });
    const credibility = this.element.querySelector(".credibility");
    credibility.addEventListener("change", () => { draft.credibility = Number(credibility.value) || null; desk.keep(); });
    const aggregate = this.element.querySelector(".aggregate");
    aggregate.checked = Boolean(draft.aggregate);
    aggregate.addEventListener("change", () => { draft.aggregate = aggregate.checked; desk.keep(); });
    this.element.querySelector(".next").hidden = Boolean(draft.uuid);
  }

  touch(facet) {
    if (this.draft.touched && !this.draft.touched.includes(facet)) this.draft.touched.push(facet);
  }

  // What was recognised in the passages and neither accepted nor rejected.
  suggestions() {
    const { draft, desk } = this;
    const seen = new Set();
    const taken = (one) => draft.facts.some((fact) => fact.facet === one.facet && (
      ["what", "when"].includes(one.facet) || (one.facet === "how_many" ? fact.from === one.key : one.choices.some((choice) => choice.slug === fact.slug))));
    return desk.proposals.within(draft.passages).map((one) => ({ ...one, key: `${one.facet}:${one.start}:${one.end}:${one.proposal}`, role: one.value.role || desk.offers.role(one.facet, one.choices[0]?.slug) }))
      .filter((one) => FACETS.includes(one.facet) && (one.choices.length || one.value.when) && !draft.rejected.includes(one.key) && !taken(one))
      .filter((one) => {
        const same = one.facet === "how_many" ? one.key : `${one.facet}|${one.choices.map((choice) => choice.slug)}|${one.value.when || ""}`;
        return seen.has(same) ? false : seen.add(same);
      });
  }

  parties() {
    const named = new Map(of(this.draft, "who").map((fact) => [fact.slug, fact.text]));
    for (const one of this.suggestions()) if (one.facet === "who" && one.choices.length === 1) named.set(one.choices[0].slug, one.choices[0].label);
    for (const fact of of(this.draft, "how_many")) if (fact.party) named.set(fact.party, this.desk.offers.named("who", fact.party));
    return [...named].slice(0, 8);
  }

  render(focus = null) {
    const { desk, draft } = this;
    if (!desk.ready) return;
    this.element.classList.toggle("active", desk.active?.draft === draft);
    this.element.dataset.state = draft.state;
    this.element.querySelector(".title").textContent = (draft.uuid ? say("changed_card", { event: draft.reference }) : say("draft_card")) + (draft.state === "unsaved" ? ` · ${say("unsaved")}` : "");
    this.trouble();
    const suggestions = this.suggestions();
    this.element.querySelector(".facets-of").replaceChildren(...FACETS.map((facet) => this.facet(facet, suggestions.filter((one) => one.facet === facet))));
    this.summarise();
    this.credibility();
    const saving = draft.state === "saving";
    this.element.querySelectorAll(".save, .next").forEach((made) => { made.disabled = saving; });
    if (focus) this.focus(focus);
  }

  credibility() {
    const made = this.element.querySelector(".credibility");
    if (made.options.length) return;
    const known = Object.entries(this.desk.offers.given.credibility || {});
    made.append(...known.map(([value, textContent]) => element("option", { value, textContent, selected: value === String(this.draft.credibility || 6) })));
  }

  summarise() {
    const summary = this.element.querySelector(".summary textarea");
    if (document.activeElement !== summary) summary.value = summaryOf(this.draft);
  }

  focus(where) {
    const left = [...this.element.querySelectorAll(".suggestion")];
    const found = where.suggestion !== undefined ? left[Math.min(where.suggestion, left.length - 1)] : where.fact ? this.element.querySelector(`[data-fact="${where.fact}"]`) : null;
    (found || this.element.querySelector(".save")).focus();
  }

  trouble() {
    const { draft, desk, element: made } = this;
    const place = made.querySelector(".trouble");
    const general = draft.errors.filter(([fact]) => !fact || !draft.facts.some((one) => one.id === fact));
    const lines = general.map(([, sentence]) => element("p", { textContent: sentence, dir: "auto" }));
    if (draft.state === "unsaved") lines.push(element("p", { textContent: say("lost") }), button(say("retry"), () => desk.save(draft), { className: "retry" }));
    place.replaceChildren(...lines);
    place.hidden = !lines.length;
  }

  facet(facet, suggestions) {
    const made = piece("facet");
    const { draft, desk } = this;
    made.dataset.facet = facet;
    made.querySelector("h3").append(say(facet), " ", piece("help").querySelector(`[data-facet="${facet}"]`) || "");
    const choose = made.querySelector(".choose");
    choose.textContent = "+";
    choose.ariaLabel = say("choose", { facet: say(facet) });
    choose.addEventListener("click", () => this.choose(facet, desk.picked));
    made.querySelector(".helps").append(...this.asBefore(facet));
    const list = made.querySelector("ol");
    list.append(...of(draft, facet).map((fact) => this.fact(fact)), ...suggestions.map((one) => suggestionView(one, this.tools(null, one))));
    if (facet === "when" && !draft.uuid && !of(draft, facet).length) made.querySelector(".helps").append(...this.undated());
    if (this.choosing?.facet === facet) this.open(made);
    return made;
  }

  tools(fact, one) {
    const { desk, draft } = this;
    return {
      given: desk.offers.given, parties: this.parties(), text: desk.text, texts: desk.texts,
      changed: () => { this.touch(fact.facet); this.changed({ fact: fact.id }); },
      typed: () => { this.touch(fact.facet); desk.keep(); this.summarise(); },
      split: draft.uuid ? null : (days) => desk.split(draft, days),
      removed: () => { draft.facts = draft.facts.filter((other) => other !== fact); this.touch(fact.facet); this.changed(); },
      shown: (start, quote) => desk.show(start, start + Array.from(quote).length),
      accepted: (suggestion, values) => this.accept(suggestion, values, one),
      rejected: (suggestion) => this.reject(suggestion),
    };
  }

  fact(fact) {
    const made = factView(fact, this.tools(fact));
    const said = this.draft.errors.filter(([id]) => id === fact.id).map(([, sentence]) => sentence);
    const place = made.querySelector(".error");
    place.hidden = !said.length;
    place.textContent = said.join(" ");
    if (fact.facet === "when" && fact.text === fact.when) this.word(fact);
    return made;
  }

  // A date that was changed on the card: its words come from the server.
  async word(fact) {
    const { when } = fact;
    const words = await this.desk.offers.words(when);
    if (fact.when !== when || fact.text === words) return;
    fact.text = words;
    this.desk.keep();
    this.element.querySelectorAll(`[data-fact="${fact.id}"] .value`).forEach((made) => { made.textContent = words; });
    this.summarise();
  }

  // The facts of the event before, with the words that state them: taken over at one stroke.
  asBefore(facet) {
    if (!["what", "when", "who", "where"].includes(facet) || of(this.draft, facet).length || this.draft.uuid) return [];
    const facts = this.desk.before(this.draft).filter((fact) => fact.facet === facet);
    if (!facts.length) return [];
    const label = `= ${short(facts.map((fact) => fact.text || fact.when).join(" · "), 60)}`;
    return [button(label, () => { facts.forEach((fact) => this.add(fact, true)); this.changed(); }, { className: "before", dir: "auto", title: this.desk.texts.before, "data-slugs": facts.map((fact) => fact.slug || fact.when).join(" ") })];
  }

  // No date is told: the report's own publication bounds it.
  undated() {
    const before = new Set(this.desk.before(this.draft).map((fact) => fact.when));
    return this.desk.offers.given.dates.filter((one) => !before.has(one.when)).map((one) => button(one.label, () => {
      this.add(this.desk.offers.fact("when", this.desk.offers.dated(one).values, null));
      this.changed();
    }, { className: "before undated", dir: "auto", title: one.reason, "data-when": one.when }));
  }

  // Changing the draft

  add(fact, quietly = false) {
    const { draft } = this;
    if (["what", "when"].includes(fact.facet)) draft.facts = draft.facts.filter((other) => other.facet !== fact.facet);
    // Two numbers of one measure are told apart afterwards, by whose they are or of whom.
    if (fact.facet === "how_many" || !draft.facts.some((other) => identity(other) === identity(fact))) draft.facts.push(fact);
    this.touch(fact.facet);
    if (fact.slug && fact.text) this.desk.offers.learn(fact.facet, fact.slug, fact.text);
    if (!quietly) whisper(say("added", { facet: say(fact.facet), value: fact.text || fact.when }));
  }

  // How many suggestions stand above this one: where the focus goes on afterwards.
  place(one) {
    return Math.max(0, [...this.element.querySelectorAll(".suggestion")].findIndex((made) => made.dataset.suggestion === one.key));
  }

  accept(one, values) {
    const at = this.place(one);
    const role = values.role || (values.choice ? "" : one.role);
    const fact = { ...this.desk.proposals.fact(one, { ...values, role }), from: one.key };
    this.add(fact, true);
    whisper(say("accepted", { facet: say(one.facet), value: fact.text || fact.when }));
    this.changed({ suggestion: at });
  }

  reject(one) {
    const at = this.place(one);
    this.draft.rejected.push(one.key);
    whisper(say("rejected", { facet: say(one.facet), value: this.desk.text.slice(one.start, one.end) }));
    this.changed({ suggestion: at });
  }

  changed(focus = null) {
    this.draft.errors = [];
    this.desk.keep();
    this.render(focus);
    this.desk.likely(this);
  }

  // Choosing by hand

  choose(facet, picked) {
    this.choosing = { facet, picked };
    this.render();
    const made = this.element.querySelector(".chooser");
    made?.scrollIntoView({ block: "nearest" });
    made?.querySelector("input").focus({ preventScroll: true });
  }

  open(section) {
    const { facet, picked } = this.choosing;
    const done = () => { this.choosing = null; };
    const made = chooser(this.desk.offers, facet, picked, (values) => {
      const fact = this.desk.offers.fact(facet, values, picked);
      // Whoever has just said why one thing is inferred mostly infers the next from the same.
      if (!fact.quote && !fact.reason) fact.reason = this.draft.facts.findLast((one) => one.facet === facet && !one.quote && !one.stored)?.reason || "";
      done();
      this.add(fact);
      this.desk.unpick();
      this.changed({ fact: fact.id });
    }, () => { done(); this.render(); section.querySelector(".choose")?.focus(); });
    section.append(made.element);
  }
}
