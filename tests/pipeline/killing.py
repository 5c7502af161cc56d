"""A process that kills itself in the middle of its work, as ``kill -9`` would."""

from __future__ import annotations

import subprocess
import sys

# ``killing(function, "name")`` kills the process before or after the second call, as the last argument says,
# such as "after row".
_KILLING = """
import os, signal, sys

seen = []

def killing(function, when):
    def called(*args):
        seen.append(when)
        if sys.argv[-1] == "before " + when and seen.count(when) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args)
        if sys.argv[-1] == "after " + when and seen.count(when) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return called
"""


def killed_at(step: str, script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a script that wraps some functions by ``killing``; it finds its arguments, and the step after them, in ``sys.argv``."""
    command = [sys.executable, "-c", _KILLING + script, *map(str, arguments), step]
    return subprocess.run(command, capture_output=True, text=True, check=False)
