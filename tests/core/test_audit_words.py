"""Whatever a service writes in the audit log has a Swedish word there."""

import ast
from pathlib import Path

from core.audit_words import ACTIONS, ENTITIES, KINDS, EventKind

CORE = Path(__file__).parents[2] / "core"


def called(name):
    """Yield every call of a function by its name, in the services, imports, demo and pages."""
    folders = [CORE / "services", CORE / "imports", CORE / "demo", CORE.parent / "pages"]
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                called_name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if called_name == name:
                    yield node


def texts(nodes):
    """Return the texts among some arguments, also first in a tuple."""
    first = [n.elts[0] if isinstance(n, ast.Tuple) and n.elts else n for n in nodes]
    return {n.value for n in first if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_every_action_that_a_service_writes_has_a_word():
    actions = {text for call in called("Event") for text in texts(call.args[:1])}
    actions |= {text for call in called("_record") for text in texts(call.args[1:2])}

    assert len(actions) > 40
    assert actions - set(ACTIONS) == set()


def test_every_entity_that_a_service_writes_has_a_word():
    entities = {text for call in called("Event") for text in texts(call.args[1:2])}
    entities |= {text for call in called("seen_rows") for text in texts(call.args[1:2])}

    assert len(entities) > 20
    assert entities - set(ENTITIES) == set()


def test_every_kind_of_event_has_a_word():
    assert set(KINDS) == set(EventKind)
