"""The catalog: every fact has a source and a date, every system that was asked for is known, and look-alikes are not."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from licet.domain.component import Component, Kind
from licet.domain.evidence import Resolution
from licet.domain.facts import Context, Usage
from licet.domain.license import Expression, With, leaves
from licet.domain.model_id import is_scheme
from licet.domain.purl import hub, parse
from licet.errors import DocumentError, Location
from licet.resolution.catalog import CatalogSource
from licet.resolution.resolve import Resolver
from licet.rulebase import RuleBase
from licet.rulebase.catalog import Catalog, Entry, FolderShelf, Statement

KINDS: tuple[Kind, ...] = ("model", "dataset", "framework")

WITHOUT_A_RULE = {
    "flux-1-dev-nc-2024-08-01": "history only",
    "flux-1-dev-nc-2024-11-21": "history only",
    "flux-1-dev-nc-1.1": "history only",
}


def entries(rules: RuleBase) -> Iterator[tuple[Kind, Entry]]:
    return ((kind, entry) for kind in KINDS for entry in rules.catalog.entries(kind))


def statements(rules: RuleBase) -> Iterator[tuple[Entry, Statement]]:
    return ((entry, statement) for _, entry in entries(rules) for statement in (*entry.statements, *entry.history))


def ids(expression: Expression) -> Iterator[str]:
    for leaf in leaves(expression):
        yield from (leaf.license.id, leaf.exception) if isinstance(leaf, With) else (leaf.id,)


def component(kind: Kind, name: str) -> Component:
    """As the manifest reader builds it: a hub id with `@revision`, or a purl."""
    usage = Usage(actions=frozenset({"use"}), context=Context())
    if kind == "framework":
        purl = parse(name)
        return Component(id=purl.name, kind=kind, purl=purl, usage=usage, location=Location("licet.yaml", 1))
    id_, _, revision = name.partition("@")
    return Component(id=id_, kind=kind, purl=hub(id_, revision), usage=usage, location=Location("licet.yaml", 1))


def resolve(rules: RuleBase, kind: Kind, name: str) -> Resolution:
    """What the catalog alone concludes."""
    return Resolver((CatalogSource(rules.catalog.find, rules.find),)).resolve(component(kind, name))


def concluded(rules: RuleBase, kind: Kind, name: str) -> dict[str, str]:
    return {conclusion.artifact: str(conclusion.expression) for conclusion in resolve(rules, kind, name).conclusions}


# -- every entry --------------------------------------------------------------------------------------------------


def test_every_statement_says_where_and_when_it_was_read(rules: RuleBase) -> None:
    found = list(statements(rules))
    assert len(found) > 200
    assert [entry.ids[0] for entry, statement in found if len(statement.source) < 10 or not statement.says.strip()] == []
    assert [(entry.ids[0], statement.seen) for entry, statement in found if not re.fullmatch(r"20\d\d(-(0[1-9]|1[0-2])(-[0-3]\d)?)?", statement.seen)] == []


def test_history_says_until_when_and_what_holds_says_no_such_thing(rules: RuleBase) -> None:
    for _, entry in entries(rules):
        assert [statement.until for statement in entry.history if not re.fullmatch(r"20\d\d(-\d\d(-\d\d)?)?", statement.until)] == []
        assert [statement.until for statement in entry.statements if statement.until] == []


def test_every_entry_concludes_something(rules: RuleBase) -> None:
    assert [entry.ids[0] for _, entry in entries(rules) if not any(statement.expression for statement in entry.statements)] == []


def test_ids_are_unique_in_any_case(rules: RuleBase) -> None:
    for kind in KINDS:
        times = Counter(id_.lower() for entry in rules.catalog.entries(kind) for id_ in entry.ids)
        assert [id_ for id_, count in times.items() if count > 1] == []


def test_every_entry_is_found_by_each_of_its_ids(rules: RuleBase) -> None:
    """An id in the file of another publisher would never be looked up."""
    for kind, entry in entries(rules):
        for id_ in entry.ids:
            for spelled in (id_, id_.upper()) if kind != "framework" else (id_,):
                found = rules.catalog.framework(spelled) if kind == "framework" else rules.catalog.hub(kind, spelled)
                assert found is not None and found.ids == entry.ids, id_


def test_ids_of_frameworks_are_purls_in_their_canonical_form(rules: RuleBase) -> None:
    assert [id_ for entry in rules.catalog.entries("framework") for id_ in entry.ids if parse(id_).unversioned != id_] == []


def test_ids_of_models_are_hub_ids(rules: RuleBase) -> None:
    assert [id_ for entry in rules.catalog.entries("model") for id_ in entry.ids if not is_scheme(id_) and not re.fullmatch(r"[\w.-]+/[\w.-]+", id_)] == []


def test_every_license_has_a_rule_or_is_known_to_have_none(rules: RuleBase) -> None:
    named = {id_ for _, statement in statements(rules) if statement.expression is not None for id_ in ids(statement.expression)}
    assert {id_ for id_ in named if rules.license(id_) is None} == set(WITHOUT_A_RULE)


def test_licenses_are_spelled_as_their_rules_are(rules: RuleBase) -> None:
    named = {id_ for _, statement in statements(rules) if statement.expression is not None for id_ in ids(statement.expression)}
    assert {id_ for id_ in named if (license_ := rules.license(id_)) is not None and license_.id != id_} == set()


def test_a_license_that_is_history_only_concludes_nothing_today(rules: RuleBase) -> None:
    today = {id_ for _, entry in entries(rules) for statement in entry.statements if statement.expression is not None for id_ in ids(statement.expression)}
    assert today.isdisjoint(id_ for id_, reason in WITHOUT_A_RULE.items() if reason == "history only")


def test_version_ranges_can_be_read(rules: RuleBase) -> None:
    for _, statement in statements(rules):
        SpecifierSet(statement.versions)


def test_base_models_are_in_the_catalog_and_no_model_is_its_own_base(rules: RuleBase) -> None:
    for entry in rules.catalog.entries("model"):
        for base, _ in entry.base_models:
            assert rules.catalog.hub("model", base) is not None, base
            assert base not in entry.ids


def test_what_a_model_takes_in_is_stated_for_every_model(rules: RuleBase) -> None:
    """Some terms hold for multimodal models only: without the fact, the answer would stay open."""
    assert [entry.ids[0] for entry in rules.catalog.entries("model") if "modality" not in entry.facts] == []


def test_names_of_frameworks_mean_one_each(rules: RuleBase) -> None:
    for entry in rules.catalog.entries("framework"):
        for name in entry.names:
            found = rules.catalog.framework_named(name)
            assert found is not None and found.ids == entry.ids, name


# -- the systems that were asked for ------------------------------------------------------------------------------

MISTRAL = "mistralai/Mistral-7B-v0.1 mistralai/Mistral-7B-Instruct-v0.1 mistralai/Mistral-7B-Instruct-v0.2 mistralai/Mistral-7B-Instruct-v0.3"
MIXTRAL = "mistralai/Mixtral-8x7B-v0.1 mistralai/Mixtral-8x7B-Instruct-v0.1"
LLAMA_3 = "meta-llama/Meta-Llama-3-8B meta-llama/Meta-Llama-3-8B-Instruct meta-llama/Meta-Llama-3-70B meta-llama/Meta-Llama-3-70B-Instruct"
LLAMA_2 = [f"meta-llama/Llama-2-{size}b{chat}{form}" for size in (7, 13, 70) for chat in ("", "-chat") for form in ("", "-hf")]
GEMMA_1 = "google/gemma-2b google/gemma-2b-it google/gemma-7b google/gemma-7b-it google/gemma-1.1-2b-it google/gemma-1.1-7b-it"
GEMMA_2 = "google/gemma-2-2b google/gemma-2-2b-it google/gemma-2-9b google/gemma-2-9b-it google/gemma-2-27b google/gemma-2-27b-it"

MODELS = {
    "llama-3": LLAMA_3.split(),
    "llama-2": LLAMA_2,
    "Apache-2.0": [
        *MISTRAL.split(),
        *MIXTRAL.split(),
        "mistralai/Mamba-Codestral-7B-v0.1",
        "black-forest-labs/FLUX.1-schnell",
        "tiiuae/falcon-7b",
        "tiiuae/falcon-7b-instruct",
        "tiiuae/falcon-40b",
        "tiiuae/falcon-40b-instruct",
    ],
    "mnpl-0.1": ["mistralai/Codestral-22B-v0.1"],
    "creativeml-openrail-m": [
        "CompVis/stable-diffusion-v1-4",
        "CompVis/stable-diffusion-v-1-4-original",
        "runwayml/stable-diffusion-v1-5",
        "stable-diffusion-v1-5/stable-diffusion-v1-5",
    ],
    "openrail-plus-plus-m-2022-11-24": ["stabilityai/stable-diffusion-2-1", "stabilityai/stable-diffusion-2-1-base"],
    "openrail-plus-plus-m-2023-07-26": ["stabilityai/stable-diffusion-xl-base-1.0", "stabilityai/stable-diffusion-xl-refiner-1.0"],
    "stability-ai-community-2024-07-05": ["stabilityai/stable-diffusion-3-medium", "stabilityai/stable-diffusion-3-medium-diffusers"],
    "flux-1-dev-nc-1.1.1": ["black-forest-labs/FLUX.1-dev"],
    "falcon-180b-tii-1.0": ["tiiuae/falcon-180B", "tiiuae/falcon-180B-chat"],
    "gemma-terms-2025-03-24": [*GEMMA_1.split(), *GEMMA_2.split()],
}


@pytest.mark.parametrize(("id_", "license_"), [(id_, license_) for license_, listed in MODELS.items() for id_ in listed])
def test_the_weights_of_a_model(rules: RuleBase, id_: str, license_: str) -> None:
    assert concluded(rules, "model", id_)["weights"] == license_


@pytest.mark.parametrize("id_", ["tiiuae/falcon-7b", "tiiuae/falcon-7b-instruct", "tiiuae/falcon-40b", "tiiuae/falcon-40b-instruct"])
def test_falcon_was_under_another_license_until_the_end_of_may_2023(rules: RuleBase, id_: str) -> None:
    entry = rules.catalog.hub("model", id_)
    assert entry is not None
    (before,) = entry.history
    assert (before.expression, before.until) == (None, "2023-05-31")


@pytest.mark.parametrize("id_", ["tiiuae/falcon-180B", "tiiuae/falcon-180B-chat", "mistralai/Codestral-22B-v0.1"])
def test_no_apache_rubs_off_from_a_sibling(rules: RuleBase, id_: str) -> None:
    assert "Apache-2.0" not in {str(item.expression) for item in resolve(rules, "model", id_).evidence if item.artifact == "weights"}


WHISPER = "tiny tiny.en base base.en small small.en medium medium.en large large-v2 large-v3 large-v3-turbo"


@pytest.mark.parametrize("size", WHISPER.split())
def test_whisper_has_the_statement_of_its_publisher_and_that_of_the_hub(rules: RuleBase, size: str) -> None:
    """The publisher says MIT of code and weights; the hub's tag is Apache-2.0, for the turbo model MIT. Neither is dropped."""
    resolution = resolve(rules, "model", f"openai/whisper-{size}")
    said = {item.witness: str(item.expression) for item in resolution.evidence if item.artifact == "weights"}
    assert {witness: said[witness] for witness in ("upstream", "hub-card")} == {
        "upstream": "MIT",
        "hub-card": "MIT" if size == "large-v3-turbo" else "Apache-2.0",
    }
    (weights,) = (conclusion for conclusion in resolution.conclusions if conclusion.artifact == "weights")
    assert str(weights.expression) == "MIT"
    assert [str(item.expression) for item in weights.dissent] == ([] if size == "large-v3-turbo" else ["Apache-2.0"])


