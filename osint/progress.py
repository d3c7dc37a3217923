"""How far a long command has come, as a line that a person watches; nothing where nobody does."""

from typing import Any

WIDTH = 30


class Progress:
    """A bar on a terminal, drawn again whenever a hundredth more is done."""

    def __init__(self, stream: Any, total: int, is_shown: bool, title: str = "") -> None:
        self.stream, self.total, self.is_shown, self.title = stream, total, is_shown and total > 0, title
        self.done = self.drawn = 0

    def step(self, number: int = 1) -> None:
        """So many more are done."""
        self.done += number
        if self.is_shown and (self.done - self.drawn) * 100 >= self.total:
            self.draw()

    def draw(self) -> None:
        """The line as it is now, over the one before."""
        self.drawn = self.done
        share = min(1.0, self.done / self.total)
        bar = "#" * round(share * WIDTH)
        self.stream.write(f"\r{self.title}[{bar:<{WIDTH}}] {share:4.0%} {self.done:,}/{self.total:,}", str, ending="")
        self.stream.flush()

    def finish(self) -> None:
        """Leave the line to what comes next."""
        if self.is_shown:
            self.draw()
            self.stream.write("", str)
