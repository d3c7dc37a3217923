"""What has left before: from where a new bundle goes on, and where it may be put."""

from pathlib import Path

from django.utils.translation import gettext as _

from osint.base.text import shown
from osint.bundle import containers, manifest, writing
from osint.bundle.entries import Refusal
from osint.bundle.leaving import Cut
from osint.bundle.manifest import NAME
from osint.bundle.models import Departure


def since(named: str, cut: Cut) -> Departure:
    """The earlier bundle that is named by its number or is in this file, if a later one can go on from it."""
    left = by_number(int(named)) if named.isascii() and named.isdigit() else by_file(Path(named))
    seen = (left.query, left.mark, left.has_texts, left.has_files)
    if seen != (cut.query, cut.mark, cut.texts, cut.attachments):
        raise Refusal(
            _(
                "Bundle %(number)d was cut in another way: query “%(query)s”, TLP:%(mark)s, texts: %(texts)s, files: "
                "%(files)s. Only one that is cut alike can go on from it."
            )
            % {
                "number": left.sequence,
                "query": left.query,
                "mark": left.mark,
                "texts": left.has_texts,
                "files": left.has_files,
            }
        )
    return left


def by_number(number: int) -> Departure:
    """The bundle of this number."""
    left = Departure.objects.filter(sequence=number).first() if number < 2**63 else None
    if left is None:
        last = Departure.objects.first()
        raise Refusal(
            _("No bundle %(number)d has left here; the last one was %(last)s.")
            % {"number": number, "last": last.sequence if last else "–"}
        )
    return left


def by_file(path: Path) -> Departure:
    """The bundle in this file, if it was cut here."""
    if not path.exists():
        raise Refusal(_("“%(name)s” is neither a number nor a bundle.") % {"name": shown(str(path))})
    with containers.opened(path) as container:
        data = b"".join(containers.pieces(container, NAME, container.sizes[NAME]))
    read = manifest.read(data)
    # By its bytes alone: a database that was restored goes by another UUID since, and knows what it has cut before.
    left = Departure.objects.filter(sequence=read.sequence, digest=writing.digest(data)).first()
    if left is None:
        raise Refusal(_("“%(name)s” was not cut here: nothing is known of what it has.") % {"name": shown(str(path))})
    return left


def is_folder(path: Path) -> bool:
    """Whether a bundle is put there as a folder; ``Refusal`` where something else would be lost."""
    if not path.absolute().parent.is_dir():
        raise Refusal(_("There is no folder “%(name)s”.") % {"name": shown(str(path.absolute().parent))})
    if path.suffix.lower() == ".zip":
        if path.is_dir():
            raise Refusal(_("“%(name)s” is a folder. Choose another name.") % {"name": shown(str(path))})
        return False
    if path.exists() and not path.is_dir():
        raise Refusal(_("“%(name)s” is a file. Name a folder, or a FILE.zip.") % {"name": shown(str(path))})
    strange = [one.name for one in path.iterdir() if not is_ours(one.name)] if path.is_dir() else []
    if strange:
        raise Refusal(
            _("“%(name)s” holds “%(other)s”, which is of no bundle. Name a folder of its own.")
            % {"name": shown(str(path)), "other": shown(min(strange))}
        )
    return True


def is_ours(name: str) -> bool:
    """Whether a folder that is a bundle has something of this name."""
    return name in {containers.VERSIONING, "files", NAME, manifest.SIGNATURE, *manifest.LISTS}
