"""The README tells all that an operator needs, and nothing that isn't there."""

import re
import shlex
from pathlib import Path

import pytest

from core.__main__ import parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def requirements(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [re.split(r"[=\[;]", line)[0] for line in lines if line and line[0] not in "#-"]


@pytest.mark.parametrize(
    "setting",
    sorted(set(re.findall(r"RT_[A-Z_]+", (ROOT / "core/config.py").read_text(encoding="utf-8")))),
)
def test_every_setting_is_documented(setting):
    assert f"`{setting}`" in README


@pytest.mark.parametrize("library", requirements("requirements.txt"))
def test_every_library_is_named_with_its_reason(library):
    assert library.lower() in README.lower()


@pytest.mark.parametrize("library", requirements("requirements-dev.txt"))
def test_every_tool_is_named_with_its_reason(library):
    assert library.lower() in README.lower()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_library_is_pinned(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert all("==" in line for line in lines if line and line[0] not in "#-")


@pytest.mark.parametrize("command", sorted(set(re.findall(r"make ([a-z]+)", README))))
def test_every_make_command_named_exists(command):
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "line",
    [line for line in re.findall(r"python -m core ([a-z][^`\n]+)", README) if line != "user add"],
    ids=str,
)
def test_every_command_line_named_can_be_parsed(line):
    assert parser().parse_args(shlex.split(line)).command == line.split()[0]
