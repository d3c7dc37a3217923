// Selecting with the keyboard: a word at a time, in the direction in which the text runs.
const WORD = /[\p{L}\p{N}\p{M}_]+/gu;
const SENTENCE = /[.!?؟…]\s|\n/u;

export class Caret {
  constructor(text) {
    this.text = text;
    this.anchor = null; // the word where the selection began
    this.focus = null; // the word where it ends
    text.root.addEventListener("keydown", (event) => this.key(event));
  }

  // The words of a paragraph, as places.
  wordsOf(paragraph) {
    paragraph.words ??= [...paragraph.text.matchAll(WORD)].map((found) => ({
      start: this.text.points(paragraph, found.index),
      end: this.text.points(paragraph, found.index + found[0].length),
    }));
    return paragraph.words;
  }

  // The next word in a direction, across paragraphs.
  beside(word, step) {
    let at = this.text.paragraphs.indexOf(this.text.holding(word.start));
    const words = this.wordsOf(this.text.paragraphs[at]);
    const found = words[words.findIndex((one) => one.start === word.start) + step];
    if (found) return found;
    for (at += step; at >= 0 && at < this.text.paragraphs.length; at += step) {
      const others = this.wordsOf(this.text.paragraphs[at]);
      if (others.length) return step > 0 ? others[0] : others.at(-1);
    }
    return null;
  }

  wordAt(place) {
    for (let at = this.text.paragraphs.indexOf(this.text.holding(place)); at < this.text.paragraphs.length; at += 1) {
      const found = this.wordsOf(this.text.paragraphs[at]).find((word) => word.end > place);
      if (found) return found;
    }
    return null;
  }

  // Where the person is: at the native selection, else where the text begins to be seen.
  start() {
    const chosen = this.text.selected();
    if (chosen && this.focus && chosen.end >= this.focus.start && chosen.start <= this.focus.end) return;
    const native = window.getSelection();
    let place = chosen?.start ?? null;
    if (place === null && native.rangeCount && this.text.root.contains(native.focusNode)) place = this.text.placeOf(native.focusNode, native.focusOffset);
    if (place === null) place = this.seen();
    this.anchor = this.focus = this.wordAt(place);
  }

  seen() {
    const top = this.text.root.getBoundingClientRect().top;
    return this.text.paragraphs.find((p) => p.element.getBoundingClientRect().bottom > top + 4)?.start ?? 0;
  }

  move(step, extend) {
    const fresh = !this.focus || !this.text.selected();
    this.start();
    if (!this.focus) return;
    const next = fresh && !extend ? this.focus : this.beside(this.focus, step);
    if (next) this.go(next, extend);
  }

  // The word under or over this one: on another line, nearest across.
  line(step, extend) {
    this.start();
    if (!this.focus) return;
    const box = (word) => this.text.rangeOf(word.start, word.end).getBoundingClientRect();
    const from = box(this.focus);
    const middle = (rect) => (rect.left + rect.right) / 2;
    let best = null;
    let found = null;
    for (let word = this.beside(this.focus, step), tried = 0; word && tried < 80; word = this.beside(word, step), tried += 1) {
      const rect = box(word);
      if (Math.abs(rect.top - from.top) < from.height / 2) continue;
      if (best !== null && Math.abs(rect.top - best.top) > rect.height / 2) break;
      if (best === null || Math.abs(middle(rect) - middle(from)) < Math.abs(middle(best) - middle(from))) { best = rect; found = word; }
    }
    if (found) this.go(found, extend);
  }

  sentence(step, extend) {
    this.start();
    let word = this.focus;
    for (let next = word && this.beside(word, step); next; next = this.beside(word, step)) {
      const [from, to] = step > 0 ? [word.end, next.start] : [next.end, word.start];
      if (SENTENCE.test(`${this.text.slice(from, to)} `)) break;
      word = next;
    }
    if (word) this.go(word, extend);
  }

  go(word, extend) {
    this.focus = word;
    if (!extend || !this.anchor) this.anchor = word;
    const [start, end] = [Math.min(this.anchor.start, word.start), Math.max(this.anchor.end, word.end)];
    this.select(start, end);
    const box = this.text.rangeOf(word.start, word.end).getBoundingClientRect();
    const pane = this.text.root.getBoundingClientRect();
    if (box.top < pane.top) this.text.root.scrollTop -= pane.top - box.top + box.height;
    if (box.bottom > pane.bottom) this.text.root.scrollTop += box.bottom - pane.bottom + box.height;
  }

  select(start, end) {
    const range = this.text.rangeOf(start, end);
    window.getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const forward = getComputedStyle(this.text.root).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const deeds = {
      ArrowLeft: () => this.move(forward === "ArrowLeft" ? 1 : -1, event.shiftKey),
      ArrowRight: () => this.move(forward === "ArrowRight" ? 1 : -1, event.shiftKey),
      ArrowDown: () => this.line(1, event.shiftKey),
      ArrowUp: () => this.line(-1, event.shiftKey),
      End: () => this.sentence(1, event.shiftKey),
      Home: () => this.sentence(-1, event.shiftKey),
    };
    if (!deeds[event.key]) return;
    event.preventDefault();
    deeds[event.key]();
  }
}
