"""Whom is believed, what is kept of the others, and what is said where nobody knows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from licet.resolution.resolve import Resolver
from tests.resolution.conftest import Install, Write, component, concluded, conclusion

ENTRY = """\
  - ids: [pkg:pypi/acme]
    licenses:
      - {artifact: code, license: Apache-2.0, by: upstream, source: LICENSE of acme, seen: "2026-01-01"}
      - {artifact: docs, license: CC-BY-4.0, by: upstream, source: the manual, seen: "2026-01-01"}
"""
UNSURE = """\
  - ids: [pkg:pypi/acme]
    licenses: [{artifact: code, license: unknown, says: BSD, by: index-metadata, source: metadata, seen: "2026-01-01"}]
"""
VERSION = "Version: 1.0\n"
EXPRESSION = VERSION + "License-Expression: MIT\n"
CLASSIFIER = VERSION + "Classifier: License :: OSI Approved :: ISC License (ISCL)\n"
BOTH = EXPRESSION + "Classifier: License :: OSI Approved :: ISC License (ISCL)\n"

Resolvers = Callable[..., Resolver]


# -- the order of trust ---------------------------------------------------------------------------------------------


def test_a_person_who_gives_a_reason_is_believed_first(install: Install, frameworks: Write, resolver: Resolvers) -> None:
    resolution = resolver(install(BOTH), frameworks(ENTRY)).resolve(component("pkg:pypi/acme", stated="BSD-3-Clause"))
    found = conclusion(resolution)
    assert str(found.expression) == "BSD-3-Clause"
    assert found.by is not None and found.by.source == "manifest"
    assert [str(item.expression) for item in found.dissent] == ["MIT", "Apache-2.0", "CC-BY-4.0", "ISC"]


def test_then_the_expression_of_the_installed_package(install: Install, frameworks: Write, resolver: Resolvers) -> None:
    found = conclusion(resolver(install(BOTH), frameworks(ENTRY)).resolve(component("pkg:pypi/acme")))
    assert str(found.expression) == "MIT"
    assert [str(item.expression) for item in found.dissent] == ["Apache-2.0", "ISC"]


def test_then_the_catalog(install: Install, frameworks: Write, resolver: Resolvers) -> None:
    found = conclusion(resolver(install(CLASSIFIER), frameworks(ENTRY)).resolve(component("pkg:pypi/acme")))
    assert str(found.expression) == "Apache-2.0"
    assert [str(item.expression) for item in found.dissent] == ["ISC"]


def test_then_the_classifiers(install: Install, resolver: Resolvers) -> None:
    assert concluded(resolver(install(CLASSIFIER)).resolve(component("pkg:pypi/acme"))) == "ISC"


def test_who_names_no_license_does_not_stand_in_the_way(install: Install, frameworks: Write, resolver: Resolvers) -> None:
    resolution = resolver(install(CLASSIFIER), frameworks(UNSURE)).resolve(component("pkg:pypi/acme"))
    assert concluded(resolution) == "ISC"
    assert conclusion(resolution).dissent == ()
    assert resolution.evidence[0].value == "BSD"


def test_an_expression_that_cannot_be_read_leaves_it_to_the_catalog(install: Install, frameworks: Write, resolver: Resolvers) -> None:
    resolution = resolver(install(VERSION + "License-Expression: MIT AND\n"), frameworks(ENTRY)).resolve(component("pkg:pypi/acme"))
    assert concluded(resolution) == "Apache-2.0"


def test_another_installed_version_than_the_pinned_one_leaves_it_to_the_catalog(install: Install, frameworks: Write, resolver: Resolvers) -> None:
    resolution = resolver(install(BOTH), frameworks(ENTRY)).resolve(component("pkg:pypi/acme@9.9"))
    assert concluded(resolution) == "Apache-2.0"
    assert {item.source for item in resolution.evidence} == {"catalog"}


def test_sources_that_agree_do_not_dissent(install: Install, frameworks: Write, resolver: Resolvers) -> None:
    resolution = resolver(install(VERSION + "License-Expression: Apache-2.0\nLicense: Apache 2.0\n"), frameworks(ENTRY)).resolve(component("pkg:pypi/acme"))
    assert conclusion(resolution).dissent == ()
    assert len([item for item in resolution.evidence if item.artifact == "code"]) == 3


# -- artifacts ----------------------------------------------------------------------------------------------------


def test_each_artifact_is_concluded_by_itself(install: Install, frameworks: Write, resolver: Resolvers) -> None:
    resolution = resolver(install(BOTH), frameworks(ENTRY)).resolve(component("pkg:pypi/acme"))
    assert concluded(resolution, "code") == "MIT"
    assert concluded(resolution, "docs") == "CC-BY-4.0"
    assert conclusion(resolution, "docs").dissent == ()


def test_a_stated_license_is_for_the_component_as_a_whole(resolver: Resolvers) -> None:
    """And what the catalog says of the weights is kept beside it."""
    resolution = resolver().resolve(component("meta-llama/Llama-2-7b-hf", stated="LicenseRef-acme-internal"))
    (found,) = resolution.conclusions
    assert (found.artifact, str(found.expression)) == ("weights", "LicenseRef-acme-internal")
    assert {str(item.expression) for item in found.dissent} == {"llama-2"}
    assert {item.artifact for item in resolution.evidence} == {"weights", "code"}


def test_a_stated_license_that_says_the_same_meets_no_dissent(resolver: Resolvers) -> None:
    found = conclusion(resolver().resolve(component("meta-llama/Llama-2-7b-hf", stated="llama2")), "weights")
    assert (str(found.expression), found.dissent) == ("llama-2", ())


# -- nothing concluded ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stated", ["gemma", "ACME LIMITED LICENSE", "MIT AND"])
def test_a_statement_that_cannot_be_read_is_not_replaced_by_a_guess(resolver: Resolvers, stated: str) -> None:
    """The catalog knows the model; but a person said something else of it, and what, is not known."""
    resolution = resolver().resolve(component("meta-llama/Llama-2-7b-hf", stated=stated))
    (found,) = resolution.conclusions
    assert (found.expression, found.confidence) == (None, "none")
    assert found.by is not None and found.by.value == stated and found.by.why
    assert {str(item.expression) for item in resolution.evidence if item.source == "catalog"} == {"llama-2"}


def test_an_unknown_model_says_what_was_tried(resolver: Resolvers) -> None:
    resolution = resolver().resolve(component("acme/one"))
    assert (resolution.conclusions, resolution.evidence, resolution.found) == ((), (), False)
    assert resolution.tried == ("the manifest states no license for it", "the catalog has no entry for it")


def test_an_unknown_package_says_that_no_environment_was_inspected(resolver: Resolvers) -> None:
    tried = resolver().resolve(component("pkg:pypi/acme")).tried
    assert any("--python-env" in words for words in tried)


def test_an_unknown_package_says_that_it_is_not_installed(install: Install, resolver: Resolvers) -> None:
    tried = resolver(install(BOTH)).resolve(component("pkg:pypi/other")).tried
    assert any("not installed in the inspected environment" in words for words in tried)
    assert "the catalog has no entry for it" in tried


def test_a_package_whose_metadata_says_nothing_says_so(install: Install, resolver: Resolvers) -> None:
    resolution = resolver(install(VERSION)).resolve(component("pkg:pypi/acme"))
    assert resolution.conclusions == ()
    assert "the installed metadata names no license that is known" in resolution.tried


def test_evidence_that_names_no_license_makes_a_component_known_but_its_license_unknown(install: Install, resolver: Resolvers) -> None:
    resolution = resolver(install(VERSION + "License: BSD\n")).resolve(component("pkg:pypi/acme"))
    found = conclusion(resolution)
    assert (found.expression, found.confidence, resolution.found) == (None, "none", True)
    assert resolution.tried


def test_license_files_alone_conclude_nothing(install: Install, resolver: Resolvers) -> None:
    resolution = resolver(install(VERSION + "License-File: LICENSE\n")).resolve(component("pkg:pypi/acme"))
    assert concluded(resolution) is None
    assert [item.why for item in resolution.evidence] == ["a file by its name alone: it was not read"]


def test_where_a_license_is_concluded_nothing_needs_to_be_excused(resolver: Resolvers) -> None:
    assert resolver().resolve(component("tiiuae/falcon-7b")).tried == ()


# -- the same question twice ------------------------------------------------------------------------------------------


def test_a_statement_about_one_entry_does_not_rub_off_on_another(resolver: Resolvers) -> None:
    resolve = resolver().resolve
    assert concluded(resolve(component("tiiuae/falcon-7b", stated="MIT")), "weights") == "MIT"
    assert concluded(resolve(component("tiiuae/falcon-7b")), "weights") == "Apache-2.0"
    assert concluded(resolve(component("tiiuae/falcon-7b", stated="ISC")), "weights") == "ISC"


def test_a_model_and_a_dataset_of_one_name_are_two(resolver: Resolvers) -> None:
    resolve = resolver().resolve
    assert concluded(resolve(component("tiiuae/falcon-7b")), "weights") == "Apache-2.0"
    assert resolve(component("tiiuae/falcon-7b", kind="dataset")).conclusions == ()


def test_versions_of_one_package_are_told_apart(resolver: Resolvers) -> None:
    resolve = resolver().resolve
    assert concluded(resolve(component("pkg:pypi/keras@3.15.1"))) == "Apache-2.0"
    assert concluded(resolve(component("pkg:pypi/keras@2.3.1"))) == "MIT"


def test_ranges_of_one_package_are_told_apart(resolver: Resolvers) -> None:
    resolve = resolver().resolve
    assert concluded(resolve(component("pkg:pypi/keras"))) == "Apache-2.0"
    assert concluded(resolve(component("pkg:pypi/keras", versions="<2.6"))) == "MIT"


def test_the_installed_version_that_a_range_excludes_says_nothing(install: Install, frameworks: Write, resolver: Resolvers) -> None:
    """The project asks for `acme>=2`; the 1.0 that happens to be installed is not what it will use."""
    resolution = resolver(install(BOTH), frameworks(ENTRY)).resolve(component("pkg:pypi/acme", versions=">=2"))
    assert concluded(resolution) == "Apache-2.0"


def test_facts_of_the_component_are_told_with_it(resolver: Resolvers) -> None:
    facts = resolver().resolve(component("openai/whisper-tiny")).facts
    assert [value.shown for value in facts.statements("modality")] == ["audio, text"]


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_an_environment_that_cannot_be_read_is_an_empty_one(tmp_path: Path, resolver: Resolvers, folder: str) -> None:
    if folder == "file":
        (tmp_path / folder).write_text("", encoding="utf-8")
    assert concluded(resolver(tmp_path / folder).resolve(component("pkg:pypi/jax"))) == "Apache-2.0"
