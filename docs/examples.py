"""Run the code of the documentation, page by page; with `--write`, renew the outputs shown.

    python docs/examples.py [--write] [--fetch] [PAGE ...]

Blocks of one page run in order, in one folder with `train.parquet`, `test.parquet`, `test.csv`,
`predictions.csv`, `churn.joblib` and a fitted `pipeline` (see `example_data.py`); a page that
opens no workspace has `ws` and `ev`. A block of Python shows what it prints and the value of its
last line, as a notebook does; a block of shell what its last command prints. A block of `text`
right after is that output: numbers may differ, and a line of `...` stands for lines left out.
Two comments before a block change that:

    <!-- not run: why -->
    <!-- exits 2 -->        the last command ends so, and its output is what it says on stderr

Blocks that are not run because the page `fetches its data` are run by `--fetch`, and only they.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import example_data
from click.testing import CliRunner

import mispredict
from mispredict.cli import main as program

ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_REMARK = re.compile(r"<!-- (?:not run: (?P<reason>[^>]+)|exits (?P<code>\d+)) -->\n+\Z")
_KINDS = ("python", "sh")
FETCHES = "fetches its data"
_NEEDS_A_NETWORK = ("guide/demos.md", "concepts/workspace.md")


@dataclass(frozen=True)
class Block:
    """A block of code on a page, with the output shown below it, if any."""

    kind: str
    code: str
    line: int
    reason: str = ""
    exit_code: int = 0
    output: str | None = None
    span: tuple[int, int] = (0, 0)


def pages() -> list[Path]:
    """The pages whose code is run, if they have any."""
    folders = ("guide", "concepts")
    found = [path for name in folders for path in sorted((ROOT / "docs" / name).glob("*.md"))]
    here = [
        path for path in found if path.relative_to(ROOT / "docs").as_posix() not in _NEEDS_A_NETWORK
    ]
    return [path for path in [ROOT / "README.md", *here] if blocks(path.read_text("utf-8"))]


def blocks(text: str) -> list[Block]:
    """Blocks of Python and shell on a page, in order."""
    fences = list(_FENCE.finditer(text))
    return [
        _block(text, fence, after)
        for fence, after in zip_longest(fences, fences[1:])
        if fence[1] in _KINDS
    ]


def run(page: Path, folder: Path, *, reason: str = "") -> list[tuple[Block, str]]:
    """Each block that is run with what it printed; or each that is not, for this reason."""
    example_data.write(folder)
    names: dict[str, Any] = {"__name__": "page", "pipeline": example_data.pipeline()}
    text = page.read_text(encoding="utf-8")
    found = []
    with contextlib.chdir(folder):
        if "mp.open(" not in text and "ev." in text:
            names |= _evaluated()
        for block in blocks(text):
            if block.reason == reason:
                printed = _run(block, page, names)
                found.append((block, printed.replace(f"{folder.resolve()}{os.sep}", "")))
    return found


def agrees(shown: str, printed: str) -> bool:
    """Whether the output shown is what was printed, but for numbers and lines left out."""
    parts = [re.escape(_masked(part)) for part in re.split(r"^\.\.\.$", shown, flags=re.MULTILINE)]
    return re.fullmatch("(?:.*)".join(parts), _masked(printed), re.DOTALL) is not None


def renewed(text: str, results: list[tuple[Block, str]]) -> str:
    """The page with the outputs that were printed now; where lines are left out, line by line."""
    for block, printed in reversed(results):
        if block.output is not None:
            start, end = block.span
            text = text[:start] + _renewed(block.output, _trimmed(printed)) + text[end:]
    return text


def _renewed(shown: str, printed: str) -> str:
    lines = shown.splitlines()
    if "..." not in lines:
        return printed
    fresh = {_masked(line): line for line in reversed(printed.splitlines())}
    return "".join(f"{fresh.get(_masked(line), line)}\n" for line in lines)


def _evaluated() -> dict[str, Any]:
    """What pages that do not open a workspace take for granted."""
    ws = mispredict.open()
    ws.add_dataset("churn", "test.parquet", label="Exited")
    ws.add_model("gbm", example_data.pipeline())
    return {"mp": mispredict, "ws": ws, "ev": ws.evaluate("gbm", "churn")}


def _block(text: str, fence: re.Match[str], after: re.Match[str] | None) -> Block:
    remark = _REMARK.search(text[: fence.start()])
    shown = after if after is not None and after[1] == "text" else None
    if shown is not None and text[fence.end() : shown.start()].strip():
        shown = None
    return Block(
        kind=fence[1],
        code=fence[2],
        line=text.count("\n", 0, fence.start()) + 2,
        reason=(remark["reason"] or "") if remark else "",
        exit_code=int(remark["code"] or 0) if remark else 0,
        output=shown[2] if shown else None,
        span=shown.span(2) if shown else (0, 0),
    )


def _run(block: Block, page: Path, names: dict[str, Any]) -> str:
    if block.kind == "sh":
        *before, last = _commands(block.code)
        for words in before:
            _command(words, 0)
        return _command(last, block.exit_code)
    return _python(block, page, names)


def _python(block: Block, page: Path, names: dict[str, Any]) -> str:
    tree = ast.parse("\n" * (block.line - 1) + block.code, str(page))
    is_shown = isinstance(tree.body[-1], ast.Expr) and not block.code.rstrip().endswith(";")
    last = tree.body.pop() if is_shown else None
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(tree, str(page), "exec", dont_inherit=True), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), str(page), "eval"), names)
            if value is not None:
                print(value if not isinstance(value, str) else repr(value))
    return out.getvalue()


def _commands(code: str) -> Iterator[list[str]]:
    for line in code.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words and words[0] != "mispredict":
            raise ValueError(f"only `mispredict` is run, not {line!r}: say <!-- not run: why -->")
        if words:
            yield words[1:]


def _command(words: list[str], exit_code: int) -> str:
    """What a command prints, called in this process."""
    result = CliRunner(env={"COLUMNS": "100"}).invoke(program, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code != exit_code:
        raise RuntimeError(f"mispredict {shlex.join(words)} ended with {result.output}")
    return result.stderr if exit_code else result.stdout


def _masked(text: str) -> str:
    return " ".join(re.sub(r"[-−+]?\d[\d,.:e]*", "#", text).replace("-", "").split())


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()) + "\n"


def _write(page: Path, before: str, results: list[tuple[Block, str]]) -> None:
    """Renew a page, unless somebody has edited it while its code ran."""
    if page.read_text(encoding="utf-8") != before:
        print(f"{page.relative_to(ROOT)} was edited meanwhile: left as it is")
        return
    page.write_text(renewed(before, results), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Exit code: 1 if an output shown is not what is printed."""
    wrong = 0
    wanted = [Path(item).resolve() for item in arguments if not item.startswith("-")] or pages()
    os.environ.pop("MISPREDICT_WORKSPACE", None)
    reason = FETCHES if "--fetch" in arguments else ""
    for page in wanted:
        before = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            results = run(page, Path(folder), reason=reason)
        if "--write" in arguments:
            _write(page, before, results)
            continue
        for block, printed in results:
            if block.output is not None and not agrees(block.output, printed):
                wrong += 1
                print(f"{page.relative_to(ROOT)}:{block.line} prints\n{_trimmed(printed)}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