@pytest.mark.parametrize(
    ("id_", "code"),
    [
        ("meta-llama/Llama-2-7b-hf", "llama-2"),
        ("google/gemma-2-9b", "Apache-2.0"),
        ("black-forest-labs/FLUX.1-dev", "Apache-2.0"),
        ("stabilityai/stable-diffusion-xl-base-1.0", "MIT"),
        ("stabilityai/stable-diffusion-3-medium", "MIT"),
        ("CompVis/stable-diffusion-v1-4", "creativeml-openrail-m"),
    ],
)
def test_the_code_beside_the_weights_has_its_own_license(rules: RuleBase, id_: str, code: str) -> None:
    assert concluded(rules, "model", id_)["code"] == code


TORCH_2_13 = "Apache-2.0 AND Apache-2.0 WITH LLVM-exception AND BSD-2-Clause AND BSD-3-Clause AND BSL-1.0 AND MIT"
TORCH_2_15 = "Apache-2.0 AND Apache-2.0 WITH LLVM-exception AND BSD-2-Clause AND BSD-3-Clause AND BSL-1.0 AND ISC AND MIT AND Zlib"


@pytest.mark.parametrize(
    ("purl", "license_"),
    [
        ("pkg:pypi/torch", TORCH_2_15),
        ("pkg:pypi/torch@2.15.0", TORCH_2_15),
        ("pkg:pypi/torch@2.15.0%2Bcu126", TORCH_2_15),
        ("pkg:pypi/torch@2.14.1", TORCH_2_13),
        ("pkg:pypi/torch@2.14.1%2Bcpu", TORCH_2_13),
        ("pkg:pypi/torch@2.12.1", "BSD-3-Clause"),
        ("pkg:pypi/torch@1.13.1", "BSD-3-Clause"),
        ("pkg:github/pytorch/pytorch", "BSD-3-Clause"),
        ("pkg:pypi/tensorflow", "Apache-2.0"),
        ("pkg:pypi/tensorflow@2.21.0", "Apache-2.0"),
        ("pkg:npm/%40tensorflow/tfjs@4.22.0", "Apache-2.0"),
        ("pkg:npm/%40tensorflow/tfjs-layers@4.22.0", "Apache-2.0 AND MIT"),
        ("pkg:pypi/tflite-runtime@2.14.0", "Apache-2.0"),
        ("pkg:pypi/ai-edge-litert", "Apache-2.0"),
        ("pkg:pypi/jax", "Apache-2.0"),
        ("pkg:pypi/jaxlib", "Apache-2.0"),
        ("pkg:pypi/transformers@4.57.6", "Apache-2.0"),
        ("pkg:pypi/keras@2.4.3", "MIT"),
        ("pkg:pypi/keras@3.15.1", "Apache-2.0"),
        ("pkg:npm/%40xenova/transformers@1.4.3", "MIT"),
        ("pkg:npm/%40xenova/transformers@2.17.2", "Apache-2.0"),
        ("pkg:pypi/torchvision", "BSD-3-Clause"),
        ("pkg:pypi/torchaudio", "BSD-2-Clause"),
    ],
)
def test_a_framework_in_its_version(rules: RuleBase, purl: str, license_: str) -> None:
    assert concluded(rules, "framework", purl) == {"code": license_}


