"""What a fresh server has ready before its first visitor."""

import logging
import sys

from pages.common import warm_up


def test_what_the_pages_import_is_imported_and_the_pages_are_not_run(tmp_path, monkeypatch):
    section = tmp_path / "section"
    section.mkdir()
    (section / "page.py").write_text(
        "import colorsys\nfrom wsgiref import validate\nimport no_such_module\nraise ValueError\n"
    )
    monkeypatch.setattr(warm_up, "PAGES", tmp_path)
    for name in ("colorsys", "wsgiref.validate"):
        sys.modules.pop(name, None)

    warm_up.import_what_pages_import()

    assert {"colorsys", "wsgiref.validate"} <= set(sys.modules)
    assert logging.root.manager.disable == logging.NOTSET


def test_names_and_modules_are_both_looked_for(tmp_path):
    page = tmp_path / "page.py"
    page.write_text("import json\nfrom core import db\nfrom core.auth import Role\n")

    assert warm_up.imported_names(page) == [
        "json",
        "core",
        "core.db",
        "core.auth",
        "core.auth.Role",
    ]
