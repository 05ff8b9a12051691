"""Names of models outside the hub: each is found as a manifest spells it, and only those that a source speaks of."""

import re
from datetime import date

import pytest

from licet.domain.component import Component
from licet.domain.evidence import Resolution
from licet.domain.facts import Context, Usage
from licet.domain.model_id import SCHEMES, is_scheme, parse_model_id
from licet.errors import Location
from licet.resolution.catalog import CatalogSource
from licet.resolution.resolve import Resolver
from licet.rulebase import RuleBase
from licet.rulebase.catalog import Entry

FILES = {"ollama": "ollama", "timm": "timm", "spacy": "spacy", "torchhub": "torchhub", "whisper": "whisper", "ultralytics": "ultralytics"}
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def named(rules: RuleBase) -> list[tuple[str, Entry]]:
    """Every id with a scheme, and its entry."""
    return [(id_, entry) for entry in rules.catalog.entries("model") for id_ in entry.ids if is_scheme(id_)]


def resolve(rules: RuleBase, name: str) -> Resolution:
    """What the catalog alone concludes of a name as a manifest spells it."""
    id_, purl = parse_model_id(name)
    component = Component(id=id_, kind="model", purl=purl, usage=Usage(actions=frozenset({"use"}), context=Context()), location=Location("licet.yaml", 1))
    return Resolver((CatalogSource(rules.catalog.find, rules.find),)).resolve(component)


def concluded(rules: RuleBase, name: str, artifact: str = "weights") -> str:
    """The license of the artifact; `unknown` where it is spoken of and none is concluded."""
    (found,) = (item for item in resolve(rules, name).conclusions if item.artifact == artifact)
    return str(found.expression) if found.expression is not None else "unknown"


# -- every name ---------------------------------------------------------------------------------------------------


def test_every_scheme_that_has_a_file_has_names_in_it(rules: RuleBase) -> None:
    times = {scheme: sum(id_.startswith(f"{scheme}:") for id_, _ in named(rules)) for scheme in FILES}
    assert {scheme for scheme, count in times.items() if count < 10} == set()
    assert set(FILES) <= set(SCHEMES)


def test_an_id_is_one_of_the_hub_or_a_name_with_its_scheme(rules: RuleBase) -> None:
    ids = [id_ for entry in rules.catalog.entries("model") for id_ in entry.ids]
    assert [id_ for id_ in ids if not is_scheme(id_) and not HUB_ID.fullmatch(id_)] == []


def test_every_name_is_the_id_that_a_manifest_makes_of_it(rules: RuleBase) -> None:
    assert [id_ for id_, _ in named(rules) if parse_model_id(id_)[0] != id_] == []


def test_every_name_is_found_in_any_case(rules: RuleBase) -> None:
    for id_, entry in named(rules):
        for spelled in (id_, id_.upper()):
            found = rules.catalog.hub("model", spelled)
            assert found is not None and found.ids == entry.ids, spelled


def test_every_name_stands_in_the_file_of_its_scheme(rules: RuleBase) -> None:
    assert [id_ for id_, entry in named(rules) if not entry.file.endswith(f"models/{FILES[id_.partition(':')[0]]}.yaml")] == []


def test_a_name_and_a_repository_of_the_hub_are_never_one_entry(rules: RuleBase) -> None:
    assert [entry.ids[0] for entry in rules.catalog.entries("model") if len({is_scheme(id_) for id_ in entry.ids}) > 1] == []


def test_every_statement_on_a_name_says_where_and_when_it_was_seen(rules: RuleBase) -> None:
    """A file of a repository comes with its commit, a page with its address."""
    place = re.compile(r"github [\w.-]+/[\w.-]+ .*(?:@|at |commit |before commit )[0-9a-f]{7}|https://[\w.-]+/|PyPI metadata of ")
    for id_, entry in named(rules):
        for statement in (*entry.statements, *entry.history):
            assert place.search(statement.source), (id_, statement.source)
            assert statement.says.strip(), id_
            year, *rest = (int(part) for part in statement.seen.split("-"))
            assert date(year, *(rest or [1, 1])) >= date(2019, 1, 1), id_


def test_every_name_has_a_statement_on_its_weights(rules: RuleBase) -> None:
    assert [id_ for id_, entry in named(rules) if not any(statement.artifact == "weights" for statement in entry.statements)] == []


# -- the names that people use ------------------------------------------------------------------------------------

