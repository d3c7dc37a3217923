// Long work, batch after batch: each request does a little and says how far it is. Leaving the page stops it.
"use strict";
for (const form of document.querySelectorAll(".works form")) {
  const bar = form.querySelector("progress"), said = form.querySelector("output"), faults = form.querySelector(".faults");
  const batch = async (again) => {
    const data = new FormData(form);
    if (again) data.append("again", "1");
    const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const buttons = form.querySelectorAll("button");
    buttons.forEach((button) => { button.disabled = true; });
    let again = event.submitter && event.submitter.name === "again";
    try {
      for (let told; !told || !told.finished; again = false) {
        told = await batch(again);
        bar.max = told.total || 1;
        bar.value = told.done;
        said.textContent = told.sentence;
        faults.replaceChildren(...told.faults.map((text) => {
          const item = document.createElement("li");
          item.dir = "auto";
          item.textContent = text;
          return item;
        }));
      }
    } catch {
      form.submit(); // without us: the next batch as a page
    }
    buttons.forEach((button) => { button.disabled = false; });
  });
}