@pytest.mark.parametrize("purl", ["pkg:pypi/torch@0.4.1", "pkg:pypi/tensorflow-gpu@2.12.0", "pkg:pypi/torch@main", "pkg:npm/%40tensorflow/tfjs-node@2.0.0"])
def test_a_version_that_nothing_is_stated_for_concludes_nothing(rules: RuleBase, purl: str) -> None:
    resolution = resolve(rules, "framework", purl)
    assert resolution.conclusions == ()
    assert "the catalog's entry names no license for this version" in resolution.tried


NEAR_MISSES = """
    tiiuae/falcon-11B tiiuae/falcon-180 tiiuae/falcon-7 tiiuae/falcon-7b-instruct-GGUF meta-llama/Llama-9 meta-llama/Llama-2 meta-llama/Llama-2-7b-hf-x
    someone/Llama-2-7b-hf mistralai/Codestral-22B mistralai/Mistral-7B openai/whisper openai/whisper-large-v4 google/gemma-3-4b-it google/gemma google/medgemma-4b-it
    black-forest-labs/FLUX.2-dev stabilityai/stable-diffusion-3.5-large stabilityai/sdxl-turbo CompVis/stable-diffusion Llama-2-7b-hf whisper-tiny
    ../models/openai openai/../openai/whisper-tiny openai/ /whisper-tiny /
"""