WHISPER = "tiny.en tiny base.en base small.en small medium.en medium large-v1 large-v2 large-v3 large large-v3-turbo turbo"

WEIGHTS = {
    "MIT": [
        *(f"whisper:{name}" for name in WHISPER.split()),
        "spacy:en_core_web_sm",
        "spacy:en_core_web_trf",
        "spacy:zh_core_web_sm",
        "timm:swin_tiny_patch4_window7_224.ms_in1k",
        "timm:convnext_tiny.fb_in1k",
        "torchhub:intel-isl/MiDaS:DPT_Large",
        "torchhub:snakers4/silero-vad:silero_vad",
        "torchhub:pytorch/fairseq:roberta.large",
        "ollama:phi",
        "ollama:phi3",
        "ollama:phi4",
        "ollama:deepseek-r1:671b",
    ],
    "Apache-2.0": [
        "timm:resnet50.a1_in1k",
        "timm:efficientnet_b0.ra_in1k",
        "timm:vit_base_patch16_224.augreg_in21k_ft_in1k",
        "timm:vit_base_patch14_dinov2.lvd142m",
        "timm:deit_base_patch16_224.fb_in1k",
        "torchhub:facebookresearch/dinov2:dinov2_vits14",
        "torchhub:facebookresearch/detr:detr_resnet50",
        "ollama:mistral",
        "ollama:mistral:7b",
    ],
    "AGPL-3.0-only": [
        "ultralytics:yolov8n",
        "ultralytics:yolov8n.pt",
        "ultralytics:yolo11x-seg",
        "ultralytics:yolov5su",
        "torchhub:ultralytics/yolov5:yolov5s",
    ],
    "CC-BY-NC-4.0": [
        "timm:resnext101_32x8d.fb_wsl_ig1b_ft_in1k",
        "timm:resnet50.fb_swsl_ig1b_ft_in1k",
        "timm:regnety_160.swag_ft_in1k",
        "timm:hiera_base_224.mae_in1k_ft_in1k",
        "timm:convnextv2_tiny.fcmae_ft_in22k_in1k",
        "timm:convnextv2_tiny",
        "timm:vit_base_patch16_224.mae",
        "timm:vit_base_patch16_clip_224.metaclip_400m",
        "torchhub:facebookresearch/WSL-Images:resnext101_32x8d_wsl",
        "torchhub:facebookresearch/swag:vit_b16",
    ],
    "CC-BY-SA-4.0": ["spacy:ja_core_news_sm", "spacy:pt_core_news_lg"],
    "CC-BY-SA-3.0": ["spacy:ja_core_news_trf", "spacy:xx_sent_ud_sm"],
    "CC-BY-NC-SA-3.0": ["spacy:it_core_news_sm", "spacy:el_core_news_lg"],
    "CC-BY-NC-SA-4.0": ["torchhub:snakers4/silero-models:silero_stt"],
    "GPL-3.0-only": ["spacy:es_core_news_sm", "spacy:pl_core_news_md", "spacy:ca_core_news_trf"],
    "LGPLLR": ["spacy:fr_core_news_sm"],
    "apple-amlr": ["timm:fastvit_mci0.apple_mclip"],
    "llama-2": ["ollama:llama2", "ollama:llama2:70b", "ollama:codellama"],
    "llama-3": ["ollama:llama3", "ollama:llama3:latest"],
    "llama-3.1": ["ollama:llama3.1", "ollama:llama3.1:8b", "ollama:llama3.1:405b"],
    "llama-3.2": ["ollama:llama3.2", "ollama:llama3.2:1b", "ollama:llama3.2-vision"],
    "llama-3.3": ["ollama:llama3.3"],
    "llama-4": ["ollama:llama4:scout"],
    "gemma-terms-2025-03-24": ["ollama:gemma:2b", "ollama:gemma2", "ollama:gemma2:27b"],
    "unknown": [
        "timm:vit_small_patch16_dinov3.lvd1689m",
        "timm:regnety_320.seer",
        "timm:mobileone_s0.apple_in1k",
        "timm:res2net50_26w_4s.in1k",
        "torchhub:pytorch/vision:resnet50",
        "torchhub:pytorch/vision:vit_b_16",
        "torchhub:snakers4/silero-models:silero_tts",
    ],
}


