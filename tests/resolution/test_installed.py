"""What the metadata of an installed package says: written by anyone, read and never run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from licet.domain.evidence import Resolution
from licet.domain.license import MAX_LENGTH
from licet.resolution.installed import Environment
from licet.resolution.resolve import Resolver
from tests.conftest import ROOT
from tests.resolution.conftest import HEAD, Install, component, concluded, conclusion

Ask = Callable[..., Resolution]


@pytest.fixture
def ask(install: Install, resolver: Callable[..., Resolver]) -> Ask:
    """The resolution of `acme` where it is installed with these license fields, or this METADATA."""

    def of(fields: str = "", name: str = "pkg:pypi/acme", *, metadata: str | bytes | None = None, folder: str = "acme-1.0.dist-info") -> Resolution:
        return resolver(install(HEAD + fields if metadata is None else metadata, folder)).resolve(component(name))

    return of


def values(resolution: Resolution, field: str) -> list[str]:
    return [item.value for item in resolution.evidence if item.witness == field]


# -- License-Expression -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        ("Apache-2.0 OR MIT", "Apache-2.0 OR MIT"),
        ("apache-2.0 with llvm-exception", "Apache-2.0 WITH LLVM-exception"),
        ("MIT AND (GPL-3.0+ OR ISC)", "MIT AND (GPL-3.0-or-later OR ISC)"),
        ("PSF-2.0", "PSF-2.0"),
        ("LicenseRef-Acme", "LicenseRef-Acme"),
        ("MIT\n AND\n  ISC", "MIT AND ISC"),
    ],
)
def test_an_expression_is_exact(ask: Ask, written: str, read: str) -> None:
    resolution = ask(f"License-Expression: {written}\n")
    assert concluded(resolution) == read
    assert conclusion(resolution).confidence == "high"


@pytest.mark.parametrize("written", ["MIT AND", "(((", "MIT Apache-2.0", "MIT; GPL", "License :: OSI Approved", "MIT/ISC", "(" * 500 + "MIT" + ")" * 500])
def test_an_expression_that_is_none_concludes_nothing_and_is_shown(ask: Ask, written: str) -> None:
    resolution = ask(f"License-Expression: {written}\n")
    assert concluded(resolution) is None
    assert values(resolution, "License-Expression") == [written]
    assert "is not a license expression" in resolution.evidence[0].why


@pytest.mark.parametrize("written", ["UNKNOWN", "NOASSERTION", "NONE"])
def test_an_expression_that_says_unknown_is_no_license(ask: Ask, written: str) -> None:
    """It must not hide what the lesser fields say."""
    assert concluded(ask(f"License-Expression: {written}\nLicense: MIT\n")) == "MIT"


def test_evidence_says_which_file_of_which_version(ask: Ask) -> None:
    (found,) = ask("License-Expression: MIT\n").evidence
    assert (found.source, found.witness, found.artifact) == ("installed", "License-Expression", "code")
    assert (found.location, found.seen) == ("lib/python3.11/site-packages/acme-1.0.dist-info/METADATA", "version 1.0")


def test_what_the_lesser_fields_say_otherwise_is_kept(ask: Ask) -> None:
    resolution = ask("License-Expression: Apache-2.0\nLicense: BSD-3-Clause\nClassifier: License :: OSI Approved :: MIT License\n")
    assert concluded(resolution) == "Apache-2.0"
    assert sorted(str(item.expression) for item in conclusion(resolution).dissent) == ["BSD-3-Clause", "MIT"]


# -- classifiers --------------------------------------------------------------------------------------------------


def test_one_classifier(ask: Ask) -> None:
    resolution = ask("Classifier: Programming Language :: Python :: 3\nClassifier: License :: OSI Approved :: MIT License\n")
    assert concluded(resolution) == "MIT"
    assert conclusion(resolution).confidence == "medium"
    assert values(resolution, "Classifier") == ["License :: OSI Approved :: MIT License"]


def test_several_classifiers_do_not_say_whether_all_or_one_apply(ask: Ask) -> None:
    resolution = ask("Classifier: License :: OSI Approved :: MIT License\nClassifier: License :: OSI Approved :: ISC License (ISCL)\n")
    assert concluded(resolution) is None
    assert len(resolution.evidence) == 2
    assert all("whether all or one of them apply is not said" in item.why for item in resolution.evidence)


def test_a_classifier_beside_one_that_is_not_known_concludes_nothing(ask: Ask) -> None:
    resolution = ask("Classifier: License :: OSI Approved :: MIT License\nClassifier: License :: Other/Proprietary License\n")
    assert concluded(resolution) is None


def test_the_same_classifier_twice_is_one(ask: Ask) -> None:
    assert concluded(ask("Classifier: License :: OSI Approved :: MIT License\n" * 2)) == "MIT"


@pytest.mark.parametrize("classifier", ["BSD License", "Apache Software License", "GNU General Public License (GPL)"])
def test_a_classifier_of_a_family_concludes_nothing(ask: Ask, classifier: str) -> None:
    resolution = ask(f"Classifier: License :: OSI Approved :: {classifier}\n")
    assert concluded(resolution) is None
    assert values(resolution, "Classifier") == [f"License :: OSI Approved :: {classifier}"]
    assert "is ambiguous" in resolution.evidence[0].why


def test_a_classifier_and_the_license_field_that_disagree_are_both_told(ask: Ask) -> None:
    resolution = ask("License: Apache 2.0\nClassifier: License :: OSI Approved :: MIT License\n")
    assert concluded(resolution) == "MIT"
    assert [str(item.expression) for item in conclusion(resolution).dissent] == ["Apache-2.0"]


def test_the_same_choice_in_another_order_is_no_disagreement(ask: Ask) -> None:
    resolution = ask("License-Expression: Apache-2.0 OR MIT\nLicense: MIT OR Apache-2.0\n")
    assert conclusion(resolution).dissent == ()


# -- the License field --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("MIT", "MIT"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("BSD 3-Clause", "BSD-3-Clause"),
        ("GPLv3+", "GPL-3.0-or-later"),
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("Apache License,\n        Version 2.0", "Apache-2.0"),
        ("https://opensource.org/licenses/MIT", "MIT"),
    ],
)
def test_a_name_in_free_text_is_weak_evidence(ask: Ask, written: str, read: str) -> None:
    resolution = ask(f"License: {written}\n")
    assert concluded(resolution) == read
    assert conclusion(resolution).confidence == "low"


@pytest.mark.parametrize(
    "written",
    [
        "BSD",
        "Apache",
        "GPL",
        "UNKNOWN",
        "Proprietary",
        "ACME LIMITED LICENSE",
        "MIT, Apache-2.0",
        "MIT and BSD",
        "see LICENSE",
        "LICENSE.txt",
        "MIT with changes",
    ],
)
def test_free_text_that_names_no_single_license_concludes_nothing(ask: Ask, written: str) -> None:
    resolution = ask(f"License: {written}\n")
    assert concluded(resolution) is None
    assert values(resolution, "License") == [written]
    assert resolution.evidence[0].why


def test_an_ambiguous_name_gives_the_candidates(ask: Ask) -> None:
    (found,) = ask("License: Gemma Terms of Use\n").evidence
    assert found.expression is None
    assert "gemma-terms-2024-04-01 or gemma-terms-2025-03-24" in found.why


@pytest.mark.parametrize("title", ["MIT License", "Apache License Version 2.0", "MIT"])
def test_a_whole_text_in_the_license_field_is_not_taken_for_its_title(ask: Ask, title: str) -> None:
    """What follows the title may be another license, or that license with a clause more."""
    text = "\n        ".join([title, "", "Copyright (c) 2026 Acme", *["You may do this, and must not do that."] * 2000])
    (found,) = (resolution := ask(f"License: {text}\n")).evidence
    assert concluded(resolution) is None
    assert len(found.value) < 200
    assert len(found.why) < 200


def test_words_of_another_script_are_not_overlooked(ask: Ask) -> None:
    """The text says "not MIT"."""
    assert concluded(ask("License: 不是 MIT\n")) is None


# -- license files ------------------------------------------------------------------------------------------------


# -- license texts beside the metadata -----------------------------------------------------------------------------

APACHE = (ROOT / "LICENSE").read_text(encoding="utf-8")
"""The project's own."""