@pytest.mark.parametrize("id_", NEAR_MISSES.split())
def test_a_model_that_only_looks_like_one_is_not_covered(rules: RuleBase, id_: str) -> None:
    assert rules.catalog.hub("model", id_) is None
    resolution = resolve(rules, "model", id_)
    assert (resolution.evidence, resolution.conclusions) == ((), ())
    assert "the catalog has no entry for it" in resolution.tried


@pytest.mark.parametrize("id_", ["tiiuae/falcon-7b", "openai/whisper-tiny"])
def test_a_model_is_no_dataset_of_the_same_name(rules: RuleBase, id_: str) -> None:
    assert rules.catalog.hub("dataset", id_) is None


@pytest.mark.parametrize(
    "purl", ["pkg:pypi/pytorch-lightning", "pkg:pypi/torch-geometric", "pkg:pypi/tor", "pkg:npm/torch", "pkg:pypi/jaxtyping", "pkg:npm/tfjs"]
)
def test_a_package_that_only_looks_like_one_is_not_covered(rules: RuleBase, purl: str) -> None:
    assert rules.catalog.framework(purl) is None
    assert resolve(rules, "framework", purl).conclusions == ()


# -- how a file of the catalog is read ------------------------------------------------------------------------------

SMALL = """\
publisher: acme
entries:
  - ids: [acme/one]
    licenses:
      - {artifact: weights, license: MIT, by: upstream, source: github acme/one LICENSE, seen: "2026-01-01"}
"""

