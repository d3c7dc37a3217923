// The desk: one report, the events that are coded from it, and whoever codes them.
import { Lost, call, rest } from "./api.js";
import { Caret } from "./caret.js";
import { chooser } from "./chooser.js";
import { codedView, marksOf, noteView } from "./coded.js";
import { element, say, settings, short, tell, uuid, whisper } from "./dom.js";
import { blank, stored } from "./draft.js";
import { keys } from "./keys.js";
import { likely, question } from "./likely.js";
import { Offers } from "./offers.js";
import { OpenCard } from "./opencard.js";
import { background, differs, note, nothing, supports } from "./panels.js";
import { Proposals } from "./proposals.js";
import { save } from "./saving.js";
import { keep, kept, watch } from "./store.js";
import { Text } from "./text.js";

const at = (id) => document.getElementById(id);

// Bring something into view in its pane; where the pane is as long as what it holds, the page moves.
const bring = (made, pane) => {
  if (pane.scrollHeight <= pane.clientHeight + 1 || getComputedStyle(pane).overflowY === "visible") {
    // A range of the text cannot scroll by itself.
    (made.scrollIntoView ? made : made.startContainer.parentElement).scrollIntoView({ block: "nearest" });
    return;
  }
  const [box, frame] = [made.getBoundingClientRect(), pane.getBoundingClientRect()];
  const room = Math.max(8, (frame.height - box.height) / 3);
  if (box.top < frame.top + 8 || box.bottom > frame.bottom - 8) pane.scrollTop += box.top - frame.top - room;
};

class Desk {
  constructor() {
    this.text = new Text(at("desk-text"));
    this.caret = new Caret(this.text);
    this.proposals = new Proposals(this.text);
    this.offers = new Offers(this.proposals);
    this.texts = settings.texts;
    this.told = { cards: [], notes: [], relays: [] };
    this.drafts = kept();
    this.open = [];
    this.active = null; // {draft} or {card}
    this.picked = null; // {start, end, quote}
    this.last = null; // facts of the event saved last
    this.ready = false;
    this.report = { version: settings.version, status: settings.status };
  }

  // Loading

  async start() {
    this.drafts.forEach((draft) => { if (draft.state === "saving") draft.state = "unsaved"; });
    document.addEventListener("selectionchange", () => this.look());
    at("desk-bar").addEventListener("click", (event) => this.deed(event.target.closest("button")));
    at("desk-bar").addEventListener("mousedown", (event) => { if (event.target.closest(".deeds button")) event.preventDefault(); });
    this.text.root.addEventListener("click", (event) => this.follow(event.target));
    document.querySelectorAll("[data-status]").forEach((made) => made.addEventListener("click", () => this.setStatus(made.dataset.status)));
    window.addEventListener("online", () => this.drafts.filter((draft) => draft.state === "unsaved").forEach((draft) => this.save(draft)));
    watch(() => this.drafts, (mine, theirs) => this.elsewhere(mine, theirs));
    keys(this);
    this.restored();
    try {
      await this.refresh();
      await this.proposals.load();
      this.open.forEach((card) => card.render());
    } catch (error) {
      tell(error.message, { label: say("retry"), run: () => location.reload() });
      if (!(error instanceof Lost)) throw error;
    }
    document.documentElement.dataset.desk = "ready";
  }

  restored() {
    if (!this.drafts.length) return;
    const notice = at("desk-restored");
    notice.hidden = false;
    notice.querySelector("span").textContent = say("restored");
    notice.querySelector(".discard").addEventListener("click", () => { notice.hidden = true; [...this.drafts].forEach((draft) => this.drop(draft)); });
  }

  async refresh() {
    const { content } = await call("GET", settings.cards);
    this.told = content;
    this.offers.take(content.offers);
    this.offers.used = content.cards.flatMap((card) => card.facts.map((fact) => ({ facet: fact.facet, slug: fact.slug, label: fact.name, role: fact.draft?.role })).filter((one) => one.slug));
    this.report = content.report;
    this.ready = true;
    if (this.active?.card) this.active = { card: content.cards.find((card) => card.uuid === this.active.card.uuid) };
    if (this.active && !this.active.card && !this.active.draft) this.active = null;
    this.draw();
  }

  draw() {
    const { cards, notes } = this.told;
    const made = [...cards.map((card, index) => codedView(card, String(index + 1), this)), ...notes.map((one) => noteView(one, this))];
    at("desk-number").textContent = cards.length ? `(${cards.length})` : "";
    at("desk-coded").replaceChildren(...(made.length ? made : [element("p", { className: "help", textContent: say("no_events") })]));
    this.drawOpen();
    this.emphasise();
  }

  drawOpen() {
    this.open = this.drafts.map((draft) => this.open.find((card) => card.draft === draft) || new OpenCard(this, draft));
    const wanted = this.open.map((card) => card.element);
    const place = at("desk-open");
    if (wanted.length !== place.children.length || wanted.some((made, index) => place.children[index] !== made)) place.replaceChildren(...wanted);
    this.open.forEach((card) => card.render());
    this.marks();
  }