Beside = Callable[..., Resolution]


@pytest.fixture
def beside(install: Install, resolver: Callable[..., Resolver]) -> Beside:
    """The resolution of `acme` with these license fields, and these files in its dist-info folder."""

    def of(fields: str, files: dict[str, str]) -> Resolution:
        environment = install(HEAD + fields)
        folder = environment / "lib/python3.11/site-packages/acme-1.0.dist-info"
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return resolver(environment).resolve(component("pkg:pypi/acme"))

    return of


@pytest.mark.parametrize("file", ["LICENSE", "licenses/LICENSE", "licenses/LICENSE.txt", "COPYING", "licenses/LICENCE.md", "licenses/LICENSE.APACHE"])
def test_a_text_settles_what_coarse_fields_leave_open(beside: Beside, file: str) -> None:
    resolution = beside("Classifier: License :: OSI Approved :: Apache Software License\n", {file: APACHE})
    assert concluded(resolution) == "Apache-2.0"
    by = conclusion(resolution).by
    assert by is not None and (by.witness, by.value, by.detected) == ("license-text", file, True)


def test_a_text_against_a_classifier_is_a_disagreement(beside: Beside) -> None:
    resolution = beside("Classifier: License :: OSI Approved :: MIT License\n", {"licenses/LICENSE": APACHE})
    assert concluded(resolution) == "Apache-2.0"
    assert [str(item.expression) for item in conclusion(resolution).dissent] == ["MIT"]


