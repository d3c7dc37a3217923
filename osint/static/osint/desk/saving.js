// Sending a draft: once, however often it takes; what is refused stays on the card, what never arrived is sent again.
import { Lost, Refusal, rest } from "./api.js";
import { say, tell } from "./dom.js";
import { errors, FACETS, lacking, payload, stored } from "./draft.js";

const send = (draft, body) => (draft.uuid
  ? rest("PATCH", `/events/${draft.uuid}/`, { body, version: draft.version })
  : rest("POST", "/events/", { body, key: draft.key }));

// The event that the server holds now, or null where it was not saved.
export const save = async (desk, draft) => {
  draft.errors = lacking(draft);
  if (draft.errors.length) {
    tell(draft.errors[0][1]);
    return null;
  }
  const body = payload(draft, desk.offers.given.dates.at(-1));
  const sent = JSON.stringify(body);
  draft.state = "saving";
  desk.keep();
  try {
    const answer = await send(draft, body);
    draft.state = "open";
    if (draft.uuid || answer.status === 201 || !draft.sent || draft.sent === sent) return answer.content;
    // An attempt had arrived whose answer was lost, and more was entered since: that is sent as a change.
    Object.assign(draft, { uuid: answer.content.uuid, version: answer.version, reference: answer.content.reference, touched: [...FACETS, "summary"] });
    return await save(desk, draft);
  } catch (error) {
    return refused(desk, draft, sent, error);
  } finally {
    desk.keep();
  }
};

const refused = async (desk, draft, sent, error) => {
  draft.state = error instanceof Lost ? "unsaved" : "open";
  if (error instanceof Lost) {
    draft.sent = draft.sent || sent;
    tell(say("lost"));
  } else if (error instanceof Refusal && error.status === 412) {
    await renew(desk, draft, error.body);
  } else if (error instanceof Refusal) {
    draft.errors = errors(draft, error.body);
    tell(say("refused"));
  } else throw error;
  return null;
};

// Somebody else was faster: what is stored now, and what was added here beside it.
const renew = async (desk, draft, told) => {
  const { content, version } = await rest("GET", `/events/${draft.uuid}/`);
  const fresh = stored(content, (facet, slug) => desk.offers.named(facet, slug), version);
  const mine = draft.facts.filter((fact) => !fact.stored);
  const own = new Set(mine.filter((fact) => ["what", "when"].includes(fact.facet)).map((fact) => fact.facet));
  draft.facts = [...fresh.facts.filter((fact) => !own.has(fact.facet)), ...mine];
  draft.version = version;
  const changed = (told.changed || []).map((one) => say("stale_field", { field: one.field, before: String(one.before ?? "–"), after: String(one.after ?? "–"), by: one.by || "–" }));
  draft.errors = [say("stale", { event: draft.reference }), ...changed].map((sentence) => [null, sentence]);
  tell(say("stale", { event: draft.reference }));
};
