// Events that are perhaps the one being entered: asked for as soon as it has a date or a place.
import { find } from "./api.js";
import { button, element, say, tell } from "./dom.js";
import { claimed, state } from "./panels.js";

const DAY = /\d{4}-\d{2}-\d{2}/g;

// The question to the list of events that these facts put; null where they tell too little.
export const question = (facts) => {
  const sites = [...new Set(facts.filter((fact) => fact.facet === "where").map((fact) => fact.slug))].slice(0, 10);
  const when = facts.find((fact) => fact.facet === "when")?.when || "";
  const days = when.match(DAY) || [];
  const asked = {};
  if (sites.length) asked.site = sites.join(",");
  if (days.length && !when.startsWith("..") && !when.endsWith("..")) Object.assign(asked, { date_from: days[0], date_to: days.at(-1) });
  else if (!sites.length) return null;
  const type = facts.find((fact) => fact.facet === "what")?.slug;
  return days.length && sites.length ? asked : type ? { ...asked, type } : null;
};

export const likely = async (desk, open) => {
  const { draft } = open;
  const place = open.element.querySelector(".twins");
  const asked = draft.uuid ? null : question(draft.facts);
  const turn = JSON.stringify(asked);
  if (open.asked === turn) return;
  open.asked = turn;
  const found = asked ? await find("events", { ...asked, page_size: 6 }).catch(() => []) : [];
  const dates = new Map(await Promise.all(found.map(async (event) => [event.uuid, event.when && await desk.offers.words(event.when)])));
  if (open.asked !== turn) return;
  const here = new Set(desk.told.cards.map((card) => card.uuid));
  const others = found.filter((event) => !here.has(event.uuid) && !draft.apart.includes(event.uuid)).slice(0, 3);
  place.hidden = !others.length;
  place.replaceChildren(...(others.length ? [element("p", { textContent: say("likely") }), ...others.map((event) => line(desk, open, { ...event, when: dates.get(event.uuid) }))] : []));
};

const line = (desk, open, event) => {
  const summary = document.documentElement.lang === "ar" ? event.summary_ar || event.summary_en : event.summary_en || event.summary_ar;
  const told = [event.reference, desk.offers.named("what", event.type), event.when, summary].filter(Boolean).map((part) => `\u2068${part}\u2069`).join(" · ");
  return element("div", { className: "twin" }, element("p", { textContent: told }),
    button(say("support_it"), () => join(desk, open.draft, event, "reports")),
    button(say("background_it"), () => join(desk, open.draft, event, "background")),
    button(say("another"), () => { open.draft.apart.push(event.uuid); open.asked = null; desk.keep(); likely(desk, open); }));
};

// The quoted facts become claims about the other event, instead of an event of their own.
const join = async (desk, draft, event, role) => {
  const known = { uuid: event.uuid, reference: event.reference, citation: null };
  try {
    for (const fact of draft.facts.filter((one) => one.quote)) {
      // Under the fact's own name: what has arrived is not stated twice when it is tried again.
      await state(known, claimed(fact), fact.facet, fact, { proposal: fact.proposal, role, key: fact.id });
    }
    tell(say("merged_facts", { event: event.reference }));
    desk.drop(draft);
    await desk.refresh();
  } catch (error) {
    tell(error.message);
  }
};

