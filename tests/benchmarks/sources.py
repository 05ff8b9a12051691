"""How long the sources take, against stand-ins on this machine: `python -m tests.benchmarks.sources [MODELS] [PACKAGES]`.

1,000 models of a hub that answers after 50 ms: cold, from the cache, and offline, beside what the latency alone would take
(requests × 50 ms ÷ connections). A lock file of 300 packages of an index that does the same. Headers of sparse files of 10 GB.
Nothing here passes or fails.
"""

import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from licet.domain.component import Component
from licet.domain.facts import Context, Usage
from licet.domain.purl import Purl
from licet.errors import Location
from licet.resolution.hub_info import HubSettings
from licet.resolution.weight_header import read_header
from tests.standins.hub import COUNTS, hub_process
from tests.standins.index import StandInIndex, many_packages

ROOT = Path(__file__).resolve().parent.parent.parent
LATENCY = 0.05
DROPPED = ("VIRTUAL_ENV", "LICET_", "HF_", "PIP_", "PYTHONDONTWRITEBYTECODE")
ENV = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}


def run(folder: Path, env: Mapping[str, str], *options: str) -> tuple[float, float, int]:
    """Seconds, megabytes at the peak, exit code of one check."""
    command = [sys.executable, "-m", "licet", "check", str(folder), "-f", "json", "-o", str(folder / "out.json"), *options]
    start = time.perf_counter()
    process = subprocess.Popen(command, env={**ENV, "LICET_CACHE_DIR": str(folder / "cache"), **env}, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def show(title: str, figures: tuple[float, float, int], beside: str = "") -> None:
    seconds, megabytes, code = figures
    print(f"{title:34} {seconds:7.2f} s {megabytes:6.0f} MB  exit {code}  {beside}", flush=True)


def models(count: int) -> None:
    with hub_process(models=count, latency=LATENCY) as url, tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        with urllib.request.urlopen(f"{url}/api/models?limit={count}") as answer:  # noqa: S310 - the stand-in on this machine
            ids = [each["id"] for each in json.load(answer)]
        (folder / "licet.yaml").write_text("models:\n" + "".join(f"- {id_}\n" for id_ in ids), encoding="utf-8")
        env = {"HF_ENDPOINT": url, "HF_HOME": str(folder / "hf")}
        cold = run(folder, env)
        with urllib.request.urlopen(url + COUNTS) as answer:  # noqa: S310
            requests = json.load(answer)["requests"]
        least = requests * LATENCY / HubSettings().connections
        show(f"{len(ids):,} models, cold", cold, f"{requests:,} requests, latency alone {least:.1f} s: {cold[0] / least:.2f} ×")
        show("the same from the cache", run(folder, env))
        show("the same with --offline", run(folder, env, "--offline"))


def packages(count: int) -> None:
    projects = many_packages(count)
    with StandInIndex(projects, latency=LATENCY) as index, tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        names = [project.name for project in projects]
        lines = ["version = 1", "", "[[package]]", 'name = "root"', 'version = "1"', 'source = { virtual = "." }', "dependencies = ["]
        lines += [f'    {{ name = "{name}" }},' for name in names[::10]] + ["]"]
        for name in names:
            lines += ["", "[[package]]", f'name = "{name}"', 'version = "1.4"', 'source = { registry = "https://registry.example/simple" }']
        (folder / "uv.lock").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "licet.yaml").write_text("frameworks: [{lockfile: uv.lock}]\n", encoding="utf-8")
        env = {"PIP_INDEX_URL": index.url, "PIP_CONFIG_FILE": os.devnull}
        cold = run(folder, env)
        asked = len(index.log)
        show(f"uv.lock of {count} packages, cold", cold, f"{asked:,} requests")
        show("the same from the cache", run(folder, env))
        show("the same with --offline", run(folder, env, "--offline"))


def headers() -> None:
    """Sparse files of 10 GB: a GGUF with a tokenizer of 150,000 words, a safetensors file of 300 tensors."""
    with tempfile.TemporaryDirectory() as given:
        for name, head in (("model.gguf", _gguf()), ("model.safetensors", _safetensors())):
            path = Path(given, name)
            path.write_bytes(head)
            os.truncate(path, 10 * 1024**3)
            component = Component(
                id=name, kind="model", purl=Purl(type="generic", name=name), usage=Usage(actions=frozenset(), context=Context()), location=Location(file=name)
            )
            taken = []
            for _ in range(5):
                start = time.perf_counter()
                answer = read_header(path, name, component, "folder", lambda id_: (id_,))
                taken.append(time.perf_counter() - start)
            said = ", ".join(item.value for item in answer.evidence)
            print(f"{name:34} {taken[0] * 1000:7.1f} ms at first, {min(taken) * 1000:.1f} ms at best; says {said or 'nothing'}", flush=True)


def _gguf() -> bytes:
    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    words = 150_000
    tokens = text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, words) + b"".join(text(f"token{number}") for number in range(words))
    scores = text("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, words) + bytes(4 * words)
    license_ = text("general.license") + struct.pack("<I", 8) + text("apache-2.0")
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 3) + tokens + scores + license_


def _safetensors() -> bytes:
    tensors = {f"layers.{number}.weight": {"dtype": "BF16", "shape": [4096, 4096], "data_offsets": [0, 0]} for number in range(300)}
    head = json.dumps({"__metadata__": {"format": "pt", "license": "apache-2.0"}, **tensors}).encode()
    return struct.pack("<Q", len(head)) + head


def main() -> None:
    given = [int(word) for word in sys.argv[1:]] + [0, 0]
    headers()
    models(given[0] or 1000)
    packages(given[1] or 300)


if __name__ == "__main__":
    main()
