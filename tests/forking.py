"""A desk that has everything imported and forks for each command, so that a test of the terminal need not wait a second
for imports: `python tests/forking.py`, a JSON request a line on its standard input. It ends with that.

A command runs in a process of its own, in the environment, folder and files it is given, as one started anew would.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.__main__ import main
from bot.commands import MODULES


def serve() -> None:
    """Forks for each request: `arguments`, `environment`, `cwd`, and a `folder` with `given`, where `out`, `err` and at
    last `code` (what Popen.returncode would be) are written."""
    for module in MODULES.values():
        import_module(f"bot.commands.{module}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        if os.fork() == 0:
            _watch(json.loads(line))


def _watch(request: dict[str, Any]) -> None:
    """Has the command run in a process of its own, and writes down how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    folder = Path(request["folder"])
    child = os.fork()
    if child == 0:
        _run(request, folder)
    (folder / "pid").write_text(str(child))
    _, status = os.waitpid(child, 0)
    (folder / "ending").write_text(str(os.waitstatus_to_exitcode(status)))
    (folder / "ending").rename(folder / "code")
    os._exit(0)


def _run(request: dict[str, Any], folder: Path) -> None:
    code = 1
    try:
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["environment"])
        for number, name, mode in ((0, "given", "r"), (1, "out", "w"), (2, "err", "w")):
            flags = os.O_RDONLY if mode == "r" else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            os.dup2(os.open(folder / name, flags), number)
        sys.stdin = open(0, encoding=sys.stdin.encoding, errors=sys.stdin.errors)  # noqa: SIM115
        sys.stdout, sys.stderr = open(1, "w", errors=sys.stdout.errors), open(2, "w", 1, errors=sys.stderr.errors)  # noqa: SIM115
        sys.argv = ["desk", *request["arguments"]]
        code = _code_of_main()
    except BaseException:  # as an interpreter would say it
        sys.excepthook(*sys.exc_info())
    finally:
        import atexit

        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def _code_of_main() -> int:
    try:
        main()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    serve()
