// Said while a name is typed: which records bear it already, so that nobody makes a second one.
"use strict";
{
  const panel = document.getElementById("namesakes");
  const form = panel.closest("form");
  const names = ["name_en", "name_ar", "kind", "latitude", "longitude", "precision_m", "parent", "namesake_note"];
  const text = (tag, words) => {
    const element = document.createElement(tag);
    element.textContent = words;
    element.dir = "auto";
    return element;
  };
  let asked = 0;

  const row = (found) => {
    const line = document.createElement("li");
    const link = text("a", found.name);
    link.href = found.address;
    link.target = "_blank"; // what is typed here stays
    const why = document.createElement("span"); // a sentence of ours, in the page's own direction
    why.className = "why";
    why.textContent = found.reasons.join(" ");
    line.append(link, " ", text("span", found.about), " ", why);
    return line;
  };

  const ask = async () => {
    const query = new URLSearchParams({ record: panel.dataset.record });
    for (const name of names) {
      const field = form.elements[name];
      if (field && field.value) query.set(name, field.value);
    }
    const turn = (asked += 1);
    if (!query.has("name_en") && !query.has("name_ar")) { panel.hidden = true; return; }
    const answer = await fetch(`${panel.dataset.url}?${query}`, { credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok || turn !== asked) return;
    const { likely, refusal } = await answer.json();
    panel.querySelector("ul").replaceChildren(...likely.map(row));
    panel.querySelector(".refusal").textContent = refusal;
    panel.hidden = !likely.length && !refusal;
  };

  let waiting = null;
  const soon = (event) => {
    if (!names.includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 350);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  django.jQuery(form).on("select2:select change", "select", soon);
}
