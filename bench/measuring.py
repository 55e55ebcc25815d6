"""Runs commands in turn and says what they took.

Few imports: until it has called exec, a child process counts the memory of this one as its own, so this one stays
small.
"""
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
WORK = os.path.join(ROOT, ".build", "bench")
MIB = 1 << 20


class Measured:
    """One run: seconds on the clock and of processors, peak of resident memory in bytes."""

    def __init__(self, seconds, usage, errors):
        self.seconds, self.errors = seconds, errors
        self.processor = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def measure(command, stdin=None, stdout=None):
    """Runs a command, and what it starts, to its end; `stdin` and `stdout` are paths. A failure ends the benchmark.

    The processor time is that of the command and of all children that it has waited for.
    """
    error_path = os.path.join(WORK, "stderr")
    with open(stdin or os.devnull, "rb") as source, \
            open(stdout or os.devnull, "wb") as target, open(error_path, "wb") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdin=source, stdout=target, stderr=errors, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    with open(error_path, encoding="utf-8", errors="replace") as file:
        message = file.read()
    if process.returncode != 0:
        sys.exit(f"bench: exit {process.returncode} from {' '.join(command)}:\n{message[-2000:]}")
    return Measured(seconds, usage, message)


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


class Result:
    """All runs of one contender."""

    def __init__(self):
        self.runs = []

    @property
    def seconds(self):
        return median([run.seconds for run in self.runs])

    @property
    def processor(self):
        return median([run.processor for run in self.runs])

    @property
    def peak(self):
        return max(run.peak for run in self.runs)

    def against(self, other, what="processor"):
        """The median ratio of runs that were made in the same round: `processor` time, or `seconds` on the clock."""
        return median([getattr(mine, what) / getattr(theirs, what) for mine, theirs in zip(self.runs, other.runs)])


def take_turns(contenders, rounds):
    """`contenders`: name → function that makes one run. In each round every one has its turn."""
    results = {name: Result() for name in contenders}
    for number in range(rounds):
        for name, run in contenders.items():
            measured = run()
            results[name].runs.append(measured)
            print(f"  {name}, run {number + 1}: {measured.seconds:.3f} s "
                  f"({measured.processor:.3f} s of processors), {measured.peak / MIB:.0f} MiB",
                  file=sys.stderr)
    return results
