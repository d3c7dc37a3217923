// The events that are stored: a card each, in the order in which the report tells of them.
import { element, piece, say, short } from "./dom.js";

const tag = (text, kind) => element("span", { textContent: text, className: `tag ${kind}` });

const factLine = (fact, desk) => {
  const line = element("li", { className: fact.supported ? "supported" : "unsupported" },
    element("small", { textContent: say(fact.facet) }), " ", element("span", { textContent: fact.text, dir: "auto" }), " ", tag(fact.basis_label, fact.basis));
  if (fact.reason) line.append(element("p", { className: "ground", dir: "auto", textContent: fact.reason }));
  for (const [start, end] of fact.quotes) line.append(quoteLink(start, end, desk));
  return line;
};

const quoteLink = (start, end, desk) => element("q", { dir: "auto", className: "words", textContent: short(desk.text.slice(start, end)), onclick: () => desk.show(start, end) });

const more = (card, desk) => {
  const parts = [element("ul", { className: "facts" }, ...card.facts.map((fact) => factLine(fact, desk)))];
  if (card.differing.length) parts.push(element("ul", { className: "differing" }, ...card.differing.map((claim) => element("li", {}, element("span", { textContent: `≠ ${claim.text}`, dir: "auto" }), ...claim.quotes.map(([start, end]) => quoteLink(start, end, desk))))));
  if (card.missing.length) parts.push(element("ul", { className: "missing" }, ...card.missing.map((sentence) => element("li", { textContent: sentence, dir: "auto" }))));
  if (card.others.length) parts.push(element("p", { className: "help", dir: "auto", textContent: say("others", { reports: card.others.join(" · ") }) }));
  return parts;
};

export const codedView = (card, number, desk) => {
  const made = piece("coded");
  const put = (name, text) => { made.querySelector(name).textContent = text; };
  made.id = `event-${card.uuid}`;
  made.dataset.event = card.uuid;
  put(".number", number);
  put(".type", card.type);
  put(".when", card.when_words);
  const named = (facet) => card.facts.filter((fact) => fact.facet === facet).map((fact) => fact.text);
  put(".places", [...named("where"), ...named("how_many")].join(" · "));
  const reference = made.querySelector(".reference");
  reference.textContent = card.reference;
  reference.href = card.address;
  put(".status", card.status_label);
  const check = made.querySelector(".check");
  check.textContent = card.missing.length ? say("missing", { number: String(card.missing.length) }) : say("complete");
  check.classList.add(card.missing.length ? "lacking" : "whole");
  if (card.background) {
    const part = made.querySelector(".part");
    part.hidden = false;
    part.textContent = say("background");
  }
  const details = made.querySelector("details");
  details.addEventListener("toggle", () => {
    const body = details.querySelector(".more");
    if (details.open && !body.children.length) body.replaceChildren(...more(card, desk));
  });
  made.querySelector(".work").addEventListener("click", () => desk.work({ card }));
  made.querySelector(".edit").addEventListener("click", () => desk.edit(card));
  made.querySelector(".edit").hidden = card.frozen;
  return made;
};

export const noteView = (note, desk) => {
  const made = piece("note");
  made.querySelector(".tag").textContent = note.label;
  const words = made.querySelector(".words");
  words.textContent = short(desk.text.slice(note.start, note.end));
  words.addEventListener("click", () => desk.show(note.start, note.end));
  made.querySelector(".text").textContent = note.text;
  made.querySelector(".remove").addEventListener("click", () => desk.forget(note));
  return made;
};

// The marks of all passages, for the text.
export const marksOf = (told, drafts) => {
  const marks = told.relays.map(([start, end]) => ({ start, end, kind: "relay" }));
  told.cards.forEach((card, at) => {
    for (const [start, end] of card.quoted) marks.push({ start, end, kind: "coded", event: card.uuid, number: String(at + 1) });
  });
  for (const note of told.notes) marks.push({ start: note.start, end: note.end, kind: note.kind === "nothing" ? "nothing" : "noted" });
  for (const draft of drafts) for (const { start, end } of draft.passages) marks.push({ start, end, kind: "opened" });
  return marks;
};

