"""How fast licet answers, as whole processes: `python tests/benchmarks/bench.py [RUNS]`.

Start-up is given as ratios to `python -c pass` in the same run, since machines differ and are noisy; what grows is given for
1,000 and 10,000 components (500 distinct). Nothing here passes or fails.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = str(ROOT / "examples" / "01-support-bot")
ENV = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
LICET = [sys.executable, "-m", "licet"]
SCRIPT = Path(sys.executable).with_name("licet")
if SCRIPT.exists():
    LICET = [str(SCRIPT)]

COMMANDS = {
    "python -c pass": ([sys.executable, "-c", "pass"], None),
    "licet --version": ([*LICET, "--version"], 7),
    "licet check -f json": ([*LICET, "check", EXAMPLE, "--offline", "-f", "json"], 12),
    "licet check": ([*LICET, "check", EXAMPLE, "--offline"], 15),
    "licet explain llama-3": ([*LICET, "explain", "llama-3"], None),
    "licet rules list": ([*LICET, "rules", "list"], None),
}


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def startup(runs: int) -> None:
    """All commands in turn, so that a slow moment slows them alike."""
    for command, _ in COMMANDS.values():
        seconds(command)
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        for name, (command, _) in COMMANDS.items():
            taken[name].append(seconds(command))
    base = statistics.median(taken["python -c pass"])
    print(f"{'command':24} {'median ms':>10} {'× pass':>7} {'aim':>5}   ({runs} runs)")
    for name, (_, aim) in COMMANDS.items():
        median = statistics.median(taken[name])
        print(f"{name:24} {median * 1000:10.1f} {median / base:7.1f} {f'≤ {aim}' if aim else '':>5}")


def manifest(components: int, distinct: int, folder: Path) -> None:
    """Known models first, then unknown ones up to `distinct` ids, again with other revisions up to `components`."""
    from licet.rulebase import open_rules

    known = [id_ for entry in open_rules().catalog.entries("model") for id_ in entry.ids]
    ids = (known + [f"acme/model-{number}" for number in range(distinct)])[:distinct]
    lines = ["use: {actions: [commercial-use, modify, host], monthly_active_users: 2000000, fields: []}", "models:"]
    lines += [f"  - {{id: {ids[number % distinct]}, revision: r{number // distinct}}}" for number in range(components)]
    (folder / "licet.yaml").write_text("\n".join(lines), encoding="utf-8")


def scale(components: int, form: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        manifest(components, 500, Path(folder))
        start = time.perf_counter()
        process = subprocess.Popen([*LICET, "check", folder, "-f", form], env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - start
    peak = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    print(f"{components:6,} components, {form:5}  {taken:6.2f} s  {taken / components * 1e6:6.0f} µs each  {peak:5.0f} MB")


def main() -> None:
    startup(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
    print()
    for form in ("json", "table"):
        for components in (1000, 10_000):
            scale(components, form)


if __name__ == "__main__":
    main()