def test_texts_of_two_licenses_do_not_say_whether_both_apply(beside: Beside, verbatim: Callable[[str], str]) -> None:
    resolution = beside("", {"licenses/LICENSE.APACHE": APACHE, "licenses/LICENSE.MIT": verbatim("mit")})
    assert concluded(resolution) is None
    assert {item.candidates for item in resolution.evidence} == {("Apache-2.0",), ("MIT",)}


def test_texts_of_what_is_bundled_do_not_count(beside: Beside, verbatim: Callable[[str], str]) -> None:
    resolution = beside("", {"licenses/LICENSE": APACHE, "licenses/LICENSE.bundled": verbatim("mit"), "licenses/vendored/LICENSE": verbatim("gpl-3.0")})
    assert concluded(resolution) == "Apache-2.0"
    assert values(resolution, "license-text") == ["licenses/LICENSE", "licenses/LICENSE.bundled"]


def test_a_text_that_is_changed_concludes_nothing(beside: Beside) -> None:
    assert concluded(beside("", {"LICENSE": APACHE + "\nNot for commercial use.\n"})) is None


def test_an_exact_expression_needs_no_text(beside: Beside) -> None:
    resolution = beside("License-Expression: MIT\n", {"LICENSE": APACHE})
    assert (concluded(resolution), values(resolution, "license-text")) == ("MIT", [])


def test_a_text_that_lies_elsewhere_is_not_read(install: Install, resolver: Callable[..., Resolver], tmp_path: Path) -> None:
    environment = install(HEAD)
    (tmp_path / "secret").write_text(APACHE, encoding="utf-8")
    (environment / "lib/python3.11/site-packages/acme-1.0.dist-info/LICENSE").symlink_to(tmp_path / "secret")
    assert concluded(resolver(environment).resolve(component("pkg:pypi/acme"))) is None


@pytest.mark.parametrize("indent", ["        ", "       |"])
def test_a_whole_text_in_the_license_field(ask: Ask, verbatim: Callable[[str], str], indent: str) -> None:
    text = "\n".join(f"{indent}{line}" if number else line for number, line in enumerate(verbatim("bsd-new").splitlines()))
    resolution = ask(f"Classifier: License :: OSI Approved :: BSD License\nLicense: {text}\n")
    assert concluded(resolution) == "BSD-3-Clause"


def test_a_text_that_is_no_license_concludes_nothing(beside: Beside) -> None:
    resolution = beside("License-File: LICENSE\nLicense-File: AUTHORS\n", {"LICENSE": "MIT License", "AUTHORS": "some"})
    assert concluded(resolution) is None
    assert (values(resolution, "license-text"), values(resolution, "License-File")) == (["LICENSE"], ["AUTHORS"])


