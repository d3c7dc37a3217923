// What selected words can be beside a new event: a claim about another one, background, a note.
import { find, make, Refusal, rest } from "./api.js";
import { button, element, piece, say, settings, short, tell, uuid } from "./dom.js";

const opened = (desk, name, close) => {
  const panel = piece(name);
  panel.querySelector(".close").addEventListener("click", close);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } });
  desk.panel(panel);
  return panel;
};

const trouble = (panel, error) => {
  const place = panel.querySelector(".error");
  place.hidden = false;
  place.textContent = error.message;
};

// The report's citation in the event, made where there is none.
const citation = async (card, role) => {
  if (card.citation) return card.citation;
  const { content } = await make("/citations/", { event: card.uuid, report: settings.report, role, ...correction(card) }, `${settings.report}/${card.uuid}`);
  card.citation = content.uuid;
  return content.uuid;
};

const correction = (card) => (card.correction ? { correction_reason: card.correction } : {});

export const state = async (card, value, facet, picked, { differs = false, proposal = "", role = "reports", key = uuid() } = {}) => {
  const cited = await citation(card, role);
  const body = { citation: cited, facet, ...value, quote: picked.quote, start: picked.start, ...(proposal ? { proposal } : {}), ...(differs ? { standing: "in_conflict" } : {}), ...correction(card) };
  await rest("POST", "/claims/", { body, key });
};

// A fact of a draft as the columns of a claim.
export const claimed = (fact) => ({
  what: () => ({ type: fact.slug }),
  when: () => ({ when: fact.when, when_phrase: fact.phrase || "" }),
  where: () => ({ site: fact.slug, site_role: fact.role }),
  who: () => ({ actor: fact.slug, actor_role: fact.role }),
  how_many: () => ({ measure: fact.slug, party: fact.party || null, low: fact.low ?? null, best: fact.best ?? null, high: fact.high ?? null, qualifier: fact.qualifier || "", phrase: fact.phrase || "", label: fact.label || "" }),
}[fact.facet]());

const slugOf = (value) => value.type || value.site || value.actor || value.measure || value.when;

// The words support a fact of the event: the one that was recognised in them comes first.
export const supports = (desk, card, picked) => {
  const seen = desk.proposals.touching(picked);
  const fits = (fact) => seen.some((one) => one.facet === fact.facet && (one.value.when ? one.value.when === fact.value.when : one.choices.some((choice) => choice.slug === slugOf(fact.value))));
  const facts = [...card.facts].sort((one, other) => fits(other) - fits(one));
  const panel = opened(desk, "claim-panel", () => desk.panel(null));
  panel.querySelector(".question").textContent = say("supports", { words: short(picked.quote, 40), event: card.reference });
  answers(desk, panel, card, picked, facts.map((fact) => ({
    label: `${say(fact.facet)}: ${fact.text}`, facet: fact.facet, value: fact.value, likely: fits(fact),
    proposal: seen.find((one) => one.facet === fact.facet && fits(fact))?.proposal || "",
  })), false);
};

// The words say something else than the event: what was recognised in them, else what is chosen.
export const differs = (desk, card, picked) => {
  const panel = opened(desk, "claim-panel", () => desk.panel(null));
  panel.querySelector(".question").textContent = say("differs", { words: short(picked.quote, 40), event: card.reference });
  const held = new Set(card.facts.map((fact) => JSON.stringify(fact.value)));
  const options = desk.proposals.touching(picked).filter((one) => one.facet !== "origin").flatMap((one) => (one.choices.length ? one.choices : [null]).map((_, choice) => {
    const fact = desk.proposals.fact(one, { choice, quote: picked });
    const like = card.facts.find((other) => other.facet === fact.facet);
    const value = claimed({ ...fact, party: like?.value.party, role: like?.value.site_role || like?.value.actor_role || fact.role });
    return { label: `${say(fact.facet)}: ${[fact.text, fact.best ?? ""].join(" ")}`, facet: fact.facet, value, proposal: one.proposal };
  })).filter((one) => !held.has(JSON.stringify(one.value)));
  answers(desk, panel, card, picked, options, true);
  const list = panel.querySelector(".answers");
  if (!options.length) list.append(element("li", { textContent: say("no_value"), className: "help" }));
  list.append(element("li", {}, ...["what", "when", "where", "who", "how_many"].map((facet) => button(say(facet), () => desk.ask(facet, picked, panel, async (values) => {
    const fact = desk.offers.fact(facet, values, picked);
    await made(desk, panel, card, picked, { facet, value: claimed(fact) }, true);
  })))));
};