  marks() {
    const { picked } = this;
    this.text.mark(marksOf(this.told, this.drafts));
    // What was selected in a paragraph that was drawn anew is selected again, unless somebody types.
    if (picked && !this.text.selected() && !document.activeElement.matches("input, textarea, select")) this.caret.select(picked.start, picked.end);
    if (this.proposals.all.length) this.proposals.underline();
    this.highlight();
  }

  // Selecting

  look() {
    const found = this.text.selected();
    // A click elsewhere does not take the words from under the button.
    if (!found && !this.text.root.contains(window.getSelection().anchorNode)) return;
    this.picked = found;
    this.bar();
  }

  bar() {
    at("desk-selected").textContent = this.picked ? say("selected", { words: short(this.picked.quote, 60) }) : say("nothing_selected");
    at("desk-bar").querySelector(".facets").hidden = !this.active?.draft;
    at("desk-bar").classList.toggle("ready", Boolean(this.picked));
    this.highlight();
  }

  highlight() {
    if (!window.Highlight) return;
    if (this.picked) CSS.highlights.set("picked", new Highlight(this.text.rangeOf(this.picked.start, this.picked.end)));
    else CSS.highlights.delete("picked");
  }

  unpick() {
    this.picked = null;
    window.getSelection().removeAllRanges();
    this.bar();
  }

  // A passage, brought into view.
  show(start, end) {
    bring(this.text.rangeOf(start, end), this.text.root);
    this.text.root.focus({ preventScroll: true });
    this.caret.select(start, end);
  }

  follow(target) {
    const mark = target.closest("mark[data-events]");
    if (!mark || !window.getSelection().isCollapsed) return;
    const card = at(`event-${mark.dataset.events.split(" ")[0]}`);
    if (!card) return;
    bring(card, at("desk-events"));
    card.focus({ preventScroll: true });
  }

  // Deeds

  deed(made) {
    if (!made) return;
    this.look(); // the browser tells of a selection a little later than it is made
    if (made.dataset.facet) this.facet(made.dataset.facet);
    else if (made.dataset.deed) this.act(made.dataset.deed);
  }

  act(name) {
    const { picked } = this;
    if (!picked) { tell(say("nothing_selected")); return; }
    if (name === "event") this.add(picked);
    else if (name === "note") note(this, picked);
    else if (name === "nothing") nothing(this, picked);
    else if (name === "background") background(this, picked);
    else if (this.active?.card) (name === "supports" ? supports : differs)(this, this.active.card, picked);
    else if (this.active?.draft && name === "supports") this.more(picked);
    else tell(say("no_active"));
  }

  add(picked, like = null) {
    const draft = { ...blank(picked ? [{ start: picked.start, end: picked.end }] : []), ...(like || {}) };
    this.drafts.unshift(draft);
    this.unpick();
    this.work({ draft }, false);
    this.keep();
    this.drawOpen();
    const card = this.open.find((one) => one.draft === draft);
    bring(card.element, at("desk-events"));
    card.focus({ suggestion: 0 });
    whisper(say("new_event"));
  }

  // A list of days becomes an event for each of them, with the same words.
  split(draft, days) {
    const at = this.drafts.indexOf(draft);
    const made = days.map((day) => ({
      ...draft, key: uuid(), at: draft.at - days.indexOf(day), sent: undefined, errors: [],
      facts: draft.facts.map((fact) => ({ ...fact, id: uuid(), ...(fact.facet === "when" ? { when: day, text: day } : {}) })),
    }));
    this.drafts.splice(at, 1, ...made);
    this.keep();
    this.drawOpen();
    this.work({ draft: made[0] }, false);
  }

  // One more passage that speaks of the event being entered.
  more(picked) {
    const { draft } = this.active;
    draft.passages.push({ start: picked.start, end: picked.end });
    this.unpick();
    this.keep();
    this.drawOpen();
    this.open.find((one) => one.draft === draft)?.focus({ suggestion: 0 });
  }

  facet(facet) {
    const card = this.open.find((one) => one.draft === this.active?.draft);
    if (card) card.choose(facet, this.picked);
    else tell(say("no_active"));
  }

  // Choosing a value outside of a card.
  ask(facet, picked, place, chosen) {
    const made = chooser(this.offers, facet, picked, chosen, () => made.element.remove());
    place.querySelector(".chooser")?.remove();
    place.append(made.element);
    made.focus();
  }

  panel(made) {
    const place = at("desk-panel");
    place.hidden = !made;
    place.replaceChildren(...(made ? [made] : []));
  }

  work(active, loud = true) {
    if (this.active?.draft && this.active.draft === active.draft) return;
    this.active = active;
    this.emphasise();
    if (loud && active.card) whisper(active.card.reference);
  }

  emphasise() {
    document.querySelectorAll("#desk-coded .card[data-event]").forEach((made) => {
      const chosen = made.dataset.event === this.active?.card?.uuid;
      made.classList.toggle("active", chosen);
      made.querySelector(".work").ariaPressed = String(chosen);
    });
    this.open.forEach((card) => card.element.classList.toggle("active", card.draft === this.active?.draft));
    this.bar();
  }

