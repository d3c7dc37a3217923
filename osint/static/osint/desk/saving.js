// Sending a draft: once, however often it takes; what is refused stays on the card, what never arrived is sent again.
import { Lost, make, Refusal, rest } from "./api.js";
import { say, tell } from "./dom.js";
import { errors, FACETS, identity, lacking, payload, stored } from "./draft.js";

// Attempts that said different things: any of them may have arrived.
const SEVERAL = "several";

const send = (draft, body) => (draft.uuid
  ? rest("PATCH", `/events/${draft.uuid}/`, { body, version: draft.version })
  : make("/events/", body, draft.key));

// The event that the server holds now, or null where it was not saved.
export const save = async (desk, draft) => {
  draft.errors = lacking(draft);
  if (draft.errors.length) {
    tell(draft.errors[0][1]);
    return null;
  }
  const body = payload(draft, desk.offers.given.dates.at(-1));
  const sent = JSON.stringify(body);
  const before = draft.sent;
  // Kept before it is sent: nobody may be there any more when it has arrived.
  if (!draft.uuid) draft.sent = before === undefined || before === sent ? sent : SEVERAL;
  draft.state = "saving";
  desk.keep();
  try {
    const answer = await send(draft, body);
    draft.state = "open";
    if (draft.uuid || answer.status === 201 || before === sent) return answer.content;
    // Another attempt had arrived, and something else was entered in it than now: that is sent as a change.
    Object.assign(draft, { uuid: answer.content.uuid, version: answer.version, reference: answer.content.reference, touched: [...FACETS, "summary"] });
    return await save(desk, draft);
  } catch (error) {
    // What the server refuses is not stored; what was sent before may be.
    if (error instanceof Refusal && error.status < 500) draft.sent = before;
    return refused(desk, draft, error);
  } finally {
    desk.keep();
  }
};

const refused = async (desk, draft, error) => {
  draft.state = error instanceof Lost ? "unsaved" : "open";
  if (error instanceof Lost) tell(say("lost"));
  else if (error instanceof Refusal && error.status === 412) {
    await renew(desk, draft, error.body);
  } else if (error instanceof Refusal) {
    draft.errors = errors(draft, error.body);
    tell(say("refused"));
  } else throw error;
  return null;
};

const rowOf = (fact) => JSON.stringify([identity(fact), ...["party", "low", "best", "high", "label"].map((name) => fact[name] ?? "")]);

// Somebody else was faster: what is stored now, and what was added here beside it.
const renew = async (desk, draft, told) => {
  const { content, version } = await rest("GET", `/events/${draft.uuid}/`);
  const fresh = stored(content, (facet, slug) => desk.offers.named(facet, slug), version);
  // A row that an attempt of ours stored, whose answer was lost, is that row and no second one.
  const rows = new Map(fresh.facts.filter((fact) => fact.uuid).map((fact) => [rowOf(fact), fact.uuid]));
  const mine = draft.facts.filter((fact) => !fact.stored).map((fact) => ({ ...fact, uuid: rows.get(rowOf(fact)) }));
  const taken = new Set(mine.map((fact) => fact.uuid).filter(Boolean));
  const own = new Set(mine.filter((fact) => ["what", "when"].includes(fact.facet)).map((fact) => fact.facet));
  draft.facts = [...fresh.facts.filter((fact) => !own.has(fact.facet) && !taken.has(fact.uuid)), ...mine];
  draft.version = version;
  const changed = (told.changed || []).map((one) => say("stale_field", { field: one.field, before: String(one.before ?? "–"), after: String(one.after ?? "–"), by: one.by || "–" }));
  draft.errors = [say("stale", { event: draft.reference }), ...changed].map((sentence) => [null, sentence]);
  tell(say("stale", { event: draft.reference }));
};
