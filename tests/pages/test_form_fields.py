"""A field in a form has a key, so that what is typed stays when its suggestion or choices change.

Without one Streamlit knows a field by its label, its suggestion and its choices: when somebody else
saves, it is another field, and what was typed in it is lost.
"""

import ast
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "pages"
FIELDS = {
    "checkbox",
    "date_input",
    "multiselect",
    "number_input",
    "pills",
    "radio",
    "segmented_control",
    "selectbox",
    "text_area",
    "text_input",
    "time_input",
    "toggle",
}
WITH_FORMS = sorted(
    path for path in PAGES.rglob("*.py") if "submit_key(" in path.read_text(encoding="utf-8")
)


def fields(path):
    """Return the calls in a file that draw a field."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            drawn_by = node.func.value
            if node.func.attr in FIELDS and isinstance(drawn_by, ast.Name) and drawn_by.id == "st":
                yield node


def test_there_are_forms_to_look_at():
    assert sum(1 for path in WITH_FORMS for _ in fields(path)) > 100


@pytest.mark.parametrize("path", WITH_FORMS, ids=lambda path: path.stem)
def test_every_field_in_a_file_with_forms_has_a_key(path):
    keyless = [
        (call.lineno, ast.unparse(call.args[0]) if call.args else call.func.attr)
        for call in fields(path)
        if not any(keyword.arg in {"key", None} for keyword in call.keywords)
    ]

    assert keyless == []
