// Single keys: places on the keyboard, so that they work with any layout; never while somebody types.
const typing = (target) => target.matches("input, textarea, select, [contenteditable]") || target.closest("dialog");

export const keys = (desk) => {
  const help = document.getElementById("desk-keys");
  document.getElementById("desk-keys-open").addEventListener("click", () => help.showModal());
  const codes = new Map([...document.querySelectorAll("#desk-bar [data-code]")].map((made) => [made.dataset.code, made]));

  const toProposal = (step) => {
    const from = desk.text.selected()?.start ?? (step > 0 ? -1 : Infinity);
    const found = desk.proposals.after(from, step);
    if (found) desk.show(found.start, found.end);
  };

  const deeds = {
    KeyJ: () => toProposal(1),
    KeyK: () => toProposal(-1),
    KeyT: () => desk.text.root.focus(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "?" || event.key === "؟") {
      event.preventDefault();
      help.showModal();
      return;
    }
    if (event.shiftKey) return;
    const made = codes.get(event.code);
    if (!made && !deeds[event.code]) return;
    event.preventDefault();
    if (made) desk.deed(made);
    else deeds[event.code]();
  });
};
