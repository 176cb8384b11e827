"""How much memory a process and all below it take."""

from pathlib import Path


def proportional(pid: int) -> int:
    """Return the bytes of *pid* and its descendants, what they share counted once (PSS)."""
    return sum(_pss(each) for each in _family(pid))


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:  # it has just ended
                continue
    return found


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
