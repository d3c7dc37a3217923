"""The how-to pages inside the admin: the files of docs/howto, in the reader's language.

Each page is there twice, ``dating.md`` and ``dating.ar.md``; a link from one to another leads to its page here.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

HOME = settings.BASE_DIR / "docs" / "howto"
# In the order in which somebody new would read them.
PAGES = ("entering", "citing", "dating", "counting", "bases", "admiralty")
ARABIC = re.compile("[\u0600-\u06ff]")
LINK = re.compile(r"([a-z]+)(?:\.ar)?\.md")


def file_of(page: str, language: str) -> Path:
    """The file that holds the page in this language; in any but Arabic, English."""
    return Path(HOME / (f"{page}.ar.md" if language.startswith("ar") else f"{page}.md"))


def read(page: str) -> tuple[str, SafeString]:
    """Title and text of the page in the reader's language."""
    path = file_of(page, get_language() or "en")
    return rendered(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def rendered(path: Path, _changed: int) -> tuple[str, SafeString]:
    """Title and text of a file, as it was when it was last changed."""
    first, _line, rest = path.read_text(encoding="utf-8").partition("\n")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(rest)
    dress(tokens)
    # Nobody but us writes these files, and raw HTML in them shows as text.
    return first.removeprefix("# "), mark_safe(parser.renderer.render(tokens, parser.options, {}))  # noqa: S308


def dress(tokens: Any) -> None:
    """Lead links to our own pages; let words of a report run their own way."""
    for token in tokens:
        if token.type == "link_open" and (found := LINK.fullmatch(str(token.attrs["href"]))):
            token.attrs["href"] = reverse("help", args=[found[1]])
        if token.type == "code_inline":
            token.attrs |= {"dir": "rtl" if ARABIC.search(token.content) else "ltr", "translate": "no"}
        dress(token.children or [])


def title(page: str) -> str:
    """What the page is called in the reader's language."""
    return read(page)[0]


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """The list of the pages."""
    return render(request, "admin/help.html", admin.site.each_context(request) | {"pages": listed(), "text": ""})


@require_safe
def page(request: HttpRequest, page: str) -> HttpResponse:
    """One page."""
    if page not in PAGES:
        raise Http404
    heading, text = read(page)
    context = {"title": heading, "pages": listed(), "current": page, "text": text}
    return render(request, "admin/help.html", admin.site.each_context(request) | context)


def listed() -> list[tuple[str, str]]:
    """Every page with its title."""
    return [(name, title(name)) for name in PAGES]
