"""A share is said in one way everywhere: by `per_cent`, which does not round what is not all to all."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def shares(tree: ast.AST) -> Iterator[int]:
    """Lines in which a share is made by hand: f"{x:.0%}", f"{x} %" and `x * 100 // y`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            spec = "".join(str(one.value) for one in node.format_spec.values if isinstance(one, ast.Constant))
            if spec.endswith("%") and not spec.startswith("%"):
                yield node.lineno
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv) and "* 100 //" in ast.unparse(node):
            yield node.lineno


def test_no_share_is_made_by_hand() -> None:
    assert list(shares(ast.parse('f"{x:.0%}"'))) == list(shares(ast.parse("x * 100 // y"))) == [1], "it would be found"
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("bot", "handlers", "storage")
        for path in (ROOT / folder).rglob("*.py")
        for line in shares(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []
