// The report's text: places in it, counted in code points as Python and the databases count, and the marks on it.
const first = (list, wrong) => {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wrong(list[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
};

export class Text {
  constructor(root) {
    this.root = root;
    this.paragraphs = [...root.children].map((element) => {
      const text = element.textContent;
      const wide = /[\ud800-\udfff]/.test(text);
      const start = Number(element.dataset.start);
      return { element, text, wide, start, end: start + (wide ? Array.from(text).length : text.length) };
    });
    this.index = new Map(this.paragraphs.map((paragraph) => [paragraph.element, paragraph]));
  }

  get length() {
    return this.paragraphs.at(-1)?.end ?? 0;
  }

  // The paragraph that holds the character at this place.
  holding(place) {
    const at = first(this.paragraphs, (paragraph) => paragraph.end <= place);
    return this.paragraphs[Math.min(at, this.paragraphs.length - 1)];
  }

  units({ text, wide, start }, place) {
    return wide ? Array.from(text).slice(0, place - start).join("").length : place - start;
  }

  points({ text, wide, start }, units) {
    return start + (wide ? Array.from(text.slice(0, units)).length : units);
  }

  slice(start, end) {
    let found = "";
    for (let at = first(this.paragraphs, (p) => p.end <= start); at < this.paragraphs.length; at += 1) {
      const paragraph = this.paragraphs[at];
      if (paragraph.start >= end) break;
      found += paragraph.text.slice(
        this.units(paragraph, Math.max(start, paragraph.start)), this.units(paragraph, Math.min(end, paragraph.end)),
      );
    }
    return found;
  }

  // The place of a position in the page, or null where that is outside of the text.
  placeOf(node, offset) {
    if (node === this.root) return this.paragraphs[offset]?.start ?? this.length;
    const element = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-start]");
    const paragraph = this.index.get(element);
    if (!paragraph) return null;
    const before = document.createRange();
    before.setStart(element, 0);
    before.setEnd(node, offset);
    return this.points(paragraph, before.toString().length);
  }

  // The position in the page of a place: node and offset.
  positionOf(place, ending = false) {
    const paragraph = this.holding(ending ? Math.max(0, place - 1) : place);
    let left = this.units(paragraph, place);
    const walker = document.createTreeWalker(paragraph.element, NodeFilter.SHOW_TEXT);
    let last = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (ending ? left <= node.length : left < node.length) return [node, left];
      left -= node.length;
      last = node;
    }
    return last ? [last, last.length] : [paragraph.element, 0];
  }

  rangeOf(start, end) {
    const range = document.createRange();
    range.setStart(...this.positionOf(start));
    range.setEnd(...this.positionOf(end, true));
    return range;
  }

  // What is selected in the text, without the blanks around it, or null.
  selected() {
    const chosen = window.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    if (!this.root.contains(range.startContainer) && !this.root.contains(range.endContainer)) return null;
    let start = this.root.contains(range.startContainer) ? this.placeOf(range.startContainer, range.startOffset) : 0;
    let end = this.root.contains(range.endContainer) ? this.placeOf(range.endContainer, range.endOffset) : this.length;
    const letters = Array.from(this.slice(start, end));
    while (letters.length && !letters.at(-1).trim()) { letters.pop(); end -= 1; }
    while (letters.length && !letters[0].trim()) { letters.shift(); start += 1; }
    return letters.length ? { start, end, quote: letters.join("") } : null;
  }

  // Draw marks: each {start, end, kind, event, number}; they may overlap.
  mark(marks) {
    const held = new Map();
    for (const mark of marks) {
      for (let at = first(this.paragraphs, (p) => p.end <= mark.start); at < this.paragraphs.length; at += 1) {
        const paragraph = this.paragraphs[at];
        if (paragraph.start >= mark.end) break;
        if (!held.has(paragraph)) held.set(paragraph, []);
        held.get(paragraph).push(mark);
      }
    }
    // A paragraph that is drawn anew loses what is selected in it: only where its marks are others.
    for (const paragraph of this.paragraphs) {
      const here = held.get(paragraph) || [];
      const sign = here.map((mark) => [mark.start, mark.end, mark.kind, mark.event, mark.number].join()).join(";");
      if (sign === (paragraph.sign ?? "")) continue;
      paragraph.sign = sign;
      this.draw(paragraph, here);
    }
  }

  draw(paragraph, marks) {
    const inside = (place) => Math.min(Math.max(place, paragraph.start), paragraph.end);
    const cuts = [...new Set(marks.flatMap((mark) => [inside(mark.start), inside(mark.end)]).concat(paragraph.start, paragraph.end))];
    cuts.sort((one, other) => one - other);
    const pieces = cuts.slice(0, -1).map((start, at) => ({
      text: paragraph.text.slice(this.units(paragraph, start), this.units(paragraph, cuts[at + 1])),
      within: marks.filter((mark) => mark.start <= start && mark.end >= cuts[at + 1]),
    }));
    paragraph.element.replaceChildren(...pieces.map((here, at) => this.drawn(here, pieces[at + 1])));
  }

  drawn({ text, within }, next) {
    if (!within.length) return document.createTextNode(text);
    const mark = document.createElement("mark");
    mark.textContent = text;
    mark.className = [...new Set(within.map((one) => one.kind))].join(" ");
    const events = new Map(within.filter((one) => one.event).map((one) => [one.event, one.number]));
    if (events.size) {
      mark.dataset.events = [...events.keys()].join(" ");
      // The last piece of an event's passage carries its number.
      const after = new Set((next?.within || []).map((one) => one.event));
      const ending = [...events].filter(([event]) => !after.has(event)).map(([, number]) => number);
      if (ending.length) mark.dataset.numbers = ending.join(" ");
    }
    return mark;
  }
}
