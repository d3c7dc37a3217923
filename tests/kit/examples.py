"""The examples of a page of the documentation, run in their order as a person would who copies them."""

import contextlib
import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Example:
    """A block of code, and what stands under it as what it prints."""

    language: str
    code: str
    printed: str | None


def examples(page: Path) -> Iterator[Example]:
    """The blocks of a page that can be run."""
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    following = [*blocks[1:], ("", "")]
    for (language, code), (after, printed) in zip(blocks, following, strict=True):
        if language != "text":
            yield Example(language, code, printed if after == "text" and language in {"sh", "python"} else None)


@dataclass
class Reader:
    """Somebody who runs them against another address."""

    address: str
    folder: Path

    def __post_init__(self) -> None:
        self.names: dict[str, Any] = {}

    def run(self, example: Example) -> str:
        """What the example prints."""
        code = example.code.replace(HERE, self.address)
        return self.shell(code) if example.language == "sh" else self.python(code)

    def shell(self, code: str) -> str:
        """What a shell prints."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", code], cwd=self.folder, capture_output=True, check=False
        )
        assert done.returncode == 0, f"{code}\n{done.stdout.decode()}\n{done.stderr.decode()}"
        return done.stdout.decode()

    def python(self, code: str) -> str:
        """What Python prints, in one session."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, "docs", "exec"), self.names)
        return out.getvalue()
