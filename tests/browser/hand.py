"""Somebody at the desk: every move goes through mouse and keyboard, and is counted."""

from playwright.sync_api import Locator, Page, expect

# Where a place in the text is on the screen: the middle of the line at its first or after its last letter.
POINT = """([start, ending]) => {
    const inside = (p) => ending ? p.from < start && start <= p.to : p.from <= start && start < p.to;
    const paragraphs = [...document.querySelectorAll("#desk-text p")].map((element) => {
        const from = Number(element.dataset.start);
        return {element, from, to: from + Array.from(element.textContent).length};
    });
    const {element, from} = paragraphs.find(inside);
    element.scrollIntoView({block: "center"});
    let left = Array.from(element.textContent).slice(0, start - from).join("").length - (ending ? 1 : 0);
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    while (left >= node.length) { left -= node.length; node = walker.nextNode(); }
    const range = document.createRange();
    range.setStart(node, left);
    range.setEnd(node, left + 1);
    const box = range.getBoundingClientRect();
    const rtl = getComputedStyle(element).direction === "rtl" && !/[0-9A-Za-z]/.test(range.toString());
    const inset = Math.min(1, box.width / 4);
    return [rtl === ending ? box.left + inset : box.right - inset, box.top + box.height / 2];
}"""


KEYS = {"what": "w", "when": "n", "where": "p", "who": "a", "how_many": "c"}


class Hand:
    """A person who codes one report at the desk, with a count of what that took."""

    def __init__(self, page: Page, text: str) -> None:
        self.page, self.text = page, text
        self.moves: list[str] = []

    def select(self, first: str, last: str = "", after: int = 0) -> tuple[int, int]:
        """Select from the first of these words to the last of those, as the mouse does."""
        start = self.text.index(first, after)
        end = self.text.index(last, start) + len(last) if last else start + len(first)
        # Before a number a place is ambiguous between two directions: there the mouse comes from the blank before it.
        x, y = self.page.evaluate(POINT, [start, bool(start) and self.text[start].isdecimal()])
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        x, y = self.page.evaluate(POINT, [end, True])
        self.page.mouse.move(x, y, steps=3)
        self.page.mouse.up()
        self.moves.append(f"select “{self.text[start:end][:20]}…”")
        return start, end

    def press(self, key: str) -> None:
        """Press a key that does or chooses something."""
        self.page.keyboard.press(key)
        self.moves.append(f"key {key}")

    def click(self, what: Locator, name: str) -> None:
        """Click."""
        what.click()
        self.moves.append(f"click {name}")

    def type(self, words: str) -> None:
        """Type into the field that has the focus."""
        self.page.keyboard.type(words)
        self.moves.append(f"type “{words}”")

    def pick(self, what: Locator, value: str) -> None:
        """Choose from a list that drops down."""
        what.select_option(value)
        self.moves.append(f"choose {value}")

    # What the desk is made of

    @property
    def card(self) -> Locator:
        """The event that is being entered."""
        return self.page.locator("#desk-open .card").first

    def facet(self, name: str) -> Locator:
        """A part of its card."""
        return self.card.locator(f'.facet[data-facet="{name}"]')

    def suggestion(self, facet: str, slug: str) -> Locator:
        """What was recognised as this record, and as nothing likelier."""
        return self.facet(facet).locator(f'.suggestion[data-slugs~="{slug}"]')

    def fact(self, facet: str, slug: str = "") -> Locator:
        """A fact that was accepted or chosen."""
        return self.facet(facet).locator(f'.fact[data-slug="{slug}"]' if slug else ".fact").last

    def open(self, pk: int) -> None:
        """Come to the desk of a report."""
        self.page.goto(f"/admin/events/event/desk/{pk}/")
        expect(self.page.locator("html")).to_have_attribute("data-desk", "ready")

    def save(self) -> None:
        """Save, and wait until it is."""
        before = self.page.locator("#desk-coded .card[data-event]").count()
        self.click(self.card.locator(".save"), "save")
        expect(self.page.locator("#desk-coded .card[data-event]")).to_have_count(before + 1)

    def taken(self) -> list[str]:
        """The moves since this was asked last."""
        moves, self.moves = self.moves, []
        return moves


class Coder(Hand):
    """Takes what is offered, the cheapest way first."""

    def accept(self, facet: str, slug: str, role: str = "", party: str = "") -> None:
        """Accept what was recognised, in this part."""
        one = self.suggestion(facet, slug).first
        choice = str(one.get_attribute("data-slugs")).split().index(slug)
        if choice:
            self.click(one.locator(f'[data-choice="{choice}"]'), f"accept {slug}")
            self.set_role(facet, slug, role)
            return
        way = f'[data-role="{role}"]' if role else f'[data-party="{party}"]' if party else ".way.default"
        self.click(one.locator(way), f"accept {slug} {role or party}".strip())

    def set_role(self, facet: str, slug: str, role: str) -> None:
        """The part, where it is not what the desk takes for granted."""
        field = self.fact(facet, slug).locator("select").first
        if role and field.input_value() != role:
            self.pick(field, role)

    def as_before(self, facet: str, slugs: set[str]) -> bool:
        """Take over the facts of the event before, where they are these."""
        offered = self.facet(facet).locator(".before:not(.undated)")
        if not offered.count() or set(str(offered.get_attribute("data-slugs")).split()) != slugs:
            return False
        self.click(offered, f"as before: {' '.join(slugs)}")
        return True

    def choose(self, facet: str, slug: str, words: tuple[str, ...] = (), typed: str = "", after: int = 0) -> None:
        """Choose by hand: select the words, a key, and what is offered, or two or three letters."""
        if words:
            first, last = (*words, "")[:2]
            self.select(first, last, after)
        self.press(KEYS[facet])
        field = "data-when" if facet == "when" else "data-slug"
        option = self.card.locator(f'.chooser li button[{field}="{slug}"]')
        expect(self.card.locator(".chooser li").first).to_be_visible()
        if not option.count():
            self.type(typed)
        self.click(option, slug)

    def because(self, facet: str, slug: str) -> None:
        """Say why it is held: one of the reasons that are ready."""
        self.click(self.fact(facet, slug).locator(".ready").first, "reason")
