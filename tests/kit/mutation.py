"""Mutation testing: `python -m tests.kit.mutation [area …]` changes the code a little and counts what no test notices.

mutmut works on a copy of the project in data/mutation, an area at a time, with the tests that stand beside the area. It
leaves alone what is decorated, what stands outside functions, and sentences for people (pyproject.toml). With SAMPLE=60
in the environment it tries so many of an area's mutants, drawn at random; with JOBS=4 so many at a time.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

FOLDER = Path("data/mutation")
COPIED = ("osint", "sources", "events", "templates", "fixtures", "tests", "docs", "manage.py", "pyproject.toml")
ENOUGH = 90  # percent killed
KILLED = (1, 3, -24, 24, 36, 152, 255)  # by a failure, an error, or for running too long
MUTMUT = Path(sys.executable).with_name("mutmut")


@dataclass(frozen=True)
class Area:
    """What is mutated together, and the tests that have to notice."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    functions: tuple[str, ...] = ("*",)


AREAS = {
    "chain": Area(
        tuple(f"osint/history/{name}.py" for name in ("chain", "recording", "verify", "heads", "redaction")),
        tuple(
            f"tests/history/test_{name}.py"
            for name in ("chain", "recording", "redaction", "replay", "verify", "commands")
        ),
    ),
    "workflow": Area(
        ("events/workflow/*.py",),
        tuple(
            f"tests/events/test_{name}.py"
            for name in ("workflow*", "snapshot", "moves", "merge", "correcting", "comments")
        ),
    ),
    "visibility": Area(
        ("sources/marks.py", "sources/querysets.py", "events/querysets.py"),
        ("tests/events/test_visibility*.py",),
        ("sources.marks.*", "*visible_to*", "*seen_by*", "*sees_drafts*", "*.x_visible__*"),
    ),
    "versions": Area(("osint/base/versions.py",), ("tests/osint/test_versions*.py",)),
}


def main(names: list[str]) -> int:
    """Test the mutants of these areas, or of all, and say what became of them."""
    shares = [tested(name, AREAS[name]) for name in names or AREAS]
    return int(min(shares) < ENOUGH)


def tested(name: str, area: Area) -> float:
    """Have mutmut test an area, print what survived, and give the share that was killed in percent."""
    folder = copy(name, area)
    ready = str((folder / "ready.sqlite3").absolute())
    run(folder, sys.executable, "manage.py", "migrate", "-v0", DATABASE_URL=f"sqlite:///{ready}")
    # With the name of none it makes all mutants, and stops.
    run(folder, MUTMUT, "run", "none", quiet=True, TEST_DATABASE=ready)
    chosen = sample([mutant for mutant, _code in results(folder) if any(fnmatch(mutant, f) for f in area.functions)])
    run(folder, MUTMUT, "run", "--max-children", os.environ.get("JOBS", "2"), *chosen, TEST_DATABASE=ready)
    return report(name, {mutant: code for mutant, code in results(folder) if mutant in chosen})


def sample(mutants: list[str]) -> list[str]:
    """As many of these as the environment asks for, drawn at random; all, where it does not."""
    most = int(os.environ.get("SAMPLE", "0")) or len(mutants)
    return random.Random(most).sample(mutants, min(most, len(mutants)))


def copy(name: str, area: Area) -> Path:
    """The project in a folder of the area's own, with what is mutated there in its pyproject.toml."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for part in COPIED:
        if Path(part).is_dir():
            shutil.copytree(part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(part, folder / part)
    tests = [str(path) for pattern in area.tests for path in sorted(Path().glob(pattern))]
    # The section of mutmut is the last one.
    with (folder / "pyproject.toml").open("a") as file:
        print(f"only_mutate = {json.dumps(area.files)}", file=file)
        print(f"pytest_add_cli_args_test_selection = {json.dumps(tests)}", file=file)
    return folder


def run(folder: Path, *command: str | Path, quiet: bool = False, **environment: str) -> None:
    """Run a command in the folder; quietly, it may fail too."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run(command, cwd=folder, env=inherited | environment, check=not quiet, capture_output=quiet)


def report(name: str, found: dict[str, int | None]) -> float:
    """Say how many mutants there are, and name those that no test noticed."""
    alive = sorted(mutant for mutant, code in found.items() if code not in KILLED)
    share = 100 - 100 * len(alive) / (len(found) or 1)
    print(f"{name}: {len(found)} mutants tested, {len(found) - len(alive)} killed ({share:.1f} %)")
    for mutant in alive:
        print(f"  {mutant}")
    return share


def results(folder: Path) -> Iterator[tuple[str, int | None]]:
    """Each mutant with the exit code of its tests, where it was tested."""
    for meta in sorted((folder / "mutants").rglob("*.py.meta")):
        yield from json.loads(meta.read_text())["exit_code_by_key"].items()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
