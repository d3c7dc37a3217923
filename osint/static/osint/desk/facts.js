// How a fact shows on the card of an event that is being entered, and how it is changed there.
import { button, element, piece, say, short } from "./dom.js";

const option = (value, label, chosen) => element("option", { value, textContent: label, selected: value === chosen });
const choice = (values, chosen, label, changed) => {
  const made = element("select", { "aria-label": label, onchange: () => changed(made.value) }, ...values.map(([value, text]) => option(value, text, chosen)));
  return made;
};

// The senses in which a stretch of days can be meant, in EDTF.
const bounds = (when) => when.match(/^[[{]?([^/.,[\]{}]+)(?:\/|\.\.)([^/.,[\]{}]+)[\]}]?$/);
const SENSES = { over: (from, to) => `${from}/${to}`, one_of: (from, to) => `[${from}..${to}]`, every: (from, to) => `{${from}..${to}}` };
const senseOf = (when) => (when.startsWith("[") ? "one_of" : when.startsWith("{") ? "every" : "over");

// “Two days earlier”: the date is derived from the one that was chosen, and says so.
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const moved = (fact, step) => {
  fact.from_day ??= fact.when;
  const day = new Date(`${fact.when}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + step);
  fact.when = fact.text = day.toISOString().slice(0, 10);
  const days = Math.round((day - new Date(`${fact.from_day}T00:00:00Z`)) / 86400000);
  Object.assign(fact, { basis: "derived", reason: say(days < 0 ? "days_before" : "days_after", { number: String(Math.abs(days)), day: fact.from_day }) });
};

const number = (fact, name, label, typed) => {
  const made = element("input", {
    type: "text", inputMode: "numeric", size: 4, value: fact[name] ?? "", "aria-label": label, placeholder: label,
    oninput: () => { fact[name] = /^\d+$/.test(made.value.trim()) ? Number(made.value.trim()) : null; typed(); },
  });
  return made;
};

const controls = {
  what: () => [],
  when: (fact, { changed, split }) => {
    const found = bounds(fact.when || "");
    const days = (fact.when || "").match(/\d{4}-\d{2}-\d{2}/g) || [];
    if (/^[[{][^.]*,/.test(fact.when || "") && days.length > 1) return [element("code", { textContent: fact.when, dir: "ltr" }), ...(split ? [button(say("each_day"), () => split(days), { className: "sense" })] : [])];
    if (!found) return [element("code", { textContent: fact.when, dir: "ltr" }), ...(DAY.test(fact.when) ? [-1, 1].map((step) => button(`${step < 0 ? "−" : "+"}1`, () => { moved(fact, step); changed(); }, { className: "step", ariaLabel: say(step < 0 ? "day_before" : "day_after"), title: say(step < 0 ? "day_before" : "day_after") })) : [])];
    const senses = Object.keys(SENSES).map((sense) => button(say(sense), () => { fact.when = fact.text = SENSES[sense](found[1], found[2]); changed(); }, { ariaPressed: String(senseOf(fact.when) === sense), className: "sense" }));
    return [element("code", { textContent: fact.when, dir: "ltr" }), ...senses];
  },
  where: (fact, { changed, given }) => [choice(Object.entries(given.site_role), fact.role, say("where"), (value) => { fact.role = value; changed(); })],
  who: (fact, { changed, given }) => [choice(Object.entries(given.actor_role), fact.role, say("who"), (value) => { fact.role = value; changed(); })],
  how_many: (fact, { changed, typed, given, parties, texts }) => [
    number(fact, "low", texts.low, typed), number(fact, "best", texts.best, typed), number(fact, "high", texts.high, typed),
    choice([["", "–"], ...Object.entries(given.qualifier)], fact.qualifier || "", texts.qualifier, (value) => { fact.qualifier = value; changed(); }),
    choice([["", say("nobody")], ...parties], fact.party || "", say("party"), (value) => { fact.party = value; changed(); }),
    element("input", { type: "text", size: 14, maxLength: 100, dir: "auto", value: fact.label || "", "aria-label": texts.label, placeholder: texts.label, className: "label", oninput: (event) => { fact.label = event.target.value.trim(); typed(); } }),
  ],
};

const reasons = (fact, { changed, typed, given }) => {
  const field = element("input", { type: "text", dir: "auto", maxLength: 2000, value: fact.reason || "", "aria-label": say("reason"), placeholder: say("reason"), className: "reason", oninput: () => { fact.reason = field.value.trim(); typed(); } });
  if (fact.reason) return [field];
  const ready = given.reasons.map((reason) => button(short(reason, 70), () => { fact.reason = reason; changed(); }, { title: reason, className: "ready", dir: "auto" }));
  return [field, ...ready];
};

export const factView = (fact, card) => {
  const made = piece("fact");
  const { given, changed, removed, shown } = card;
  Object.assign(made.dataset, { fact: fact.id, slug: fact.slug || "", when: fact.when || "" });
  made.querySelector(".value").textContent = fact.text || fact.phrase || fact.when;
  made.querySelector(".controls").append(...controls[fact.facet](fact, card));
  made.querySelector(".controls").append(choice(Object.entries(given.basis), fact.basis || "stated", say("reason"), (value) => { fact.basis = value; changed(); }));
  const remove = made.querySelector(".remove");
  remove.textContent = "×";
  remove.ariaLabel = `${say("remove")}: ${fact.text || fact.when}`;
  remove.addEventListener("click", removed);
  const words = made.querySelector(".words");
  if (fact.quote) {
    words.textContent = short(fact.quote);
    words.addEventListener("click", () => shown(fact.start, fact.quote));
  } else words.remove();
  if (fact.basis !== "stated" || (!fact.quote && !fact.stored)) made.querySelector(".below").append(...reasons(fact, card));
  return made;
};

// What was recognised, with one button for each way to accept it: which record, which part, whose number.
export const suggestionView = (one, card) => {
  const made = piece("suggestion");
  const { given, accepted, rejected, parties, text } = card;
  const choices = one.choices;
  Object.assign(made.dataset, { suggestion: one.key, slugs: choices.map((choice) => choice.slug).join(" "), when: one.value.when || "", best: one.value.best ?? "" });
  const words = text.slice(one.start, one.end);
  const when = one.facet === "when" ? one.words : "";
  const figure = ["low", "best", "high"].map((name) => one.value[name]).filter((value) => value !== undefined && value !== null).join("–");
  const thing = choices.length ? choices[0].label : "";
  const said = figure && thing ? say("number_of", { number: figure, thing }) : [when, figure, thing].filter(Boolean).join(" ");
  made.querySelector(".value").textContent = said + (choices.length > 1 ? ` · ${say("ambiguous")}` : "");
  made.querySelector(".words").textContent = short(words);
  made.querySelector(".ground").textContent = one.why;
  const ways = waysOf(one, given, parties);
  made.querySelector(".options").append(...ways.map((way, at) => button(way.label, () => accepted(one, way.values), { className: `way${at ? "" : " default"}${way.other ? " instead" : ""}`, dir: "auto", ...named(way.values), ...(at < 9 ? { "data-digit": String(at + 1) } : {}) })));
  const reject = made.querySelector(".reject");
  reject.textContent = "×";
  reject.ariaLabel = `${say("reject")}: ${words}`;
  reject.addEventListener("click", () => rejected(one));
  made.addEventListener("keydown", (event) => {
    if (event.target !== made && !["Delete", "Backspace"].includes(event.key)) return;
    const at = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    if (at && ways[at - 1]) accepted(one, ways[at - 1].values);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) accepted(one, ways[0].values);
    else if (["Delete", "Backspace"].includes(event.key)) rejected(one);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return made;
};

const named = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [`data-${name}`, String(value)]));

// One record, or the likeliest of several, in each part it may have; then the others that the words may stand for.
const waysOf = (one, given, parties) => {
  const { choices } = one;
  const others = choices.slice(1).map((choice, at) => ({ label: choice.label, values: { choice: at + 1 }, other: true }));
  const roles = { where: given.site_role, who: given.actor_role }[one.facet];
  if (roles) return [one.role, ...Object.keys(roles).filter((role) => role !== one.role)].map((role) => ({ label: roles[role], values: { role } })).concat(others);
  const first = { label: choices.length > 1 ? choices[0].label : say("accept"), values: {} };
  if (one.facet !== "how_many") return [first, ...others];
  return [first, ...parties.map(([party, name]) => ({ label: say("accept_of", { party: name }), values: { party } })), ...others];
};
