"""Property tests of the project itself: import direction, size, documentation, parity of generated files."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement

from tests.store_answers import EXTRA_KEYS
from vcanalysis.core.schema import dictionary

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "vcanalysis"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE = 350
LONGEST_FUNCTION = 40

# layer -> the layers it may import; arrows point down only
BELOW = {
    "core": {"core"},
    "intake": {"core", "intake"},
    "analysis": {"core", "analysis"},
    "output": {"core", "intake", "analysis", "output"},
    "": {"", "core", "intake", "analysis", "output"},
}
# library -> the only places that may import it
KEEPERS = {"papermill": ("output/run/",), "jinja2": ("output/",), "openpyxl": ("intake/", "output/")}
# the only places that may know the folder of what is published (records only reads it)
PUBLISHERS = (
    "output/disclosure",
    "output/records",
    "output/run",
    "output/briefing",
    "output/quarterly",
    "cli/",
)
TOP_LEVEL = {
    ".ci", ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile",
    "README.md", "benchmarks", "data", "docs", "environment.yml", "notebooks", "pyproject.toml", "reports",
    "requirements.lock", "tests", "vcanalysis", ".gitattributes", ".github",
}  # fmt: skip


def place(path):
    return path.relative_to(PACKAGE).as_posix()


def name_of(path):
    """Dotted name of a module inside the package, such as ``core.facts``."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path):
    """Every module imported anywhere in a file, with the names taken from it."""
    package = ["vcanalysis", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def public_functions(tree):
    """Public functions and methods of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def lines_of_code(function):
    """Lines of a function without its docstring."""
    body = function.body
    documented = ast.get_docstring(function) is not None
    first = body[1] if documented and len(body) > 1 else body[0]
    return function.end_lineno - first.lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_imports_point_down_only(path):
    layer = name_of(path).split(".")[0] if name_of(path).split(".")[0] in BELOW else ""
    inside = [name.split(".")[1:] for name in imports_of(path) if name.startswith("vcanalysis.")]
    layers = {parts[0] if parts[0] in BELOW else "" for parts in inside if parts}
    if layer:
        wrong = (layers - {""}) - BELOW[layer]
        assert not wrong, f"{place(path)} imports from {sorted(wrong)}, which is not below {layer}"
    top = [parts[0] for parts in inside if layer and parts[0] in {"cli", "__main__"}]
    assert not top, f"{place(path)} imports the command line"


@pytest.mark.parametrize("path", [p for p in MODULES if place(p).startswith("analysis/")], ids=place)
def test_an_analysis_imports_no_other_analysis(path):
    own = name_of(path).split(".")[1:2]
    others = {
        name.split(".")[2]
        for name in imports_of(path)
        if name.startswith("vcanalysis.analysis.") and name.split(".")[2:3] != own
    }
    assert not others or not own, f"{place(path)} imports the analysis {sorted(others)}"


@pytest.mark.parametrize("library", KEEPERS)
def test_a_library_stays_where_it_belongs(library):
    users = {
        place(path) for path in MODULES if any(name.split(".")[0] == library for name in imports_of(path))
    }
    strangers = {user for user in users if not user.startswith(KEEPERS[library])}
    assert not strangers, f"{library} belongs in {KEEPERS[library]} only"


def test_only_the_door_and_the_runner_write_what_is_published():
    users = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if text == "publish" or re.fullmatch(r"publish/[\w./*-]*", text):
                    users.add(place(path))
    assert not {user for user in users if not user.startswith(PUBLISHERS)}


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_module_is_short_documented_and_named_for_what_it_studies(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= LONGEST_MODULE, f"{place(path)} has more than {LONGEST_MODULE} lines"
    assert path.stem not in {"utils", "utilities", "helpers", "misc", "common", "tools"}
    if text.strip():
        assert ast.get_docstring(tree), f"{place(path)} does not say what it is"
    bare = [f.name for f in public_functions(tree) if not ast.get_docstring(f)]
    # one-line properties and methods of private classes explain themselves by the class
    private = {
        m.name
        for c in ast.walk(tree)
        if isinstance(c, ast.ClassDef) and c.name.startswith("_")
        for m in c.body
        if isinstance(m, ast.FunctionDef)
    }
    nested = {
        inner.name
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.FunctionDef) and inner is not outer
    }
    assert not set(bare) - private - nested, f"{place(path)}: no docstring for {sorted(bare)}"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_function_does_one_thing(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = {
        node.name: lines_of_code(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and lines_of_code(node) > LONGEST_FUNCTION
    }
    assert not long, f"{place(path)}: longer than {LONGEST_FUNCTION} lines: {long}"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_every_module_can_be_imported_by_itself(path):
    name = ".".join(part for part in ("vcanalysis", name_of(path)) if part)
    if not name.endswith("__main__"):
        assert inspect.ismodule(importlib.import_module(name))


def requirements():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for group in project["optional-dependencies"].values() for line in group]
    return (
        [Requirement(line) for line in project["dependencies"]],
        [Requirement(line) for line in extras],
        project["requires-python"],
    )


def conda_requirements():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    listed = environment["dependencies"]
    by_pip = next((entry["pip"] for entry in listed if isinstance(entry, dict)), [])
    assert "-e ." in by_pip, "the package itself is not installed"
    lines = [entry for entry in listed if isinstance(entry, str)] + [e for e in by_pip if e != "-e ."]
    return {r.name: r for r in map(Requirement, lines)}


def test_the_conda_environment_asks_for_what_pyproject_asks_for():
    conda = conda_requirements()
    runtime, extra, python = requirements()
    for wanted in [*runtime, *extra]:
        assert wanted.name in conda, f"{wanted.name} is missing; run: make environment.yml"
        assert conda[wanted.name].specifier == wanted.specifier, f"{wanted.name}; run: make environment.yml"
    assert str(conda["python"].specifier) == python
    assert set(conda) - {r.name for r in [*runtime, *extra]} == {"python", "pip"}


def test_the_conda_environment_holds_what_a_notebook_user_expects():
    expected = {"jupyterlab", "pandas", "statsmodels", "scikit-learn", "seaborn", "papermill", "nbval"}
    assert expected <= set(conda_requirements())


def locked():
    """Versions in the lock file with their markers: name -> [(version, marker)]."""
    found = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        match = re.match(r"([\w.-]+)==([^ ;\\]+)(?: ; ([^\\]+))?", line)
        if match:
            found.setdefault(match[1], []).append((match[2], match[3]))
    return found


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_the_lock_has_one_version_of_each_requirement_for_each_python(python):
    versions = locked()
    runtime, extra, _ = requirements()
    here = {"python_version": python, "python_full_version": f"{python}.6", "sys_platform": "linux"}
    for wanted in [*runtime, *extra]:
        fitting = [v for v, marker in versions[wanted.name] if not marker or Marker(marker).evaluate(here)]
        assert len(fitting) == 1, f"{wanted.name} on Python {python}: {fitting}; run: make lock"
        assert wanted.specifier.contains(fitting[0], prereleases=True), f"{wanted.name}; run: make lock"


def test_the_lock_names_no_machine_and_every_entry_has_a_hash():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=[a-z0-9])", text.partition("\n")[2])
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_hook_and_the_script_strip_the_same_keys():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0][
        "hooks"
    ]
    strip = next(hook for hook in hooks if hook["id"] == "nbstripout")
    assert strip["args"][1].split() == EXTRA_KEYS.split()
    assert "--keep-count" in strip["entry"]


def test_the_data_dictionary_is_the_schema():
    written = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert written == dictionary(), "data/README.md is out of date; run: make data"


def tracked():
    """Files under version control; skipped outside a clone."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a clone: no list of files")
    return [Path(name) for name in listed.stdout.split("\0") if name]


