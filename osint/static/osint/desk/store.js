// What is not saved yet, kept in this browser for this report and this person: an entry for each draft, so that
// two pages of one report do not overwrite each other's.
import { settings } from "./dom.js";

const PLACE = `isnad.desk.${settings.person}.${settings.report}.`;
const known = new Map(); // what stands in the browser, as far as this page has written or read it

const newest = (one, other) => (other.at || 0) - (one.at || 0);

export const keep = (drafts) => {
  try {
    const held = new Map(drafts.map((draft) => [draft.key, JSON.stringify(draft)]));
    for (const [key, text] of held) if (known.get(key) !== text) localStorage.setItem(PLACE + key, text);
    // Only what this page had: another one's are its own.
    for (const key of known.keys()) if (!held.has(key)) localStorage.removeItem(PLACE + key);
    known.clear();
    held.forEach((text, key) => known.set(key, text));
  } catch {
    // A browser that keeps nothing: the page still holds it.
  }
};

const read = (key) => {
  try {
    const draft = JSON.parse(localStorage.getItem(PLACE + key));
    if (draft) known.set(key, JSON.stringify(draft));
    return draft;
  } catch {
    return null;
  }
};

export const kept = () => {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PLACE));
    return names.map((name) => read(name.slice(PLACE.length))).filter(Boolean).sort(newest);
  } catch {
    return [];
  }
};

// Another page changed a draft (or saved or discarded it: null) that stands here as it was.
export const watch = (drafts, changed) => window.addEventListener("storage", ({ key: name }) => {
  if (!name?.startsWith(PLACE)) return;
  const key = name.slice(PLACE.length);
  const mine = drafts().find((draft) => draft.key === key);
  if (!mine || mine.state === "saving" || JSON.stringify(mine) !== known.get(key)) return;
  const draft = read(key);
  // Whether the other page's attempt arrives is not known here.
  if (draft?.state === "saving") draft.state = "open";
  if (draft) known.set(key, JSON.stringify(draft));
  else known.delete(key);
  changed(mine, draft);
});
