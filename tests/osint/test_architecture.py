"""The house: the floor, two storeys, a roof. Imports and foreign keys point down, and files stay small."""

import ast
import sys
from functools import cache
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model

PROJECT = Path(__file__).resolve().parents[2]
FLOOR, SOURCES, EVENTS, ROOF = range(4)
# What the floor may stand on, beside the standard library.
GROUND = {"django", "rest_framework", "django_filters", "drf_spectacular", "edtf", "rfc8785", "cryptography", "orjson"}
# Within a storey: what holds a rule knows nothing of the doors through which people and programs come.
RULES = {"choices", "models", "querysets", "guards", "quotes", "provenance", "workflow", "entry", "places"}
DOORS = {"admin", "api", "filters", "forms", "pages", "serializers", "urls", "views", "viewsets"}
LONGEST = 400


def module_name(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


ALL = {module_name(path): path for top in ("osint", "sources", "events") for path in (PROJECT / top).rglob("*.py")}
MODULES = {name: path for name, path in ALL.items() if ".migrations" not in name}


def level(name: str) -> int | None:
    """The storey of a module; None for what is not ours."""
    if name in {"osint.base", "osint.history"} or name.startswith(("osint.base.", "osint.history.")):
        return FLOOR
    return {"sources": SOURCES, "events": EVENTS, "osint": ROOF}.get(name.split(".")[0])


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text())


@cache
def nodes(name: str) -> list[ast.AST]:
    return list(ast.walk(tree(name)))


@cache
def imports(name: str) -> frozenset[str]:
    """Every module that a module imports, wherever in it, also where only the type checker looks."""
    found = set()
    for node in nodes(name):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} imports relatively"
            wholes = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {whole if whole in ALL else str(node.module) for whole in wholes}
    return frozenset(found)


# A test of all modules each: a test of each module each would take thirty times as long.


def test_the_house_was_found():
    assert {"osint.base.record", "sources.models", "events.workflow", "osint.settings"} <= set(MODULES)


def test_imports_point_down():
    assert all(level(name) is not None for name in MODULES)
    wrong = [(name, other) for name in MODULES for other in imports(name) if is_above(other, name)]
    assert not wrong, "Each imports from a storey above its own. Move what it needs down, or itself up."


def is_above(other: str, name: str) -> bool:
    own, theirs = level(name), level(other)
    return own is not None and theirs is not None and theirs > own


def test_the_floor_stands_on_its_ground_alone():
    floor = [name for name in MODULES if level(name) == FLOOR]
    packages = {(name, other.split(".")[0]) for name in floor for other in imports(name) if level(other) is None}
    assert not {(name, package) for name, package in packages if package not in GROUND | sys.stdlib_module_names}


def test_rules_know_nothing_of_doors():
    rules = [name for name in MODULES if level(name) in {SOURCES, EVENTS} and RULES & set(name.split(".")[1:2])]
    assert rules
    doors = [(name, other) for name in rules for other in imports(name) if is_door(other)]
    assert not doors, "Each holds rules; doors call it, and not the other way round."


def is_door(name: str) -> bool:
    return level(name) is not None and bool(DOORS & set(name.split(".")[1:]))


def test_no_import_stands_in_a_function_and_none_takes_everything():
    functions = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    late = [
        f"{name}:{inner.lineno}"
        for name in MODULES
        for node in nodes(name)
        if isinstance(node, functions)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not late, "These import late. Where two modules need each other, one is too big."
    froms = [(name, node) for name in MODULES for node in nodes(name) if isinstance(node, ast.ImportFrom)]
    assert not [f"{name}:{node.lineno}" for name, node in froms if "*" in {alias.name for alias in node.names}]


def test_only_the_workflow_sets_a_status():
    own = [name for name in MODULES if level(name) == EVENTS and not name.startswith("events.workflow")]
    assert not [f"{name}:{line}" for name in own for node in nodes(name) if (line := sets_a_status(node))]


def sets_a_status(node: ast.AST) -> int:
    """The line of an assignment to ``….status``, or of an ``update(status=…)``; else 0."""
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        found = any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets)
        return node.lineno if found else 0
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        return node.lineno if "status" in {keyword.arg for keyword in node.keywords} else 0
    return 0


def test_no_rule_hangs_on_a_signal():
    heard = {name for name in MODULES if {"django.db.models.signals", "django.dispatch"} & imports(name)}
    # Triggers and indexes are made when a migration says that it is done; that is no rule about records.
    assert {name for name in heard if not name.endswith(".apps")} <= {"osint.base.guards", "osint.base.trigrams"}


def test_a_file_is_small_enough_to_read():
    lines = {name: len(path.read_text().splitlines()) for name, path in MODULES.items()}
    long = {name: number for name, number in lines.items() if number > LONGEST}
    assert not long, "Make it a package of the same name."


def test_every_module_says_what_it_is():
    silent = [name for name in MODULES if tree(name).body and not ast.get_docstring(tree(name))]
    assert not silent, "Each needs a docstring."


def test_foreign_keys_point_down():
    for label in ("sources", "events"):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                if field.auto_created or not field.related_model or field.related_model == get_user_model():
                    continue
                other = level(field.related_model._meta.app_label)
                own = level(label)
                assert other is not None, f"{model.__name__}.{field.name} leads out of the house"
                assert own is not None
                assert other <= own, f"{model.__name__}.{field.name} points up"


def test_migrations_of_a_lower_storey_wait_for_none_above():
    waits = {name for name in ALL if name.startswith("sources.migrations.")}
    for name in waits:
        assert '"events"' not in ALL[name].read_text(), f"{name} depends on events"
