"""What the repositories of the hub say, asked over real HTTP: what is fetched, what is kept, what is told where it fails."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from licet.rulebase import RuleBase
from tests.conftest import ROOT, Run
from tests.resolution.hubs import Bench
from tests.standins.hub import Commit, Repository, StandInHub, failing, hub_process

PINNED = "1" * 40
MIT = b"---\nlicense: mit\n---\n# Model\n"


def card(text: str) -> bytes:
    return f"---\n{text}\n---\n# Model\n".encode()


@pytest.fixture(scope="module")
def server() -> Iterator[StandInHub]:
    with StandInHub() as hub:
        yield hub


@pytest.fixture
def hub(server: StandInHub) -> Iterator[StandInHub]:
    server.behave()
    server.forget()
    server.put(Repository("acme/model", {"README.md": MIT}))
    yield server
    server.behave()


@pytest.fixture
def bench(tmp_path: Path, rules: RuleBase, hub: StandInHub) -> Bench:
    return Bench(tmp_path, rules, hub)


def online(hub: StandInHub, tmp_path: Path, **more: str) -> dict[str, str]:
    return {"LICET_OFFLINE": "0", "HF_ENDPOINT": hub.url, "LICET_CACHE_DIR": str(tmp_path / "cache"), **more}


# -- what is fetched ------------------------------------------------------------------------------------------------


def test_the_card_concludes_with_its_line_and_commit(bench: Bench) -> None:
    found = bench.check("acme/model").of("acme/model").resolution.conclusions[0]
    assert str(found.expression) == "MIT"
    assert found.by is not None
    assert (found.by.witness, found.by.location, len(found.by.revision)) == ("hub-card", "README.md:2", 40)


def test_weights_and_other_files_are_not_fetched(bench: Bench, hub: StandInHub) -> None:
    names = ["model.safetensors", "model.gguf", "tokenizer.json", "train.py", "LICENSE.py", "data/LICENSE", "a.license.json", "x/NOTICE"]
    hub.put(Repository("acme/big", {"README.md": MIT, **dict.fromkeys(names, b"x")}))
    bench.check("acme/big")
    assert [request.path.rpartition("/")[2] for request in hub.asked("/acme/big")] == ["README.md"]


@pytest.mark.parametrize(
    "name",
    ["LICENSE", "LICENSE.md", "license.txt", "LICENCE", "LICENSE-MODEL", "LICENSE_weights", "MODEL_LICENSE", "MODEL_LICENSE.md", "WEIGHTS_LICENSE", "COPYING", "LICENSE.model.md",
     "LICENSE.models", "LICENSE_MODELS", "LICENCE-SD-Turbo", "license", "model_licenses/LICENSE-SVD", "USE_POLICY.md", "NOTICE"],
)  # fmt: skip
def test_files_that_speak_of_the_license_are_fetched(bench: Bench, hub: StandInHub, name: str) -> None:
    hub.put(Repository("acme/texts", {"README.md": MIT, name: b"some text"}))
    bench.check("acme/texts")
    assert any(request.path.endswith(f"/{name}") for request in hub.asked("/acme/texts/resolve"))


def test_datasets_and_models_are_two_things(bench: Bench, hub: StandInHub) -> None:
    hub.put(Repository("acme/both", {"README.md": MIT}))
    hub.put(Repository("acme/both", {"README.md": card("license: cc-by-4.0")}, kind="dataset"))
    found = bench.check("models: [acme/both]\ndatasets: [acme/both]").report.components
    assert [str(each.resolution.conclusions[0].expression) for each in found] == ["MIT", "CC-BY-4.0"]


def test_a_pinned_commit_is_what_is_read(bench: Bench, hub: StandInHub) -> None:
    old, new = "a" * 40, "b" * 40
    hub.put(
        Repository("acme/moved", commits=[Commit({"README.md": card("license: cc-by-nc-4.0")}, id=old), Commit({"README.md": MIT}, id=new)], tags={"v1": old})
    )
    for revision, license_ in ((old, "CC-BY-NC-4.0"), (new, "MIT"), ("v1", "CC-BY-NC-4.0"), ("main", "MIT")):
        found = bench.check(f"models: [{{id: acme/moved, revision: {revision}}}]")
        assert found.license("acme/moved") == license_


def test_a_renamed_repository_is_followed_and_told(bench: Bench, hub: StandInHub) -> None:
    hub.put(Repository("acme/present", {"README.md": MIT}, renamed_from=["acme/past"]))
    found = bench.check("acme/past")
    assert found.license("acme/past") == "MIT"
    assert found.messages("acme/past", "renamed") == ["the hub has it as acme/present now"]


def test_a_gated_repository_tells_what_was_not_read(bench: Bench, hub: StandInHub) -> None:
    hub.put(Repository("acme/gated", {"README.md": card("license: llama3"), "LICENSE": b"text"}, gated="manual"))
    found = bench.check("acme/gated")
    assert found.license("acme/gated") == "llama-3"
    assert "LICENSE" in found.messages("acme/gated", "gated")[0]
    assert "license-text-missing" not in found.kinds("acme/gated")


def test_access_given_later_is_seen(bench: Bench, hub: StandInHub) -> None:
    repository = Repository("acme/opened", {"README.md": card("license: llama3"), "LICENSE": b"text"}, gated="auto", commits=())
    hub.put(repository)
    commit = bench.check("acme/opened").of("acme/opened").resolution.conclusions[0].by
    assert commit is not None
    pinned = f"models: [{{id: acme/opened, revision: {commit.revision}}}]"
    hub.put(Repository("acme/opened", {"README.md": card("license: llama3"), "LICENSE": b"text"}))
    bench.minutes = 6
    assert "gated" not in bench.check(pinned).kinds("acme/opened")


def test_what_the_hub_does_not_have_is_told(bench: Bench) -> None:
    found = bench.check("acme/nowhere")
    assert found.kinds("acme/nowhere") == {"unresolved", "unavailable"}
    assert (found.report.incomplete, found.report.exit_code) == ((), 1)


# -- what is kept ---------------------------------------------------------------------------------------------------


def test_a_branch_is_asked_for_again_after_a_while_and_its_texts_only_where_it_moved(bench: Bench, hub: StandInHub) -> None:
    bench.check("acme/model")
    first = len(hub.requests)
    bench.check("acme/model")
    assert len(hub.requests) == first
    bench.minutes = 6
    bench.check("acme/model")
    assert [request.path for request in hub.requests[first:]] == ["/api/models/acme/model"]
    hub.put(Repository("acme/model", {"README.md": card("license: cc-by-nc-4.0")}))
    bench.minutes = 12
    assert bench.check("acme/model").license("acme/model") == "CC-BY-NC-4.0"


def test_a_commit_is_never_asked_for_again(bench: Bench, hub: StandInHub) -> None:
    hub.put(Repository("acme/fixed", commits=[Commit({"README.md": MIT}, id=PINNED)]))
    manifest = f"models: [{{id: acme/fixed, revision: '{PINNED}'}}]"
    bench.check(manifest)
    hub.forget()
    bench.minutes = 1_000_000
    assert bench.check(manifest).license("acme/fixed") == "MIT"
    assert hub.requests == ()


def test_offline_what_was_fetched_is_used_at_any_age(bench: Bench, hub: StandInHub) -> None:
    bench.check("acme/model")
    hub.forget()
    bench.minutes = 1_000_000
    found = bench.check("acme/model", online=False)
    assert (found.license("acme/model"), found.report.exit_code, hub.requests) == ("MIT", 0, ())


def test_what_was_fetched_as_one_user_is_not_anothers(bench: Bench, hub: StandInHub) -> None:
    bench.check("acme/model")
    hub.forget()
    bench.check("acme/model", token="hf_other")
    assert hub.asked("/api/models/acme/model")


def test_a_damaged_entry_is_fetched_anew(bench: Bench, hub: StandInHub) -> None:
    bench.check("acme/model")
    for path in (bench.folder / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    hub.forget()
    assert bench.check("acme/model").license("acme/model") == "MIT"
    assert len(hub.requests) == 2


# -- partial failure ------------------------------------------------------------------------------------------------


def test_a_repository_that_names_no_license_is_known(bench: Bench, hub: StandInHub) -> None:
    hub.put(Repository("acme/silent", {"README.md": b"# Model\n"}))
    found = bench.check("acme/silent")
    assert found.kinds("acme/silent") == {"no-license"}
    assert "its card names no license, no license file" in found.messages("acme/silent", "no-license")[0]


def test_a_404_without_the_hubs_own_word_is_no_answer_of_the_hub(bench: Bench, hub: StandInHub) -> None:
    """A proxy, or an address that is no hub: what it has not says nothing of the hub."""
    hub.misbehave(failing(404), path="/api/models/acme/model")
    found = bench.check("acme/model")
    assert (found.kinds("acme/model"), found.report.exit_code) == ({"unreachable"}, 3)


def test_where_some_fail_the_rest_is_resolved(bench: Bench, hub: StandInHub) -> None:
    hub.put(Repository("acme/failing", {"README.md": MIT}))
    hub.misbehave(failing(500), path="/api/models/acme/failing")
    found = bench.check("acme/model, acme/failing")
    assert found.license("acme/model") == "MIT"
    assert found.report.incomplete == ("acme/failing",)
    assert found.report.exit_code == 3  # what could not be asked is no failure of the policy
    assert "unreachable" in found.kinds("acme/failing")


def test_what_the_catalog_knows_stands_but_is_incomplete(bench: Bench, hub: StandInHub) -> None:
    hub.misbehave(failing(500))
    found = bench.check("openai/whisper-large-v3")
    assert found.license("openai/whisper-large-v3") == "MIT"
    assert (found.report.incomplete, found.report.exit_code) == (("openai/whisper-large-v3",), 3)


def test_an_ancestor_that_fails_counts(bench: Bench, hub: StandInHub) -> None:
    hub.put(Repository("acme/child", {"README.md": card("license: mit\nbase_model: acme/parent")}))
    hub.misbehave(failing(500), path="/api/models/acme/parent")
    found = bench.check("acme/child")
    assert (found.report.incomplete, found.report.exit_code) == (("acme/child",), 3)
    assert "acme/parent" in found.messages("acme/child", "unreachable")[0]


def test_what_is_kept_stands_in_where_the_hub_fails(bench: Bench, hub: StandInHub) -> None:
    bench.check("acme/model")
    bench.minutes = 6
    hub.misbehave(failing(500))
    found = bench.check("acme/model")
    assert (found.license("acme/model"), found.report.exit_code) == ("MIT", 3)


# -- lineage --------------------------------------------------------------------------------------------------------


def test_ancestors_are_resolved_with_their_licenses(bench: Bench, hub: StandInHub) -> None:
    hub.put(Repository("acme/adapter", {"README.md": card("license: mit"), "adapter_config.json": b'{"base_model_name_or_path": "acme/tuned"}'}))
    hub.put(Repository("acme/tuned", {"README.md": card("license: mit\nbase_model: acme/base\nbase_model_relation: finetune\ndatasets: [acme/news]")}))
    hub.put(Repository("acme/base", {"README.md": card("license: cc-by-nc-4.0")}))
    hub.put(Repository("acme/news", {"README.md": card("license: cc-by-sa-4.0")}, kind="dataset"))
    found = bench.check("acme/adapter")
    assert found.ancestors("acme/adapter") == [("acme/tuned", "adapter", 1), ("acme/base", "finetune", 2), ("acme/news", "trained-on", 2)]
    licenses = [str(each.resolution.conclusions[0].expression) for each in found.of("acme/adapter").lineage]
    assert licenses == ["MIT", "CC-BY-NC-4.0", "CC-BY-SA-4.0"]


def test_a_cycle_ends(bench: Bench, hub: StandInHub) -> None:
    for one, other in (("a", "b"), ("b", "c"), ("c", "a")):
        hub.put(Repository(f"ring/{one}", {"README.md": card(f"license: mit\nbase_model: ring/{other}")}))
    assert bench.check("ring/a").ancestors("ring/a") == [("ring/b", "finetune", 1), ("ring/c", "finetune", 2), ("ring/a", "finetune", 3)]


def test_a_long_chain_ends(bench: Bench, hub: StandInHub) -> None:
    for number in range(30):
        hub.put(Repository(f"chain/m{number}", {"README.md": card(f"license: mit\nbase_model: chain/m{number + 1}")}))
    found = bench.check("chain/m0").ancestors("chain/m0")
    assert len(found) == 8 and found[-1] == ("chain/m8", "finetune", 8)


def test_a_shared_ancestor_is_asked_for_once(bench: Bench, hub: StandInHub) -> None:
    hub.put(Repository("acme/base", {"README.md": card("license: cc-by-nc-4.0")}))
    for name in ("one", "two"):
        hub.put(Repository(f"acme/{name}", {"README.md": card("license: mit\nbase_model: acme/base")}))
    hub.put(Repository("acme/merged", {"README.md": card("license: mit\nbase_model: [acme/one, acme/two]")}))
    found = bench.check("acme/merged, acme/one")
    assert found.ancestors("acme/merged") == [("acme/one", "merge", 1), ("acme/base", "finetune", 2), ("acme/two", "merge", 1), ("acme/base", "finetune", 2)]
    assert len(hub.asked("/api/models/acme/base")) == 1


# -- hostile repositories -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("readme", "kinds"),
    [
        (b"---\n- mit\n---\n", {"unreadable-metadata"}),
        (b"---\nlicense: [mit, apache-2.0]\n---\n", set()),
        (b"---\nlicense: null\n---\n", set()),
        (b"---\nlicense: 7\n---\n", {"unreadable-metadata"}),
        (b"---\nlicense: {mit: true}\n---\n", {"unreadable-metadata"}),
        (b"---\nlicense: 'mit\n---\n", {"unreadable-metadata"}),
        (b"---\nlicense: !!python/object:os.system mit\n---\n", {"unreadable-metadata"}),
        (b"---\na: &a [x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (n, n) for n in range(3)) + b"license: mit\nlicense: mit\n---\n", {"unreadable-metadata"}),
        (b"---\n" + b"x: [\n" * 5000 + b"\n---\n", {"unreadable-metadata"}),
        (b"---\n" + b"k: " + b"a" * 1_100_000 + b"\n---\n", {"unreadable-metadata"}),
        (b"---\nlicense: mit\n", {"unreadable-metadata"}),
        (b"", set()),
        (b"\0" * 5000, set()),
    ],
    ids=["list", "several", "null", "number", "mapping", "quote", "tag", "aliases", "deep", "long", "no end", "empty", "zeros"],
)  # fmt: skip
def test_front_matter_that_is_none(bench: Bench, hub: StandInHub, readme: bytes, kinds: set[str]) -> None:
    hub.put(Repository("bad/card", {"README.md": readme}))
    found = bench.check("bad/card")
    assert found.license("bad/card") is None
    assert kinds <= found.kinds("bad/card")
    assert found.report.exit_code == 1


@pytest.mark.parametrize("readme", [b"\xef\xbb\xbf" + MIT, MIT.decode().encode("utf-16"), MIT.replace(b"\n", b"\r\n"), b"\n\n" + MIT])
def test_front_matter_in_other_encodings(bench: Bench, hub: StandInHub, readme: bytes) -> None:
    hub.put(Repository("odd/card", {"README.md": readme}))
    assert bench.check("odd/card").license("odd/card") == "MIT"


def test_front_matter_of_50_mb(bench: Bench, hub: StandInHub) -> None:
    hub.put(Repository("bad/huge", {"README.md": b"---\nlicense: mit\nx: " + b"a" * 50_000_000}))
    found = bench.check("bad/huge")
    assert found.license("bad/huge") is None
    assert "larger than" in found.messages("bad/huge", "unreadable-metadata")[0]


@pytest.mark.parametrize("base", ["../../etc/passwd", "a/b\\e[31mc", "x" * 10_000, "https://evil.example/x", "a/b/c", "a b"])
def test_base_models_that_are_no_ids_are_not_asked_for(bench: Bench, hub: StandInHub, base: str) -> None:
    hub.put(Repository("bad/base", {"README.md": card(f'license: mit\nbase_model: "{base}"')}))
    assert bench.check("bad/base").ancestors("bad/base") == []


@pytest.mark.parametrize("filler", [b"# license\n", b"license ", b"A B C D E F G H ", b"MIT- ", b"[x](http://", b"#" * 50 + b" "])
def test_a_readme_made_to_be_slow(bench: Bench, hub: StandInHub, filler: bytes) -> None:
    hub.put(Repository("bad/slow", {"README.md": MIT + b"## License\n" + filler * (900_000 // len(filler))}))
    start = time.process_time()
    bench.check("bad/slow")
    assert time.process_time() - start < 5


def test_many_files_with_hostile_names(bench: Bench, hub: StandInHub) -> None:
    names = {f"data/{number}.bin": b"" for number in range(20_000)} | {"LICENSE\x1b[31m": b"x", "..": b"x", "LICENSE ": b"x"}
    hub.put(Repository("bad/many", {"README.md": MIT, **names}))
    assert bench.check("bad/many").license("bad/many") == "MIT"


# -- as a user runs it ----------------------------------------------------------------------------------------------


def test_offline_variables_ask_nothing(licet: Run, hub: StandInHub, tmp_path: Path) -> None:
    (tmp_path / "licet.yaml").write_text("models: [openai/whisper-tiny]")
    for variables in ({"HF_HUB_OFFLINE": "1"}, {"TRANSFORMERS_OFFLINE": "1"}, {"LICET_OFFLINE": "1"}):
        done = licet("check", str(tmp_path), env=online(hub, tmp_path, **variables))
        assert done.returncode == 0, done.stderr
    assert licet("check", str(tmp_path), "--offline", env=online(hub, tmp_path)).returncode == 0
    assert hub.requests == ()


def test_the_token_of_the_environment_goes_to_its_endpoint_and_nowhere_into_what_is_written(licet: Run, hub: StandInHub, tmp_path: Path) -> None:
    (tmp_path / "licet.yaml").write_text("models: [acme/model]")
    done = licet("check", str(tmp_path), "-f", "json", env=online(hub, tmp_path, HF_TOKEN="hf_secretsecret"))
    assert done.returncode == 1 or done.returncode == 0
    assert {request.token for request in hub.requests} == {"hf_secretsecret"}
    written = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert b"hf_secretsecret" not in written + done.stdout.encode() + done.stderr.encode()


def test_a_stored_login_does_not_go_to_another_endpoint(licet: Run, hub: StandInHub, tmp_path: Path) -> None:
    (tmp_path / "licet.yaml").write_text("models: [acme/model]")
    home = tmp_path / "hf"
    home.mkdir()
    (home / "token").write_text("hf_stored")
    licet("check", str(tmp_path), env=online(hub, tmp_path, HF_HOME=str(home)))
    assert hub.requests and {request.token for request in hub.requests} == {None}


@pytest.mark.parametrize("endpoint", ["ftp://x", "not an address", "https://user:hf_pw@hub.example", "https://", "http://[::1"])
def test_an_endpoint_that_is_none(licet: Run, tmp_path: Path, endpoint: str) -> None:
    (tmp_path / "licet.yaml").write_text("models: [acme/model]")
    done = licet("check", str(tmp_path), env={"LICET_OFFLINE": "0", "HF_ENDPOINT": endpoint})
    assert done.returncode == 2 and "HF_ENDPOINT" in done.stderr and "hf_pw" not in done.stderr


def test_a_hub_that_cannot_be_reached_ends_in_3_with_what_to_do(licet: Run, tmp_path: Path) -> None:
    (tmp_path / "licet.yaml").write_text("models: [openai/whisper-tiny, openai/whisper-base]")
    done = licet("check", str(tmp_path), "-f", "json", env={"LICET_OFFLINE": "0", "HF_ENDPOINT": "http://127.0.0.1:9", "LICET_CACHE_DIR": str(tmp_path)})
    report = json.loads(done.stdout)
    assert done.returncode == report["summary"]["exit_code"] == 3
    assert report["summary"]["incomplete"] == ["openai/whisper-tiny", "openai/whisper-base"]
    assert "--offline" in next(finding["hint"] for finding in report["findings"] if finding["kind"] == "unreachable")
    assert licet("explain", "openai/whisper-tiny", env={"LICET_OFFLINE": "0", "HF_ENDPOINT": "http://127.0.0.1:9"}).returncode == 3


def test_explain_prints_the_tree_and_whose_word_counts(licet: Run, hub: StandInHub, tmp_path: Path) -> None:
    hub.put(Repository("acme/child", {"README.md": card("license: mit\nbase_model: acme/model")}))
    done = licet("explain", "acme/child", cwd=tmp_path, env=online(hub, tmp_path, COLUMNS="120"))
    assert "finetune: acme/model  MIT" in done.stdout
    assert "by the card of the repository, at the revision in use" in done.stdout
    assert "most trusted first" in licet("explain", "license-mismatch").stdout


def test_the_cache_is_the_owners_alone_and_can_be_cleared(licet: Run, hub: StandInHub, tmp_path: Path) -> None:
    (tmp_path / "licet.yaml").write_text("models: [acme/model]")
    env = online(hub, tmp_path)
    licet("check", str(tmp_path), env=env)
    files = [path for path in (tmp_path / "cache" / "fetched").rglob("*") if path.is_file()]
    assert files
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
        assert {path.parent.stat().st_mode & 0o077 for path in files} == {0}
    told = json.loads(licet("cache", "info", "-f", "json", env=env).stdout)
    assert told["parts"]["hub"]["entries"] == len(files) == 2
    assert "2 entries" in licet("cache", "info", env=env).stdout
    assert licet("cache", "clear", env=env).stdout == "2 entries removed\n"
    assert "nothing is kept" in licet("cache", "info", env=env).stdout


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is not of this platform")
def test_a_run_that_is_killed_loses_nothing(clean_env: dict[str, str], licet: Run, rules: RuleBase, tmp_path: Path) -> None:
    """The next run finishes right, and asks only for what is missing; two at once do not disturb each other."""
    with hub_process(models=60, latency=0.05) as url:
        models = [f"load/model-{number:05}" for number in range(60)]
        env = {**clean_env, "LICET_OFFLINE": "0", "HF_ENDPOINT": url, "LICET_CACHE_DIR": str(tmp_path / "cache")}
        names = json.loads(_get(f"{url}/api/models?limit=100"))
        models = [entry["id"] for entry in names]
        (tmp_path / "licet.yaml").write_text("models:\n" + "".join(f"- {model}\n" for model in models))
        command = [sys.executable, "-m", "licet", "check", str(tmp_path), "-f", "json"]
        first = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        fetched = tmp_path / "cache" / "fetched"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and sum(path.is_file() for path in fetched.rglob("*")) < 20:
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
        first.wait()
        kept = sum(path.is_file() for path in fetched.rglob("*"))
        assert 20 <= kept < 120
        both = [subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        outs = [process.communicate(timeout=60)[0] for process in both]
        reports = [json.loads(out) for out in outs]
        assert [report["summary"]["incomplete"] for report in reports] == [[], []]
        assert all(component["licenses"] for component in reports[0]["components"])
        assert reports[0]["components"] == reports[1]["components"]
        before = json.loads(_get(f"{url}/.stand-in/counts"))["requests"]
        again = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, check=False)
        assert json.loads(again.stdout)["components"] == reports[0]["components"]
        assert json.loads(_get(f"{url}/.stand-in/counts"))["requests"] == before


def _get(url: str) -> bytes:
    from urllib.request import urlopen

    with urlopen(url) as answer:  # noqa: S310 - the stand-in on this machine
        return bytes(answer.read())
