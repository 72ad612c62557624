"""Scripts that try to get out of their process, each as a test: it fails, the server and its neighbours go on."""

from __future__ import annotations

from pathlib import Path

from reliability.row import Asked, Outcome, Row, main
from reliability.tested import tested

_FEWEST = 50


def measure(asked: Asked, folder: Path) -> Outcome:
    """Run the tests; in short and in full they are the same."""
    tests = Path(__file__).parents[1] / "tests"
    files = sorted(str(file.relative_to(tests)) for file in tests.glob("integration/test_*hostile*.py"))
    ran = tested(folder, *files)
    wrongs = list(ran.wrongs)
    if len(ran.names) < _FEWEST:
        wrongs.append(f"there are {len(ran.names)} of them only, not {_FEWEST}")
    return Outcome(f"{len(ran.names)} attacks, {len(ran.wrongs)} of them not as they should be", wrongs)


ROW = Row("hostile scripts", "50 and more, 0 escapes, server alive, neighbours unharmed", measure)

if __name__ == "__main__":
    main(ROW)
