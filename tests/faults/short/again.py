"""Runs a script as often as it is killed: what it imports is imported once, and each run is a fork of that.

As a program, `again.py SCRIPT DESCRIPTOR`, it is what is forked: at the socket it gets a run's arguments and the pipe
for what it prints, and says the process id and then the status that it ended with.
"""

import contextlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[3]
LINE = 4096


class Run:
    """One run of the script. What it prints is read to its end before it is waited for."""

    def __init__(self, door: socket.socket, printed: int) -> None:
        self._door, self._turn, self._ended = door, threading.Lock(), False
        self.pid, self.returncode = int(door.recv(LINE)), 0
        self.stdout = os.fdopen(printed)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Less than 0 if a signal ended it: which."""
        with self._turn:
            if not self._ended:
                self.returncode, self._ended = int(self._door.recv(LINE)), True
        return self.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.wait()


class Script:
    """One run at a time."""

    def __init__(self, door: socket.socket) -> None:
        self._door = door

    def run(self, *arguments: object, **environment: str) -> Run:
        printed, prints = os.pipe()
        socket.send_fds(self._door, [json.dumps([list(map(str, arguments)), environment]).encode()], [prints])
        os.close(prints)
        return Run(self._door, printed)


@contextlib.contextmanager
def imported(script: Path) -> Iterator[Script]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, __file__, str(script), str(theirs.fileno())]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with ours, subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment) as process:
        theirs.close()
        yield Script(ours)
        ours.close()
        assert process.wait() == 0


def main(script: str, door: socket.socket) -> None:
    runpy.run_path(script, run_name="imported")
    while True:
        told, pipes, *_ = socket.recv_fds(door, LINE, 1)
        if not told:
            return
        child = os.fork()
        if child == 0:
            os.dup2(pipes[0], 1)
            os._exit(_run(script, *json.loads(told)))
        os.close(pipes[0])
        door.send(str(child).encode())
        _, status = os.waitpid(child, 0)
        door.send(str(os.waitstatus_to_exitcode(status)).encode())


def _run(script: str, arguments: list[str], environment: dict[str, str]) -> int:
    os.environ.update(environment)
    sys.argv = [script, *arguments]
    try:
        runpy.run_path(script, run_name="__main__")
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - it must not go on as a second one that is forked
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
