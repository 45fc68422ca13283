"""The commands `backup` and `restore` as an operator meets them."""

import pytest

from core import audit_files, db
from core.__main__ import main
from core.queries import cache
from tests.factories_cases import TODAY, world


@pytest.fixture
def w(store, today):
    today(TODAY)
    return world()


def said(capsys, *arguments):
    code = main(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_operator_is_told_what_was_checked_and_what_else_to_keep(
    w, tmp_path, capsys, monkeypatch
):
    copy = str(tmp_path / "copy.zip")
    code, out, _ = said(capsys, "backup", copy)
    assert code == 0
    assert f"Säkerhetskopian är skriven: {copy}" in out
    assert "Spara också nyckeln i RT_AUDIT_KEY" in out

    db.close()
    cache.clear()
    monkeypatch.setenv("RT_AUDIT_HEADS", str(tmp_path / "new.audit-heads"))
    monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{tmp_path}/new/new.db")
    code, out, _ = said(capsys, "restore", copy)
    assert code == 0
    assert "filen hel" in out
    assert "händelseloggen hel med 0 händelser" in out
    assert "Alla är utloggade" in out

    code, _, err = said(capsys, "restore", copy)
    assert code == 1
    assert "Det finns redan en databas" in err


def test_the_operator_is_told_where_the_key_lies(w, tmp_path, capsys, monkeypatch):
    key = audit_files.key_path()
    key.write_text(audit_files.key().decode() + "\n")
    monkeypatch.delenv("RT_AUDIT_KEY")
    try:
        _, out, _ = said(capsys, "backup", str(tmp_path / "copy.zip"))
    finally:
        key.unlink()
    assert f"Spara också {key}" in out


def test_a_place_that_cannot_be_written_is_told(w, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    code, _, err = said(capsys, "backup", str(tmp_path / "file" / "copy.zip"))

    assert code == 1
    assert "kunde inte skrivas" in err


def test_a_backup_that_cannot_be_read_is_told(w, tmp_path, capsys, monkeypatch):
    db.close()
    monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{tmp_path}/new/new.db")
    code, _, err = said(capsys, "restore", str(tmp_path))

    assert code == 1
    assert "kunde inte återställas" in err
