// What is not saved yet, kept in this browser for this report and this person.
import { settings } from "./dom.js";

const PLACE = `isnad.desk.${settings.person}.${settings.report}`;

export const keep = (drafts) => {
  try {
    if (drafts.length) localStorage.setItem(PLACE, JSON.stringify(drafts));
    else localStorage.removeItem(PLACE);
  } catch {
    // A browser that keeps nothing: the page still holds it.
  }
};

export const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(PLACE) || "[]");
  } catch {
    return [];
  }
};