  async edit(card) {
    const there = this.drafts.find((draft) => draft.uuid === card.uuid);
    if (!there) {
      try {
        const { content, version } = await rest("GET", `/events/${card.uuid}/`);
        this.drafts.unshift(stored(content, (facet, slug) => card.facts.find((fact) => fact.facet === facet && fact.slug === slug)?.name || this.offers.named(facet, slug), version));
      } catch (error) {
        tell(error.message);
        return;
      }
    }
    const draft = there || this.drafts[0];
    this.work({ draft }, false);
    this.keep();
    this.drawOpen();
    const opened = this.open.find((one) => one.draft === draft);
    bring(opened.element, at("desk-events"));
    opened.element.focus({ preventScroll: true });
  }

  // What is asked of the list of events about these words.
  asked(picked) {
    const facts = this.proposals.touching(picked).filter((one) => one.facet !== "origin").map((one) => this.proposals.fact(one));
    return question(facts) || {};
  }

  // The facts of the event before: the one saved last, else the one told of before in the text.
  before(draft) {
    if (this.last) return this.last.map((fact) => ({ ...fact, id: uuid(), uuid: undefined, stored: false, from: undefined }));
    const place = Math.min(...draft.passages.map((one) => one.start));
    const card = this.told.cards.filter((one) => one.quoted.length && one.quoted[0][0] <= place).at(-1);
    return (card?.facts || []).filter((fact) => fact.draft && (fact.quotes.length || fact.reason)).map((fact) => ({
      ...fact.draft, id: uuid(), facet: fact.facet, slug: fact.slug, text: fact.name || fact.text, basis: fact.basis, reason: fact.reason,
      ...(fact.quotes.length ? { quote: this.text.slice(...fact.quotes[0]), start: fact.quotes[0][0] } : {}),
    }));
  }

  // Keeping and saving

  keep() {
    keep(this.drafts);
  }

  // A draft that another page of this report changed, saved or discarded.
  elsewhere(mine, theirs) {
    if (!theirs) {
      this.drop(mine);
      this.refresh().catch((error) => tell(error.message));
      return;
    }
    this.drafts = this.drafts.map((draft) => (draft === mine ? theirs : draft));
    if (this.active?.draft === mine) this.active = { draft: theirs };
    this.drawOpen();
    this.emphasise();
  }

  drop(draft) {
    this.drafts = this.drafts.filter((other) => other !== draft);
    if (this.active?.draft === draft) this.active = null;
    this.keep();
    this.drawOpen();
    this.bar();
  }

  discard(draft) {
    const at = this.drafts.indexOf(draft);
    this.drop(draft);
    tell(say("discarded"), { label: say("undo"), run: () => { this.drafts.splice(at, 0, draft); this.keep(); this.drawOpen(); } });
  }

  async save(draft, another = false) {
    if (draft.state === "saving") return;
    const view = this.open.find((one) => one.draft === draft);
    const saving = save(this, draft);
    view?.render();
    const event = await saving;
    if (!event) {
      view?.render();
      return;
    }
    this.last = draft.facts;
    this.drop(draft);
    tell(say("saved", { event: event.reference }));
    await this.refresh().catch((error) => tell(error.message));
    this.compare(event);
    if (another) this.add(null, { passages: draft.passages, facts: this.before(draft).filter((fact) => ["what", "when", "who"].includes(fact.facet)) });
    else this.text.root.focus({ preventScroll: true });
  }

  // What the saved event is perhaps the same as, beyond this report: its form has the comparison.
  async compare(event) {
    const found = await rest("GET", `/events/${event.uuid}/twins/`).catch(() => null);
    const here = new Set(this.told.cards.map((card) => card.uuid));
    const twin = found?.content.likely.find((one) => !here.has(one.record.uuid));
    const card = this.told.cards.find((one) => one.uuid === event.uuid);
    if (twin && card) tell(`${say("saved", { event: event.reference })} ${say("likely")} ${twin.record.reference}. ${twin.reasons.join(" ")}`, { label: say("compare"), run: () => { window.location.href = `${card.address}#twins`; } });
  }

  likely(card) {
    clearTimeout(card.waiting);
    card.waiting = setTimeout(() => likely(this, card), 400);
  }

  async forget(one) {
    try {
      await rest("DELETE", `/passage-notes/${one.uuid}/`, { version: one.version });
      tell(say("undone"));
      await this.refresh();
    } catch (error) {
      tell(error.message);
    }
  }

  async setStatus(status) {
    const before = this.report.status;
    try {
      const { version } = await rest("PATCH", `/reports/${settings.report}/`, { body: { status }, version: this.report.version });
      this.report = { status, version };
      at("desk-status").textContent = settings.statuses[status];
      tell(say("status_set", { status: settings.statuses[status] }), before === status ? null : { label: say("undo"), run: () => this.setStatus(before) });
    } catch (error) {
      tell(error.message);
      await this.refresh().catch(() => null);
    }
  }
}

new Desk().start();