# -- whatever a file may hold ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "metadata",
    [
        b"",
        b"\0" * 1000,
        bytes(range(256)) * 40,
        b"\n\n\n",
        b"not a header\n" * 100,
        b": : :\n:\n",
        b"License\n",
        b"License:\nClassifier:\nLicense-Expression:\nLicense-File:\n",
        HEAD.encode("utf-16"),
        b"\x80\x81\x82" * 1000,
        b"Version: 1.0\n\nLicense: MIT\nLicense-Expression: MIT\n",
        b"Description: a package\n        License-Expression: MIT\n",
        b"X-License-Expression: MIT\nLicenseExpression: MIT\n",
        b"\r\r\r\n",
        b"From: a@example.com\nContent-Type: multipart/mixed; boundary=x\n\n--x\nLicense: MIT\n--x--\n",
    ],
)
def test_garbage_says_nothing(ask: Ask, metadata: bytes) -> None:
    resolution = ask(metadata=metadata)
    assert concluded(resolution) is None
    assert resolution.tried


def test_another_encoding_in_one_field_spoils_no_other(ask: Ask) -> None:
    assert concluded(ask(metadata=(HEAD + "Author: José\nLicense-Expression: MIT\n").encode("latin-1"))) == "MIT"


def test_a_byte_order_mark_hides_nothing(ask: Ask) -> None:
    assert concluded(ask(metadata=b"\xef\xbb\xbf" + (HEAD + "License-Expression: MIT\n").encode())) == "MIT"


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_lines_may_end_as_on_other_systems(ask: Ask, newline: str) -> None:
    assert concluded(ask(metadata=(HEAD + "License-Expression: MIT\n").replace("\n", newline).encode())) == "MIT"


def test_a_huge_file_is_read_as_far_as_it_is_reasonable(ask: Ask) -> None:
    assert concluded(ask(f"License-Expression: MIT\nDescription: {'x' * 20_000_000}\n")) == "MIT"


def test_what_stands_behind_megabytes_is_not_concluded(ask: Ask) -> None:
    assert concluded(ask(f"Summary: {'x' * 20_000_000}\nLicense-Expression: MIT\n")) is None


def test_a_huge_field_does_not_end_up_in_the_report(ask: Ask) -> None:
    resolution = ask(f"License-Expression: {'MIT AND ' * 50_000}ISC\nLicense: {'MIT ' * 50_000}\n")
    assert concluded(resolution) is None
    assert max(len(item.value) for item in resolution.evidence) <= MAX_LENGTH + 1
    assert max(len(item.why) for item in resolution.evidence) < 300


@pytest.mark.parametrize("kind", ["folder", "missing"])
def test_metadata_that_is_no_file_is_as_none(tmp_path: Path, resolver: Callable[..., Resolver], kind: str) -> None:
    place = tmp_path / "venv/lib/python3.11/site-packages/acme-1.0.dist-info"
    (place / "METADATA" if kind == "folder" else place).mkdir(parents=True)
    resolution = resolver(tmp_path / "venv").resolve(component("pkg:pypi/acme"))
    assert (resolution.evidence, resolution.conclusions) == ((), ())


def test_nothing_of_the_environment_is_run(install: Install, resolver: Callable[..., Resolver], tmp_path: Path) -> None:
    environment = install(HEAD + "License-Expression: MIT\n")
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w')"
    site = environment / "lib/python3.11/site-packages"
    for name, text in {"evil.pth": f"import os; {code}\n", "sitecustomize.py": code, "acme.py": code, "acme-1.0.dist-info/__init__.py": code}.items():
        (site / name).write_text(text, encoding="utf-8")
    (environment / "bin").mkdir()
    (environment / "bin/python").write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
    (environment / "bin/python").chmod(0o755)
    assert concluded(resolver(environment).resolve(component("pkg:pypi/acme"))) == "MIT"
    assert not ran.exists()


