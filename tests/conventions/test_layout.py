"""Where things stand, and what may reach what."""

import ast
import tomllib

from tests.conventions.sources import PACKAGES, ROOT, imported, modules

CORE = {
    "clock",
    "conditions",
    "db",
    "http",
    "ids",
    "jobs",
    "local_days",
    "log",
    "models",
    "money",
    "security",
    "texts",
    "settings",
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "base_utils"}
PRIVATE = {"models", "repository", "endpoints"}


def test_core_is_a_closed_list() -> None:
    found = {path.stem for path in (ROOT / "core").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert found - {"__init__"} == CORE


def test_the_contract_knows_every_package() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert contract["root_packages"] == list(PACKAGES)
    assert all("ignore_imports" not in rule for rule in contract["contracts"])


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [name for name in modules() if name.rpartition(".")[2] in VAGUE] == []


def test_nobody_reaches_into_another_part() -> None:
    wrong = []
    for name, tree in modules().items():
        own = name.split(".")[:2]
        if own[0] == "regulars":
            continue
        for target, line in imported(tree):
            parts = target.split(".")
            is_ours = parts[0] in ("tracking", "personalization", "loyalty", "crm")
            if is_ours and parts[:2] != own and PRIVATE & set(parts[2:3]):
                wrong.append(f"{name}:{line} imports {target}")
    assert wrong == []


def test_our_own_imports_stand_at_the_top() -> None:
    wrong = []
    for name, tree in modules().items():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
            wrong.extend(f"{name}:{line}" for target, line in imported(function) if target.split(".")[0] in PACKAGES)
    assert wrong == []


def test_transactions_begin_in_one_place() -> None:
    wrong = []
    for name, tree in modules().items():
        if name in ("core.db", "regulars.schema") or name.startswith("demo."):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("begin", "begin_nested")
            ):
                wrong.append(f"{name}:{node.lineno}")
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("BEGIN "):
                wrong.append(f"{name}:{node.lineno}")
    assert wrong == []


def test_only_the_clock_reads_the_system_clock() -> None:
    wrong = []
    for name, tree in modules().items():
        if name == "core.clock" or name.startswith("demo."):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "time.time",
                "time.time_ns",
                "datetime.now",
                "datetime.utcnow",
                "date.today",
            ):
                wrong.append(f"{name}:{node.lineno}")
    assert wrong == []


def test_no_test_sleeps() -> None:
    wrong = []
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("time.sleep", "asyncio.sleep", "sleep"):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []
