// What is wrong with how the page is laid out: a list of sentences.
() => {
  const faults = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth + 1) faults.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
  const named = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}${[...element.classList].map((name) => `.${name}`).join("")} “${element.textContent.trim().slice(0, 40)}”`;
  const passed = "script, style, template, title, noscript, select, option, textarea, input, svg *, .select2-container *, .leaflet-container *, .hidden, .visually-hidden, .skip, .skip-to-content-link";
  const texts = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (element.matches(passed) || element.closest(".select2-container, .select2-hidden-accessible, .visually-hidden, .hidden, .leaflet-container")) continue;
    const style = getComputedStyle(element);
    if (parseFloat(style.textIndent) < -900) continue; // an icon in place of its words
    if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const own = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    if (!own.length) continue;
    if (style.display !== "inline" && ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis" && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1) faults.push(`clipped: ${named(element)}`);
    const scroller = (() => { for (let e = element; e && e !== document.body; e = e.parentElement) { const s = getComputedStyle(e); if (["auto", "scroll"].includes(s.overflowX) || ["auto", "scroll"].includes(s.overflowY)) return e; } return null; })();
    const floats = (() => { for (let e = element; e && e !== document.body; e = e.parentElement) if (["fixed", "sticky"].includes(getComputedStyle(e).position)) return true; return false; })();
    for (const node of own) {
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width < 2 || box.height < 2) continue;
        if (!scroller && (box.right > root.clientWidth + 2 || box.left < -2)) faults.push(`out of the page: ${named(element)}`);
        if (scroller || floats) continue;
        const inner = box.height / 4;
        texts.push({ element, left: box.left + 1, right: box.right - 1, top: box.top + inner, bottom: box.bottom - inner });
      }
    }
  }
  texts.sort((one, other) => one.top - other.top);
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length && texts[j].top < texts[i].bottom; j++) {
      const one = texts[i], other = texts[j];
      if (one.element === other.element) continue;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (wide > 2 && high > 2) faults.push(`overlap: ${named(one.element)} and ${named(other.element)}`);
    }
  }
  return [...new Set(faults)].slice(0, 20);
}
