"""Rules of import that a list of contracts can't say; the contracts themselves stand in pyproject.toml."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import sluice

PACKAGE = Path(sluice.__file__).parent
CHILD = PACKAGE / "workers/child"
CHILD_MAY_IMPORT = {"numpy", "ml_dtypes", "onnx", "onnxruntime", "orjson", "packaging", "pydantic_core", "PIL"}
CHILD_MAY_SHARE = ("sluice.tensors", "sluice.workers.messages", "sluice.workers.encoding", "sluice.workers.child")


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of each module (or name in it) that the file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_a_worker_process_imports_little():
    strange = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in CHILD.rglob("*.py")
        for name in imports(path)
        if not name.startswith(CHILD_MAY_SHARE) and name.split(".")[0] not in CHILD_MAY_IMPORT | sys.stdlib_module_names
    }
    assert strange == set()


def test_dialects_never_import_one_another():
    dialects = [folder for folder in (PACKAGE / "api").iterdir() if (folder / "__init__.py").exists()]
    assert dialects
    strange = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for dialect in dialects
        for other in dialects
        if other != dialect
        for path in dialect.rglob("*.py")
        for name in imports(path)
        if name.startswith(f"sluice.api.{other.name}.")
    }
    assert strange == set()


def test_only_the_settings_read_the_environment():
    # A worker process gets an environment made for it; what it sets there is for libraries.
    readers = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if CHILD not in path.parents
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv")
    }
    assert readers == {"settings.py"}


def test_only_one_module_reads_onnx_files():
    readers = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        for name in imports(path)
        if name.split(".")[0] == "onnx"
    }
    assert len(readers) <= 1


def test_a_start_imports_nothing_that_waits_for_its_use():
    # Each of them would take a hundredth of the time to the first answer, or more.
    start = (
        "import inspect, json, sys, sluice.serving, sluice.storage.importing as importing;"
        "importing.import_tortoise(); began_without = 'sluice.app' not in sys.modules;"
        "import sluice.app, sluice.server;"
        "print(json.dumps([began_without, list(sys.modules), len(inspect.getsource(importing))]))"
    )
    ran = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=True)
    began_without, imported, source_chars = json.loads(ran.stdout)
    assert began_without
    assert not {"asyncpg", "cryptography", "onnxruntime", "numpy"} & set(imported)
    assert source_chars