def test_the_top_level_stays_small():
    assert {path.parts[0] for path in tracked()} <= TOP_LEVEL


def test_no_file_names_a_machine_or_holds_a_key():
    # written so that this file does not find itself
    wrong = re.compile(r"/(?:root|work|home|Users)/(?!<)\w|-----BEGIN [A-Z ]*PRIVATE" + " KEY")
    found = []
    for path in tracked():
        if (
            path.suffix in {".parquet", ".png", ".pdf", ".docx", ".xlsx", ".lock"}
            or not (ROOT / path).is_file()
        ):
            continue
        text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
        found += [f"{path}: {match[0]}" for match in wrong.finditer(text)]
    assert not found


def test_nothing_private_is_tracked():
    private = [p for p in tracked() if p.parts[:2] == ("data", "private") or p.suffix in {".key", ".pem"}]
    runs = [p for p in tracked() if p.parts[0] == "reports" and p.parts[1] not in {"README.md", "example"}]
    assert not private
    assert not runs


def test_the_readme_fits_one_screen_and_its_links_lead_somewhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    words = re.findall(r"\b[\w'-]+\b", re.sub(r"\]\([^)]*\)", "]", text))
    assert len(words) <= 450, f"{len(words)} words"
    local = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert not [link for link in local if not (ROOT / link).exists()]


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda p: p.name)
def test_a_decision_is_short_numbered_and_complete(path):
    text = path.read_text(encoding="utf-8")
    assert re.match(r"\d{4}-[a-z0-9-]+\.md", path.name)
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert len(text.splitlines()) <= 40
    assert all(part in text for part in ("## Context", "## Decision", "## Consequences"))
