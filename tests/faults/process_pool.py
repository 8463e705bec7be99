"""Where bots' processes come from: it has everything imported, and makes each by a fork in a few milliseconds.

An order is a line of JSON on its standard input, the answer a process id. Its end is the end of all of them.
"""

import contextlib
import gc
import json
import os
import signal
import sys
from typing import Any

import bot_process
from bot_process import Order
from time_scale import Pace


def main() -> None:
    gc.collect()
    gc.freeze()  # None of them goes through what was imported before it was born, a second of processor each time.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel then buries them
    born = []
    for line in sys.stdin:
        born.append(bear(json.loads(line)))
        print(born[-1], flush=True)
    for child in born:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def bear(order: dict[str, Any]) -> int:
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(f"{order['folder']}/{order['name']}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(0)
    code = 1
    try:
        bot_process.main(
            Order(
                **order
                | {"pace": Pace(**order["pace"]), "mutants": tuple(order["mutants"]), "spared": tuple(order["spared"])}
            )
        )
        code = 0
    except BaseException:  # noqa: BLE001 - it must not go on as a second process_pool
        sys.excepthook(*sys.exc_info())
    os._exit(code)


if __name__ == "__main__":
    main()