# -- which distribution -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pinned", ["1.0", "", "1.0.0", "1", "v1.0"])
def test_the_version_that_is_pinned_is_the_installed_one(ask: Ask, pinned: str) -> None:
    """Versions are compared as Python packages compare them: 1.0 and 1.0.0 are one."""
    assert concluded(ask("License-Expression: MIT\n", f"pkg:pypi/acme{'@' + pinned if pinned else ''}")) == "MIT"


def test_a_build_of_the_pinned_version_is_that_version(ask: Ask) -> None:
    """`torch==2.13.0` is met by the build 2.13.0+cu126."""
    found = ask(metadata="Version: 2.13.0+cu126\nLicense-Expression: MIT\n", name="pkg:pypi/acme@2.13.0", folder="acme-2.13.0+cu126.dist-info")
    assert concluded(found) == "MIT"


@pytest.mark.parametrize("pinned", ["2.0", "1.0.1", "1.0rc1", "1.0.post1", "main", "1.0%2Bcpu"])
def test_another_version_than_the_pinned_one_says_nothing(ask: Ask, pinned: str) -> None:
    resolution = ask("License-Expression: MIT\n", f"pkg:pypi/acme@{pinned}")
    assert (resolution.evidence, resolution.conclusions) == ((), ())
    assert "not installed in the inspected environment in this version" in resolution.tried


def test_of_two_versions_that_lie_there_the_pinned_one_counts(install: Install, resolver: Callable[..., Resolver]) -> None:
    """An upgrade that was interrupted leaves the old folder behind."""
    install(HEAD + "License-Expression: GPL-3.0-only\n")
    environment = install("Version: 2.0\nLicense-Expression: MIT\n", "acme-2.0.dist-info")
    assert concluded(resolver(environment).resolve(component("pkg:pypi/acme@2.0"))) == "MIT"


@pytest.mark.parametrize("folder", ["Acme_Tools-1.0.dist-info", "acme.tools-1.0.dist-info", "ACME-Tools-1.0.dist-info", "acme__tools-1.0.dist-info"])
@pytest.mark.parametrize("asked", ["acme-tools", "Acme_Tools", "acme.tools"])
def test_names_are_normalized(ask: Ask, folder: str, asked: str) -> None:
    assert concluded(ask("License-Expression: MIT\n", f"pkg:pypi/{asked}", folder=folder)) == "MIT"


@pytest.mark.parametrize("asked", ["acme-tool", "acme-tools-x", "tools", "acmetools"])
def test_a_name_that_only_looks_alike_is_another_package(ask: Ask, asked: str) -> None:
    assert ask("License-Expression: MIT\n", f"pkg:pypi/{asked}", folder="acme_tools-1.0.dist-info").evidence == ()


@pytest.mark.parametrize("folder", [".dist-info", "-1.0.dist-info", "acme.dist-info", "acme-1.0.egg-info", "acme-1.0"])
def test_a_folder_that_is_no_distribution_is_passed_over(ask: Ask, folder: str) -> None:
    assert ask("License-Expression: MIT\n", folder=folder).evidence == ()


@pytest.mark.parametrize("site", ["lib/python3.11/site-packages", "lib/python3.14/site-packages", "lib/python3.13t/site-packages", "Lib/site-packages"])
def test_environments_of_other_versions_and_systems(install: Install, resolver: Callable[..., Resolver], site: str) -> None:
    environment = install(HEAD + "License-Expression: MIT\n", site=site)
    assert concluded(resolver(environment).resolve(component("pkg:pypi/acme"))) == "MIT"


@pytest.mark.parametrize("name", ["pkg:npm/acme", "pkg:github/acme/acme", "pkg:conda/acme", "acme/acme"])
def test_what_is_no_python_package_is_not_looked_for(ask: Ask, name: str) -> None:
    assert ask("License-Expression: MIT\n", name).evidence == ()


@pytest.mark.parametrize("kind", ["missing", "empty", "file"])
def test_an_environment_without_packages_has_none(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "venv"
    if kind == "file":
        folder.write_text("", encoding="utf-8")
    elif kind == "empty":
        folder.mkdir()
    assert Environment(folder).metadata(component("pkg:pypi/acme")) is None
