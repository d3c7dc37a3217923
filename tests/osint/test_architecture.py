"""The house: the floor, two storeys, a roof. Imports and foreign keys point down, and files stay small."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
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
each_module = pytest.mark.parametrize("name", sorted(MODULES))


def level(name: str) -> int | None:
    """The storey of a module; None for what is not ours."""
    if name in {"osint.base", "osint.history"} or name.startswith(("osint.base.", "osint.history.")):
        return FLOOR
    return {"sources": SOURCES, "events": EVENTS, "osint": ROOF}.get(name.split(".")[0])


def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text())


def imports(name: str) -> Iterator[str]:
    """Every module that a module imports, wherever in it, also where only the type checker looks."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} imports relatively"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in ALL else str(node.module)


def test_the_house_was_found():
    assert {"osint.base.record", "sources.models", "events.workflow", "osint.settings"} <= set(MODULES)


@each_module
def test_imports_point_down(name):
    own = level(name)
    assert own is not None
    higher = {other for other in imports(name) if (found := level(other)) is not None and found > own}
    assert not higher, f"{name} imports from a storey above its own. Move what it needs down, or itself up."


@each_module
def test_the_floor_stands_on_its_ground_alone(name):
    if level(name) != FLOOR:
        return
    packages = {other.split(".")[0] for other in imports(name) if level(other) is None}
    assert packages <= GROUND | sys.stdlib_module_names


@each_module
def test_rules_know_nothing_of_doors(name):
    parts = name.split(".")
    if level(name) not in {SOURCES, EVENTS} or len(parts) < 2 or parts[1] not in RULES:
        return
    doors = {other for other in imports(name) if level(other) is not None and DOORS & set(other.split(".")[1:])}
    assert not doors, f"{name} holds rules; doors call it, and not the other way round."


@each_module
def test_no_import_stands_in_a_function_and_none_takes_everything(name):
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            late = [inner for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
            assert not late, f"{name}:{node.lineno} imports late. Where two modules need each other, one is too big."
        if isinstance(node, ast.ImportFrom):
            assert "*" not in {alias.name for alias in node.names}


@each_module
def test_only_the_workflow_sets_a_status(name):
    if level(name) != EVENTS or name.startswith("events.workflow"):
        return
    targets = [
        target
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    assert not [target for target in targets if isinstance(target, ast.Attribute) and target.attr == "status"]
    calls = [
        node for node in ast.walk(tree(name)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    updates = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "update"]
    assert not [call for call in updates if "status" in {keyword.arg for keyword in call.keywords}]


@each_module
def test_no_rule_hangs_on_a_signal(name):
    heard = {"django.db.models.signals", "django.dispatch"} & set(imports(name))
    # Triggers and indexes are made when a migration says that it is done; that is no rule about records.
    assert not heard or name.endswith(".apps") or name in {"osint.base.guards", "osint.base.trigrams"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_file_is_small_enough_to_read(name):
    lines = len(MODULES[name].read_text().splitlines())
    assert lines <= LONGEST, f"{name} has {lines} lines. Make it a package of the same name."


@pytest.mark.parametrize("name", sorted(MODULES))
def test_every_module_says_what_it_is(name):
    if MODULES[name].read_text().strip():
        assert ast.get_docstring(tree(name)), f"{name} has no docstring."


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