Open = Callable[..., Catalog]


@pytest.fixture
def opened(tmp_path: Path, rules: RuleBase) -> Open:
    """A catalog of model files."""

    def build(**files: str) -> Catalog:
        (tmp_path / "models").mkdir()
        for publisher, text in files.items():
            (tmp_path / "models" / f"{publisher}.yaml").write_text(text, encoding="utf-8")
        return Catalog((FolderShelf(tmp_path, "rules/catalog", rules.vocabulary),))

    return build


def test_a_small_entry(opened: Open) -> None:
    entry = opened(acme=SMALL).hub("model", "Acme/One")
    assert entry is not None
    (statement,) = entry.statements
    assert (entry.name, entry.ids, entry.line) == ("acme/one", ("acme/one",), 3)
    assert (str(statement.expression), statement.says, statement.by, statement.seen) == ("MIT", "MIT", "upstream", "2026-01-01")


def test_unknown_names_no_license(opened: Open) -> None:
    entry = opened(acme=SMALL.replace("license: MIT", "license: unknown, says: other")).hub("model", "acme/one")
    assert entry is not None
    assert (entry.statements[0].expression, entry.statements[0].says) == (None, "other")


def test_a_fault_in_another_publishers_file_does_not_matter(opened: Open) -> None:
    catalog = opened(acme=SMALL, other="entries: [")
    assert catalog.hub("model", "acme/one") is not None


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ("publisher: acme", "publsher: acme", 'unknown key "publsher"'),
        ("source:", "sorce:", 'unknown key "sorce"'),
        (", source: github acme/one LICENSE", "", '"source" is missing'),
        ("source: github acme/one LICENSE", "source: ''", "source"),
        (', seen: "2026-01-01"', "", '"seen" is missing'),
        ('seen: "2026-01-01"', "seen: lately", "lately"),
        ("by: upstream, ", "", '"by" is missing'),
        ("by: upstream", "by: upstrem", '"upstrem"'),
        ("by: upstream", "by: upstream, until: later", "later"),
        ("by: upstream", "by: upstream, versions: recent", "recent"),
        ("artifact: weights", "artifact: wieghts", '"wieghts"'),
        ("license: MIT", "license: MIT AND", "not a license expression"),
        ("license: MIT", "license: Some License", "not a license expression"),
        ("ids: [acme/one]", "ids: []", "ids"),
        ("ids: [acme/one]", "ids: acme/one", "a list"),
        ("    licenses:", "    base_models: [{id: a/b, relation: fintune}]\n    licenses:", '"fintune"'),
        ("    licenses:", "    facts: {modalty: [text]}\n    licenses:", '"modalty"'),
        ("    licenses:", "    facts: {modality: [txt]}\n    licenses:", '"txt"'),
    ],
)
def test_a_file_that_breaks_its_form_is_refused_at_its_line(opened: Open, written: str, instead: str, says: str) -> None:
    assert written in SMALL
    with pytest.raises(DocumentError) as error:
        opened(acme=SMALL.replace(written, instead)).entries("model")
    assert says in error.value.message
    assert error.value.location is not None and error.value.location.file == "rules/catalog/models/acme.yaml"
    at = SMALL[: SMALL.index(written)].count("\n") + 1
    assert error.value.location.line == at


@pytest.mark.parametrize("again", ["acme/one", "Acme/ONE"])
def test_one_id_in_two_entries_is_refused(opened: Open, again: str) -> None:
    twice = SMALL + SMALL.partition("entries:\n")[2].replace("acme/one", again)
    with pytest.raises(DocumentError, match="stands in two entries, lines 3 and 6"):
        opened(acme=twice).hub("model", "acme/one")