const answers = (desk, panel, card, picked, options, other) => {
  panel.querySelector(".answers").append(...options.map((one) => element("li", {}, button(one.label, () => made(desk, panel, card, picked, one, other), { dir: "auto", className: one.likely ? "likely" : "" }))));
  if (card.published) panel.querySelector(".question").after(reasonField(card));
  panel.querySelector(".answers button")?.focus();
};

const reasonField = (card) => element("label", { textContent: say("correction") }, element("input", { type: "text", dir: "auto", maxLength: 5000, oninput: (event) => { card.correction = event.target.value; } }));

const made = async (desk, panel, card, picked, { facet, value, proposal }, other) => {
  try {
    await state(card, value, facet, picked, { differs: other, proposal });
    tell(say("claim_saved", { event: card.reference }));
    desk.panel(null);
    desk.unpick();
    await desk.refresh();
  } catch (error) {
    trouble(panel, error);
  }
};

// The report repeats an event as background: found by what was recognised in the words, or by searching.
export const background = async (desk, picked) => {
  const panel = opened(desk, "background-panel", () => desk.panel(null));
  const field = panel.querySelector("input");
  const list = panel.querySelector(".answers");
  const show = (events) => list.replaceChildren(...events.filter((event) => event.status !== "merged").map((event) => element("li", {}, button(
    [event.reference, desk.offers.named("what", event.type), event.when, event.summary_ar && document.documentElement.lang === "ar" ? event.summary_ar : event.summary_en || event.summary_ar].filter(Boolean).join(" · "),
    () => repeats(desk, panel, event, picked), { dir: "auto" }))));
  const look = async (query) => {
    try {
      show(await find("events", { page_size: 8, ...query }));
    } catch (error) {
      if (error instanceof Refusal) list.replaceChildren();
      trouble(panel, error);
    }
  };
  let waiting;
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => (field.value.trim() ? look({ q: field.value.trim() }) : look(desk.asked(picked))), 200); });
  panel.addEventListener("submit", (event) => { event.preventDefault(); list.querySelector("button")?.click(); });
  field.focus();
  await look(desk.asked(picked));
};

const repeats = async (desk, panel, event, picked) => {
  const known = desk.told.cards.find((card) => card.uuid === event.uuid);
  const card = known || { uuid: event.uuid, reference: event.reference, citation: null };
  try {
    await state(card, { type: event.type }, "what", picked, { role: "background" });
    tell(say("background_saved", { event: event.reference }));
    desk.panel(null);
    desk.unpick();
    await desk.refresh();
  } catch (error) {
    trouble(panel, error);
  }
};

export const note = (desk, picked) => {
  const panel = opened(desk, "note-panel", () => desk.panel(null));
  const field = panel.querySelector("textarea");
  const key = uuid();
  panel.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await rest("POST", "/passage-notes/", { body: { report: settings.report, kind: "note", text: field.value, quote: picked.quote, start: picked.start }, key });
      tell(say("noted"));
      desk.panel(null);
      desk.unpick();
      await desk.refresh();
    } catch (error) {
      tell(error.message);
    }
  });
  field.focus();
};

export const nothing = async (desk, picked) => {
  try {
    const { content, version } = await rest("POST", "/passage-notes/", { body: { report: settings.report, kind: "nothing", quote: picked.quote, start: picked.start }, key: uuid() });
    desk.unpick();
    await desk.refresh();
    tell(say("nothing_noted"), { label: say("undo"), run: () => desk.forget({ uuid: content.uuid, version }) });
  } catch (error) {
    tell(error.message);
  }
};
