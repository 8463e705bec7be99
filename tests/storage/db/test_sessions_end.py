"""A session is the next transaction's once its own has ended (`storage/db/kept.py`): nobody keeps one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCES = [
    path
    for folder in ("bot", "handlers", "storage")
    for path in (ROOT / folder).rglob("*.py")
    if path.relative_to(ROOT).parts[:2] != ("bot", "sandbox")
]
BEGINNINGS = {"begin", "read", "look", "transaction"}
TASKS = {"create_task", "ensure_future", "to_thread"}


_BEGINS = re.compile(rf"\.(?:{'|'.join(BEGINNINGS)})\(")
_SESSION = re.compile(r"\btx\b|\bAsyncSession\b")


def kept_in(code: str) -> Iterator[tuple[int, str]]:
    """Where a session outlives its transaction, or may: by line and how."""
    begins = _BEGINS.search(code) is not None
    if not begins and _SESSION.search(code) is None:
        return  # as three of five files: to take them apart costs most
    tree = ast.parse(code)
    for one in ast.walk(tree):
        match one:
            case ast.Assign(targets=targets, value=ast.Name(id="tx")):
                if any(isinstance(target, ast.Attribute | ast.Subscript) for target in targets):
                    yield one.lineno, "is kept on an object"
            case ast.AnnAssign(target=ast.Name(), annotation=ast.Name(id="AsyncSession"), value=None):
                yield one.lineno, "is a field"
            case ast.Call(func=ast.Attribute(attr=name), args=args) if name in TASKS:
                if any(isinstance(part, ast.Name) and part.id == "tx" for arg in args for part in ast.walk(arg)):
                    yield one.lineno, "is given to a task"
            case ast.FunctionDef() | ast.AsyncFunctionDef() if begins:
                yield from _used_after(one)


def _used_after(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[int, str]]:
    own = [*_own(function)]
    blocks = [(name, block) for block in own if isinstance(block, ast.AsyncWith) for name in _named(block)]
    if not blocks:
        return
    for use in own:
        if isinstance(use, ast.Name) and isinstance(use.ctx, ast.Load):
            of = [block for name, block in blocks if name == use.id]
            within = any(block.lineno <= use.lineno <= (block.end_lineno or 0) for block in of)
            if not within and any((block.end_lineno or 0) < use.lineno for block in of):
                yield use.lineno, "is used behind its transaction"


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """All parts but those of functions within, whose names are their own."""
    for part in ast.iter_child_nodes(function):
        if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield part
            yield from _own(part)


def _last_name(called: ast.expr) -> str:
    match called:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def _named(block: ast.AsyncWith) -> Iterator[str]:
    for item in block.items:
        call = item.context_expr
        begins = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in BEGINNINGS
        if begins and isinstance(item.optional_vars, ast.Name):
            yield item.optional_vars.id


def test_no_session_is_kept_beyond_its_transaction() -> None:
    found = [f"{path.relative_to(ROOT)}:{line} {how}" for path in SOURCES for line, how in kept_in(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("async def f(db):\n async with db.read() as tx:\n  await g(tx)\n return await h(tx)", [4]),
        ("async def f(db):\n async with db.begin() as tx:\n  await g(tx)\n return every_added(tx)", [4]),
        ("async def f(db):\n async with db.read() as tx:\n  pass\n async with db.read() as tx:\n  await g(tx)", []),
        ("async def f(self, tx):\n self.tx = tx", [2]),
        ("async def f(tx):\n asyncio.create_task(g(tx))", [2]),
        ("class Kept:\n tx: AsyncSession", [2]),
    ],
)
def test_what_keeps_one_is_found(code: str, lines: list[int]) -> None:
    assert [line for line, _ in kept_in(code)] == lines
