"""The project's own source, parsed once for the conventions."""

import ast
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "demo",
    "regulars",
    "storefront_plugin",
    "console",
    "tasks",
    "crm",
    "loyalty",
    "personalization",
    "tracking",
    "core",
)


@lru_cache(maxsize=1)
def modules() -> dict[str, ast.Module]:
    """Every module of the packages by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "node_modules" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found[name] = ast.parse(path.read_text())
    return found


def imported(tree: ast.AST) -> list[tuple[str, int]]:
    """The dotted names a tree imports, with their lines."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.extend((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.extend((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
    return names
