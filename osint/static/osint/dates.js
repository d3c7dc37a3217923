// While a date is typed, how it is read appears below its box; words and sentences come from the server.
"use strict";
{
  const PAUSE = 250; // milliseconds: while somebody types on, nothing is asked
  const BOX = "input[data-reading-url]";
  const regions = new WeakMap(); // box → where its reading is shown
  const waiting = new WeakMap(); // box → the timer that will ask
  const asked = new WeakMap(); // box → what was asked last, so that an older answer never replaces a newer one

  const regionOf = (box) => {
    let region = regions.get(box);
    if (!region) {
      region = document.createElement("output");
      region.className = "date-reading";
      region.htmlFor = box.id;
      regions.set(box, region);
      region.setAttribute("aria-live", "polite");
      region.dir = document.documentElement.dir || "ltr";
      // Below the row that label and box share: beside the box it would stretch it.
      (box.closest(".flex-container, p.date") || box).after(region);
    }
    return region;
  };

  // The answer begins where the box does, wherever the label has put that.
  const align = (box, region) => {
    region.style.marginInlineStart = "0";
    const at = box.getBoundingClientRect();
    const own = region.getBoundingClientRect();
    const offset = region.matches(":dir(rtl)") ? own.right - at.right : at.left - own.left;
    region.style.marginInlineStart = `${Math.max(0, Math.round(offset))}px`;
  };

  const line = (tag, name, text) => {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    return element;
  };

  const show = (box, found) => {
    const lines = [];
    if (found.error) lines.push(line("span", "refused", found.error));
    if (found.edtf) {
      lines.push(line("span", "words", found.words), line("code", "edtf", found.edtf), line("span", "bounds", found.bounds));
      lines.push(...found.inferred.map((sentence) => line("span", "inferred", sentence)));
    }
    box.setAttribute("aria-invalid", found.error ? "true" : "false");
    const region = regionOf(box);
    region.replaceChildren(...lines);
    align(box, region);
  };

  const reportOf = (box) => {
    const chosen = box.form && box.form.elements.report;
    if (chosen && chosen.value) return chosen.value;
    const beside = document.querySelector("[data-report]");
    return beside ? beside.dataset.report : "";
  };

  const ask = async (box) => {
    const text = box.value.trim();
    const query = new URLSearchParams({ text, kind: box.dataset.readingKind, report: reportOf(box) });
    if (asked.get(box) === String(query)) return;
    asked.set(box, String(query));
    if (!text) {
      box.removeAttribute("aria-invalid");
      regionOf(box).replaceChildren();
      return;
    }
    const answer = await fetch(`${box.dataset.readingUrl}?${query}`, { credentials: "same-origin" }).catch(() => null);
    const isJson = answer && answer.ok && (answer.headers.get("content-type") || "").startsWith("application/json");
    const found = isJson ? await answer.json() : {};
    if (asked.get(box) === String(query)) show(box, found);
  };

  const soon = (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.matches(BOX)) return;
    regionOf(box); // a live region has to be there before it speaks
    clearTimeout(waiting.get(box));
    waiting.set(box, setTimeout(() => ask(box), event.type === "input" ? PAUSE : 0));
  };

  // On the document: rows that are added later are heard too.
  for (const kind of ["focusin", "input", "change"]) document.addEventListener(kind, soon);
}