@pytest.mark.parametrize(("name", "license_"), [(name, license_) for license_, names in WEIGHTS.items() for name in names])
def test_the_weights_that_a_name_loads(rules: RuleBase, name: str, license_: str) -> None:
    assert concluded(rules, name) == license_


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("timm:convnextv2_tiny.fcmae_ft_in22k_in1k", "Apache-2.0"),
        ("torchhub:pytorch/vision:resnet50", "BSD-3-Clause"),
        ("torchhub:facebookresearch/hiera:hiera_base_224", "Apache-2.0"),
        ("ultralytics:yolov8n", "AGPL-3.0-only"),
        ("whisper:large-v3", "MIT"),
    ],
)
def test_the_code_around_the_weights_has_a_license_of_its_own(rules: RuleBase, name: str, code: str) -> None:
    assert concluded(rules, name, "code") == code


def test_nothing_that_timm_marks_non_commercial_is_concluded_as_something_else(rules: RuleBase) -> None:
    said = {id_ for id_, entry in named(rules) for statement in entry.statements if statement.says == "cc-by-nc-4.0"}
    assert len({id_ for id_ in said if "." in id_}) == 80
    assert {concluded(rules, id_) for id_ in said} == {"CC-BY-NC-4.0"}


NEAR_MISSES = """
    whisper:large-v4 whisper:tiny.de timm:resnet50 timm:resnet50.a1_in22k timm:vit_base_patch16_224 timm:vit_large_patch14_clip_224.openai spacy:en_core_web
    spacy:en_core_web_smx spacy:sr_core_news_sm ultralytics:yolov8 ultralytics:sam_b.pt ultralytics:yolov9c ultralytics:my-yolov8n.pt ollama:llama3.1:8b-instruct-q4_K_M
    ollama:llama ollama:deepseek-r1 ollama:deepseek-r1:8b ollama:phi4-mini ollama:qwen2.5 ollama:someone/llama3.1 ollama:llama2-uncensored ollama:llama4
    torchhub:pytorch/vision torchhub:someone/vision:resnet50 torchhub:pytorch/vision:resnet51 torchhub:facebookresearch/dinov2:dinov2_vits14_dd modelscope:openai/whisper-tiny
"""


@pytest.mark.parametrize("name", NEAR_MISSES.split())
def test_a_name_that_no_source_speaks_of_is_not_covered(rules: RuleBase, name: str) -> None:
    resolution = resolve(rules, name)
    assert (resolution.evidence, resolution.conclusions) == ((), ())
    assert "the catalog has no entry for it" in resolution.tried


# -- what was relicensed ------------------------------------------------------------------------------------------

BEFORE = {
    "torchhub:ultralytics/yolov5:yolov5s": ("GPL-3.0-only", "2023-04-14"),
    "torchhub:facebookresearch/dinov2:dinov2_vits14": ("CC-BY-NC-4.0", "2023-08-31"),
    "timm:vit_small_patch14_dinov2.lvd142m": ("CC-BY-NC-4.0", "2023-08-31"),
    "facebook/dinov2-base": ("CC-BY-NC-4.0", "2023-08-31"),
    "facebook/dinov2-large": ("CC-BY-NC-4.0", "2023-08-31"),
    "torchhub:snakers4/silero-models:silero_stt": ("AGPL-3.0-only", "2022-04-23"),
    "suno/bark": ("CC-BY-NC-4.0", "2023-05-01"),
    "spacy:en_core_web_sm": ("CC-BY-SA-3.0", "2019-03-17"),
    "spacy:es_core_news_sm": ("unknown", "2021-01-31"),
    "ollama:phi": ("unknown", "2024-01-05"),
    "microsoft/phi-2": ("unknown", "2024-01-05"),
    "01-ai/Yi-34B": ("unknown", "2024-05-30"),
    "zai-org/CogVideoX-2b": ("unknown", "2024-08-27"),
    "THUDM/CogVideoX-2b": ("unknown", "2024-08-27"),
}


@pytest.mark.parametrize("name", BEFORE)
def test_what_held_before_is_kept_with_the_day_and_concludes_nothing(rules: RuleBase, name: str) -> None:
    license_, until = BEFORE[name]
    before = next(item for item in resolve(rules, name).evidence if item.until and item.artifact == "weights")
    assert (str(before.expression) if before.expression is not None else "unknown", before.until) == (license_, until)
    assert concluded(rules, name) not in (license_, "unknown")


@pytest.mark.parametrize("name", ["zai-org/CogVideoX-5b", "THUDM/CogVideoX-5b"])
def test_the_larger_sibling_was_not_relicensed(rules: RuleBase, name: str) -> None:
    assert concluded(rules, name) == "unknown"
