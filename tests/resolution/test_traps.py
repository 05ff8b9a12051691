"""Cases in which naive tools are wrong: what a repository says, what is right, and what must be told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from licet.rulebase import RuleBase
from tests.resolution.hubs import Bench
from tests.standins.hub import Commit, Repository, StandInHub

TAGLESS = b"# Model\n\nSee the paper.\n"
BRANDED = (
    "\n\nOur only modification part is that, if the Software is used for any of your commercial products that have more than 100 million monthly active"
    " users, you shall prominently display its name on the user interface.\n"
)
UNSAID = None


def card(*lines: str) -> bytes:
    return ("---\n" + "\n".join(lines) + "\n---\n# Model\n").encode()


class Case(Struct, frozen=True):
    """`files`: name to content, or to the id of a verbatim text after `text:`. `licenses`: what must be concluded, by artifact; None: nothing may be."""

    trap: str
    id: str
    files: dict[str, bytes | str]
    licenses: dict[str, str | None]
    tells: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


CASES = (
    # one repository, its texts and its tag
    Case("43 no tag", "acme/tagless", {"README.md": TAGLESS}, {"weights": UNSAID}, ("no-license",)),
    Case("44 family", "acme/rail", {"README.md": card("license: openrail")}, {"weights": UNSAID}, ("ambiguous-tag", "no-license")),
    Case("44 family", "acme/cc", {"README.md": card("license: cc")}, {"weights": UNSAID}, ("ambiguous-tag", "no-license")),
    Case("44 family and text", "acme/cc-text", {"README.md": card("license: cc"), "LICENSE": "text:CC-BY-NC-4.0"}, {"weights": "CC-BY-NC-4.0"}),
    Case("41 tag against name", "ai21/Reasoning", {"README.md": card("license: apache-2.0", "license_name: jamba-open-model-license")}, {"weights": UNSAID},
         ("contradictory-metadata", "no-license")),
    Case("41 tag against link", "acme/codestral-gguf", {"README.md": card("license: apache-2.0", "license_link: https://mistral.ai/licenses/MNPL-0.1.md")},
         {"weights": UNSAID}, ("contradictory-metadata",)),
    Case("42 name of several texts", "acme/exaone", {"README.md": card("license: other", "license_name: exaone")}, {"weights": UNSAID}, ("no-license", "ambiguous-tag")),
    Case("42 name of several texts", "acme/hunyuan", {"README.md": card("license: other", "license_name: tencent-hunyuan-community")}, {"weights": UNSAID},
         ("no-license", "ambiguous-tag")),
    *(Case("42 spellings of FLUX dev", f"acme/{name}", {"README.md": card("license: other", f"license_name: {name}")}, {"weights": UNSAID}, ("no-license", "ambiguous-tag"))
      for name in ("flux-1-dev-non-commercial-license", "flux-dev-non-commercial-license", "flux1dev")),
    Case("42 FLUX dev and its text", "acme/flux-text", {"README.md": card("license: other", "license_name: flux1dev"), "LICENSE.md": "text:flux-1-dev-nc-1.1.1"},
         {"weights": "flux-1-dev-nc-1.1.1"}, (), ("license-mismatch",)),
    Case("42 other spelling", "acme/llama4", {"README.md": card("license: other", "license_name: llama4")}, {"weights": "llama-4"}),
    Case("42 the hub's own tag", "acme/llama4-tag", {"README.md": card("license: llama4")}, {"weights": "llama-4"}),
    Case("39 text against readme", "acme/bind", {"README.md": card("license: other") + b"## License\nCC-BY-NC 4.0 license\n", "LICENSE": "text:CC-BY-NC-SA-4.0"},
         {"weights": "CC-BY-NC-SA-4.0"}, ("license-mismatch",)),
    Case("mit tag over a llama text", "acme/liar", {"README.md": card("license: mit"), "LICENSE": "text:llama-3"}, {"weights": "llama-3"}, ("license-mismatch",)),
    Case("39 text of another generation", "acme/guard", {"README.md": card("license: llama3"), "LICENSE": "text:llama-2"}, {"weights": "llama-2"}, ("license-mismatch",)),
    Case("permissive tag, no text", "acme/bare", {"README.md": card("license: apache-2.0")}, {"weights": "Apache-2.0"}, ("license-text-missing",)),
    # code is not weights
    Case("25 two licenses", "acme/musicgen", {"README.md": card("license: mit"), "LICENSE": "text:MIT", "LICENSE_weights": "text:CC-BY-NC-4.0"},
         {"weights": "CC-BY-NC-4.0", "code": "MIT"}, ("license-mismatch",)),
    Case("40 code beside model", "acme/v3", {"README.md": card("license: other", "license_name: deepseek", "license_link: LICENSE-MODEL"),
                                             "LICENSE-CODE": "text:MIT", "LICENSE-MODEL": "text:deepseek-1.0"}, {"weights": "deepseek-1.0", "code": "MIT"}),
    Case("40 lower case", "acme/lower", {"README.md": card("license: mit"), "license": "text:Apache-2.0"}, {"weights": "Apache-2.0"}, ("license-mismatch",)),
    Case("40 model_licenses", "acme/sd", {"README.md": card("license: other"), "model_licenses/LICENSE-SD": "text:creativeml-openrail-m", "LICENSE": "text:MIT"},
         {"weights": "creativeml-openrail-m", "code": "MIT"}),
    # texts that fool matching
    Case("35 mit and a paragraph", "acme/kimi", {"README.md": card("license: other", "license_name: modified-mit"), "LICENSE": "text:MIT+branded"}, {"weights": UNSAID},
         ("unrecognized-text", "no-license")),
    Case("35 the same, tagged mit", "acme/minimax", {"README.md": card("license: mit"), "LICENSE": "text:MIT+branded"}, {"weights": "MIT"}, ("unrecognized-text",)),
    Case("38 a text that is an address", "acme/falcon-11", {"README.md": card("license: unknown"), "LICENSE.txt": b"https://publisher.example/terms-and-conditions\n"},
         {"weights": UNSAID}, ("unrecognized-text", "no-license")),
    Case("38 a text in a PDF", "acme/baichuan", {"README.md": card("license: other"), "LICENSE.pdf": b"%PDF-1.7"}, {"weights": UNSAID}, ("no-license",)),
    Case("two texts, none chosen", "acme/two", {"README.md": card("license: other"), "LICENSE-A": "text:MIT", "LICENSE-B": "text:CC-BY-NC-4.0"}, {"weights": UNSAID},
         ("no-license",)),
    Case("two texts, one chosen", "acme/chosen", {"README.md": card("license: mit"), "LICENSE-A": "text:MIT", "LICENSE-B": "text:CC-BY-NC-4.0"}, {"weights": "MIT"}),
    Case("gpl text and tag", "acme/gpl", {"README.md": card("license: gpl-3.0"), "COPYING": "text:gpl-3.0"}, {}, (), ("license-mismatch", "unrecognized-text")),
    # what the catalog knows beside
    Case("33 whisper", "openai/whisper-large-v3", {"README.md": card("license: apache-2.0")}, {"weights": "MIT"}, ("license-mismatch",), ("relicensed",)),
    Case("catalog against a new tag", "mistralai/Mixtral-8x7B-Instruct-v0.1", {"README.md": card("license: cc-by-nc-4.0")}, {}, ("relicensed",)),
    # gating, lineage
    Case("50 gating is no license", "acme/pyannote", {"README.md": card("license: mit")}, {"weights": "MIT"}, ("gated",)),
    Case("45 tag over a base", "acme/distill", {"README.md": card("license: mit", "base_model: meta-llama/Llama-3.1-8B")}, {"weights": "MIT"}),
)  # fmt: skip


@pytest.fixture(scope="module")
def text_of(shared_texts: Path, verbatim: Callable[[str], str]) -> Callable[[str], bytes]:
    names = {"MIT": "mit", "Apache-2.0": "apache-2.0", "CC-BY-NC-4.0": "cc-by-nc-4.0", "CC-BY-NC-SA-4.0": "cc-by-nc-sa-4.0", "gpl-3.0": "gpl-3.0"}

    def read(name: str) -> bytes:
        name, _, changed = name.partition("+")
        text = verbatim(names[name]) if name in names else (shared_texts / f"{name}.txt").read_text(encoding="utf-8")
        return (text + (BRANDED if changed else "")).encode()

    return read


@pytest.fixture(scope="module")
def hub(text_of: Callable[[str], bytes]) -> Iterator[StandInHub]:
    with StandInHub() as server:
        for case in CASES:
            files = {name: text_of(content.removeprefix("text:")) if isinstance(content, str) else content for name, content in case.files.items()}
            server.put(Repository(case.id, files, gated="auto" if case.trap.startswith("50") else False, open_files=frozenset({"README.md"})))
        server.put(Repository("meta-llama/Llama-3.1-8B", {"README.md": card("license: llama3.1")}))
        yield server


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.trap}: {case.id}")
def test_a_trap(tmp_path: Path, rules: RuleBase, hub: StandInHub, case: Case) -> None:
    found = Bench(tmp_path, rules, hub).check(f"use: {{actions: [distribute]}}\nmodels: [{case.id}]")
    assert {artifact: found.license(case.id, artifact) for artifact in case.licenses} == case.licenses
    kinds = found.kinds(case.id)
    assert set(case.tells) <= kinds, (kinds, found.of(case.id).resolution.evidence)
    assert not set(case.silent) & kinds, kinds
    if case.licenses.get("weights", "") is None:
        assert found.report.exit_code == 1


def test_a_derivative_shows_its_base(tmp_path: Path, rules: RuleBase, hub: StandInHub) -> None:
    """45 and 47: a tag says nothing of the base, and a name is no base."""
    hub.put(Repository("acme/TinyLlama", {"README.md": card("license: apache-2.0")}))
    found = Bench(tmp_path, rules, hub).check("acme/distill, acme/TinyLlama")
    assert found.ancestors("acme/distill") == [("meta-llama/Llama-3.1-8B", "finetune", 1)]
    assert [str(each.resolution.conclusions[0].expression) for each in found.of("acme/distill").lineage] == ["llama-3.1"]
    assert found.ancestors("acme/TinyLlama") == []


def test_the_answer_depends_on_the_revision(tmp_path: Path, rules: RuleBase, hub: StandInHub) -> None:
    """1 to 14: a model that was relicensed; the pinned revision says what held for it."""
    old, new = "a" * 40, "b" * 40
    hub.put(
        Repository("acme/bark", commits=[Commit({"README.md": card("license: cc-by-nc-4.0")}, id=old), Commit({"README.md": card("license: mit")}, id=new)])
    )
    bench = Bench(tmp_path, rules, hub)
    assert bench.check(f"models: [{{id: acme/bark, revision: {old}}}]").license("acme/bark") == "CC-BY-NC-4.0"
    assert bench.check("acme/bark").license("acme/bark") == "MIT"


def test_the_sources_that_disagree_are_named_with_their_lines(tmp_path: Path, rules: RuleBase, hub: StandInHub) -> None:
    found = Bench(tmp_path, rules, hub).check("use: {commercial: true, actions: [commercial-use]}\nmodels: [acme/bind]")
    (message,) = found.messages("acme/bind", "license-mismatch")
    assert message == 'hub-text says CC-BY-NC-SA-4.0 (LICENSE), readme says CC-BY-NC-4.0 ("CC-BY-NC 4.0 license", README.md:5)'


def test_data_has_traps_of_its_own(tmp_path: Path, rules: RuleBase, hub: StandInHub) -> None:
    """53: several licenses, and 54: a license file for the code."""
    hub.put(Repository("wiki/text", {"README.md": card("license:", "- cc-by-sa-3.0", "- gfdl")}, kind="dataset"))
    hub.put(Repository("red/pajama", {"README.md": card("license: apache-2.0")}, kind="dataset"))
    found = Bench(tmp_path, rules, hub).check("datasets: [wiki/text, red/pajama]")
    assert found.license("wiki/text", "data") is None
    assert "whether all or one of them apply is not said" in found.messages("wiki/text", "no-license")[0]
    assert found.license("red/pajama", "data") == "Apache-2.0"
