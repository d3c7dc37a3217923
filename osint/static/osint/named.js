// An autocomplete says to those who hear the page which field it is: its label names the box that select2 draws.
"use strict";
{
  const name = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const label = (select.labels[0] ? select.labels[0].textContent : select.name).trim().replace(/:$/, "");
      const box = select.nextElementSibling;
      for (const part of box && box.matches(".select2") ? box.querySelectorAll("[role=combobox], [role=textbox]") : []) {
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", [label, part.textContent.trim()].filter(Boolean).join(": "));
      }
    }
  };
  // select2 draws its boxes when it likes, and again whenever something is chosen.
  new MutationObserver((changes) => {
    const boxes = (nodes) => [...nodes].some((node) => node.nodeType === 1 && (node.matches("[class*=select2]") || node.querySelector(".select2")));
    if (changes.some((change) => boxes(change.addedNodes))) name();
  }).observe(document.body, { childList: true, subtree: true });
  name();
}
