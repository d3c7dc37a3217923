// Choosing a value from a short list: what is offered first, then what answers to a few letters.
import { button, element, piece, say } from "./dom.js";
import { Lost } from "./api.js";

const PATIENCE = 180; // milliseconds after the last letter

export const chooser = (offers, facet, picked, chosen, closed) => {
  const made = piece("chooser");
  const field = made.querySelector("input");
  const list = made.querySelector("ul");
  made.querySelector(".ask").textContent = say("choose", { facet: say(facet) });
  let waiting;
  let asked = 0;

  const show = (options) => {
    list.replaceChildren(...options.map((option) => element("li", {}, button("", () => chosen(option.values), { dir: "auto", "data-slug": option.values.slug || "", "data-when": option.values.when || "" }))));
    options.forEach((option, at) => {
      const made = list.children[at].firstElementChild;
      made.append(element("span", { textContent: option.label }));
      if (option.detail) made.append(" ", element("small", { textContent: option.detail, dir: "auto" }));
    });
    if (!options.length) list.replaceChildren(element("li", { textContent: say("nothing_found"), className: "help" }));
  };

  const look = async () => {
    const typed = field.value.trim();
    const turn = (asked += 1);
    if (!typed) return show(offers.first(facet, picked));
    try {
      const found = await offers.search(facet, typed);
      if (turn === asked) show(found);
    } catch (error) {
      if (turn === asked) list.replaceChildren(element("li", { textContent: error.message, className: "error" }));
      if (!(error instanceof Lost)) return null;
    }
    return null;
  };

  const buttons = () => [...list.querySelectorAll("button")];
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, PATIENCE); });
  made.addEventListener("keydown", async (event) => {
    const at = buttons().indexOf(document.activeElement);
    if (event.key === "Escape") { event.stopPropagation(); closed(); }
    if (event.key === "ArrowDown") { event.preventDefault(); (buttons()[at + 1] || buttons()[0])?.focus(); }
    if (event.key === "ArrowUp") { event.preventDefault(); (at > 0 ? buttons()[at - 1] : field).focus(); }
    if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      clearTimeout(waiting);
      if (field.value.trim()) await look();
      buttons()[0]?.click();
    }
  });
  show(offers.first(facet, picked));
  // The selected words themselves may be a date.
  if (facet === "when" && picked && picked.quote.length <= 60) {
    offers.date(picked.quote).then((read) => { if (!asked) show([read, ...offers.first(facet, picked).filter((one) => one.values.when !== read.values.when)]); }, () => null);
  }
  return { element: made, focus: () => field.focus() };
};
