// The report beside the form: words selected in it go to the quote field they belong to, with their place in the text.
// Offsets are counted in Unicode code points, as Python and the databases count.
"use strict";
{
  const pane = document.getElementById("report-pane");
  const form = pane.closest("form");
  const codePoints = (text) => Array.from(text).length;
  let waiting = null; // the quote field that had the focus last
  let dirty = false; // something was typed and not saved
  let picked = null; // what is selected in the report: {text, start}

  const textElement = () => document.getElementById("report-text");

  // HTML folds line ends; the text in the script element is exact.
  const exactText = () => {
    const exact = document.getElementById("report-text-exact");
    if (exact && textElement()) textElement().textContent = JSON.parse(exact.textContent);
  };

  const selection = () => {
    const chosen = window.getSelection();
    const text = textElement();
    if (!text || !chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    if (!text.contains(range.commonAncestorContainer)) return null;
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const raw = range.toString();
    const words = raw.trim();
    const lead = raw.length - raw.trimStart().length;
    return words ? { text: words, start: codePoints(before.toString()) + codePoints(raw.slice(0, lead)) } : null;
  };

  // The hidden start beside a quote: quote → quote_start in a fact, quote → start in a claim.
  const startField = (quote) =>
    form.elements[`${quote.name}_start`] || form.elements[quote.name.replace(/quote$/, "start")];

  const take = (quote) => {
    if (!picked) return;
    quote.value = picked.text;
    const start = startField(quote);
    if (start) start.value = picked.start;
    quote.classList.remove("waiting");
    quote.dispatchEvent(new Event("change", { bubbles: true }));
    mark();
  };

  // Words already quoted, marked in the text without touching it (the CSS highlight API, where the browser has it).
  const mark = () => {
    const text = textElement();
    if (!text || !text.firstChild || !window.Highlight) return;
    const ranges = [];
    for (const quote of form.querySelectorAll("textarea[data-quote]")) {
      const at = quote.value ? text.textContent.indexOf(quote.value) : -1;
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(text.firstChild, at);
      range.setEnd(text.firstChild, at + quote.value.length);
      ranges.push(range);
    }
    CSS.highlights.set("quotes", new Highlight(...ranges));
  };

  const dress = (root) => {
    for (const quote of root.querySelectorAll("textarea[data-quote]")) {
      if (quote.parentElement.classList.contains("quote-row") || quote.name.includes("__prefix__")) continue;
      const typing = document.activeElement === quote; // moving a field takes the focus from under a quick writer
      const row = document.createElement("div");
      row.className = "quote-row";
      quote.replaceWith(row);
      const button = document.getElementById("pick-button").content.firstElementChild.cloneNode(true);
      row.append(quote, button);
      if (typing) quote.focus();
    }
    for (const basis of root.querySelectorAll("select[name$=basis]")) showReason(basis);
    for (const facet of root.querySelectorAll("select[name$=-facet]")) showFacet(facet);
  };

  // A reason is asked for only where no claim states the fact.
  const showReason = (basis) => {
    const reason = form.elements[basis.name.replace(/basis$/, "reason")];
    const row = reason && reason.closest(".form-row");
    if (row) row.classList.toggle("hidden", basis.value === "stated" && !reason.value);
  };

  const columns = {
    what: ["type"], when: ["when"], where: ["site"], who: ["actor"], how_many: ["measure", "qualifier", "label"],
  };
  const showFacet = (facet) => {
    const prefix = facet.name.replace(/facet$/, "");
    for (const [name, firsts] of Object.entries(columns)) {
      for (const first of firsts) {
        const field = form.elements[prefix + first];
        const row = field && field.closest(".form-row");
        if (row) row.classList.toggle("hidden", name !== facet.value);
      }
    }
  };

  const showReport = async (id) => {
    const answer = await fetch(pane.dataset.textUrl.replace("/0/", `/${id}/`), { credentials: "same-origin" });
    if (!answer.ok) return;
    pane.innerHTML = await answer.text();
    exactText();
    mark();
  };

  // On a saved event the words in the fields are those of one report: another report has a page of its own.
  const goToReport = (field) => {
    const question = document.getElementById("leave-question").content.textContent.trim();
    if (dirty && !window.confirm(question)) {
      field.value = field.querySelector("option[selected]")?.value || "";
      django.jQuery(field).trigger("change.select2");
      return;
    }
    window.location.search = `?report=${encodeURIComponent(field.value)}`;
  };

  const changed = (field) => {
    if (field.form !== form) return; // a move beside the form, with words of its own
    if (field.matches("select[name$=basis]")) showReason(field);
    if (field.matches("select[name$=-facet]")) showFacet(field);
    if (field.name === "report" && field.value) {
      if (pane.dataset.saved) goToReport(field);
      else showReport(field.value);
    } else {
      dirty = true;
    }
    if (field.name === "when") {
      // The date filled in from the report's publication was only a bound: another date is stated, until she says otherwise.
      const basis = form.elements.when_basis;
      const reason = form.elements.when_reason;
      if (basis.value === "derived" && reason.value === reason.defaultValue && field.defaultValue.startsWith("../")) {
        basis.value = "stated";
        reason.value = "";
        showReason(basis);
      }
    }
  };

  // A move shows the event again: what was typed and not saved would be lost.
  document.querySelectorAll("form.beside").forEach((move) => move.addEventListener("submit", (event) => {
    const question = document.getElementById("move-question").content.textContent.trim();
    if (dirty && !window.confirm(question)) event.preventDefault();
  }));
  document.addEventListener("selectionchange", () => { picked = selection() || picked; });
  form.addEventListener("focusin", (event) => {
    if (!event.target.matches("textarea[data-quote]")) return;
    if (waiting) waiting.classList.remove("waiting");
    waiting = event.target;
    waiting.classList.add("waiting");
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button.pick");
    if (button) take(button.previousElementSibling);
  });
  pane.addEventListener("mouseup", () => {
    picked = selection();
    if (picked && waiting && !waiting.value) take(waiting);
  });
  form.addEventListener("input", (event) => {
    if (event.target.form !== form) return;
    dirty = true;
    // Typed or pasted words have no place yet: the server finds it.
    if (event.target.matches("textarea[data-quote]")) {
      const start = startField(event.target);
      if (start) start.value = "";
      mark();
    }
  });
  // The admin's autocomplete tells of a choice twice; its own event is the one that comes from a person.
  form.addEventListener("change", (event) => { if (event.target.name !== "report") changed(event.target); });
  document.addEventListener("formset:added", (event) => dress(event.target));
  // select2, which the admin's autocomplete is made of, tells of a choice through jQuery alone.
  django.jQuery(form).on("select2:select", "select", (event) => changed(event.target));
  exactText();
  dress(form);
  mark();
}
