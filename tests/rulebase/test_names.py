"""What a license is called, and which license that is: the spellings the world uses, and those that say too little."""

import pytest

from licet.rulebase import RuleBase
from licet.rulebase.base import fold

EXACT = """
    MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC BSL-1.0 Zlib MPL-2.0 GPL-2.0-only GPL-3.0-or-later LGPL-2.1-only AGPL-3.0-or-later LLVM-exception
    CC0-1.0 CC-BY-4.0 CC-BY-SA-4.0 llama-2 llama-3.1 gemma-terms-2024-04-01 openrail-plus-plus-m-2022-11-24 mnpl-0.1
"""


@pytest.mark.parametrize("id_", EXACT.split())
def test_an_id_is_found_in_any_case_and_as_a_license_ref(rules: RuleBase, id_: str) -> None:
    for name in (id_, id_.lower(), id_.upper(), id_.swapcase(), f"LicenseRef-licet-{id_}", f"licenseref-LICET-{id_.upper()}"):
        assert rules.find(name) == (id_,), name


def test_every_rule_is_found_by_all_its_names(rules: RuleBase) -> None:
    for license_ in rules.licenses():
        names = [license_.id, license_.name, license_.spdx, *(name for known in license_.known_as.values() for name in known)]
        assert [name for name in names if license_.id not in rules.find(name)] == []


@pytest.mark.parametrize(
    ("spdx", "id_"),
    [
        ("LicenseRef-scancode-gemma-tou-2024-04-01", "gemma-terms-2024-04-01"),
        ("licenseref-scancode-gemma-tou-2025-03-24", "gemma-terms-2025-03-24"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("gpl-3.0", "GPL-3.0-only"),
        ("LGPL-2.1+", "LGPL-2.1-or-later"),
        ("LGPL-3.0", "LGPL-3.0-only"),
        ("agpl-3.0+", "AGPL-3.0-or-later"),
    ],
)
def test_spdx_ids_are_found_the_deprecated_ones_too(rules: RuleBase, spdx: str, id_: str) -> None:
    assert rules.find(spdx) == (id_,)


@pytest.mark.parametrize(
    ("classifier", "id_"),
    [
        ("MIT License", "MIT"),
        ("ISC License (ISCL)", "ISC"),
        ("Boost Software License 1.0 (BSL-1.0)", "BSL-1.0"),
        ("zlib/libpng License", "Zlib"),
        ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
        ("GNU General Public License v2 (GPLv2)", "GPL-2.0-only"),
        ("GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later"),
        ("GNU General Public License v3 (GPLv3)", "GPL-3.0-only"),
        ("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
        ("GNU Lesser General Public License v3 (LGPLv3)", "LGPL-3.0-only"),
        ("GNU Lesser General Public License v3 or later (LGPLv3+)", "LGPL-3.0-or-later"),
        ("GNU Affero General Public License v3", "AGPL-3.0-only"),
        ("GNU Affero General Public License v3 or later (AGPLv3+)", "AGPL-3.0-or-later"),
    ],
)
def test_classifiers_that_name_one_license(rules: RuleBase, classifier: str, id_: str) -> None:
    assert rules.find(f"License :: OSI Approved :: {classifier}") == (id_,)


@pytest.mark.parametrize(
    "classifier",
    [
        "License :: OSI Approved",
        "License :: OSI Approved :: Apache Software License",
        "License :: OSI Approved :: BSD License",
        "License :: OSI Approved :: GNU General Public License (GPL)",
        "License :: OSI Approved :: GNU Library or Lesser General Public License (LGPL)",
        "License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)",
        "License :: Other/Proprietary License",
        "License :: Public Domain",
        "License :: Free for non-commercial use",
        "Programming Language :: Python :: 3",
    ],
)
def test_classifiers_that_name_a_family_or_no_license(rules: RuleBase, classifier: str) -> None:
    assert len(rules.find(classifier)) != 1


SPELLINGS = {
    "MIT": "MIT License|The MIT License|The MIT License (MIT)|MIT license|mit|MIT Licence|Expat license|http://opensource.org/licenses/MIT",
    "Apache-2.0": "Apache 2.0|Apache2.0|Apache License 2.0|Apache License, Version 2.0|Apache License Version 2.0|The Apache License, Version 2.0|"
    "Apache Software License 2.0|Apache 2.0 License|Apache-2.0 license|Apache v2|Apache License v2.0|apache 2|ASL 2|ALv2|Apache Software License, Version 2.0|"
    "http://www.apache.org/licenses/LICENSE-2.0|https://www.apache.org/licenses/LICENSE-2.0.txt",
    "BSD-3-Clause": "BSD 3-Clause|BSD 3-Clause License|3-clause BSD|BSD 3 clause|BSD (3-clause)|New BSD|New BSD License|Modified BSD License|Revised BSD|BSD-3",
    "BSD-2-Clause": "BSD 2-Clause|BSD 2 clause|2-clause BSD|Simplified BSD|Simplified BSD License|BSD-2",
    "ISC": "isc|ISC License|ISC license|ISCL",
    "MPL-2.0": "MPL 2.0|MPL2|MPLv2|MPLv2.0|Mozilla Public License 2.0|Mozilla Public License 2.0 (MPL 2.0)",
    "GPL-2.0-only": "GPLv2|GPL v2|GNU GPL v2|GPL 2",
    "GPL-2.0-or-later": "GPLv2+|GPL (>= 2)|GPL>=2|GPL 2.0 or later",
    "GPL-3.0-only": "GPLv3|GPL v3|GPL-3|GNU GPLv3|GNU GPL 3|GNU General Public License v3",
    "GPL-3.0-or-later": "GPLv3+|GPL >= 3|GNU GPLv3 or later|GNU General Public License v3.0 or later",
    "LGPL-2.1-only": "LGPL 2.1|GNU Lesser General Public License v2.1",
    "LGPL-2.1-or-later": "LGPLv2.1+|LGPL-2.1-or-later",
    "LGPL-3.0-only": "LGPLv3|LGPL v3",
    "LGPL-3.0-or-later": "LGPLv3+",
    "AGPL-3.0-only": "AGPLv3|GNU AGPLv3|AGPL v3",
    "AGPL-3.0-or-later": "AGPLv3+",
    "Zlib": "zlib|zlib/libpng|zlib License",
    "BSL-1.0": "Boost Software License 1.0",
    "CC0-1.0": "CC0|CC0 1.0|CC0 1.0 Universal",
    "CC-BY-4.0": "CC BY 4.0|CC-BY 4.0|Creative Commons Attribution 4.0 International",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
    "CC-BY-NC-4.0": "CC BY-NC 4.0|CC-BY-NC 4.0",
    "CC-BY-ND-4.0": "CC BY-ND 4.0",
}
"""How packages and pages write the names of common licenses."""


@pytest.mark.parametrize(("name", "id_"), [(name, id_) for id_, names in SPELLINGS.items() for name in names.split("|")])
def test_spellings_of_real_metadata(rules: RuleBase, name: str, id_: str) -> None:
    assert rules.find(name) == (id_,)
    assert rules.find(f" {name}\n") == (id_,)


@pytest.mark.parametrize(
    ("tag", "id_"),
    [
        ("apache-2.0", "Apache-2.0"),
        ("mit", "MIT"),
        ("bsd-3-clause", "BSD-3-Clause"),
        ("bsl-1.0", "BSL-1.0"),
        ("gpl-3.0", "GPL-3.0-only"),
        ("agpl-3.0", "AGPL-3.0-only"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("cc0-1.0", "CC0-1.0"),
        ("creativeml-openrail-m", "creativeml-openrail-m"),
        ("llama2", "llama-2"),
        ("llama3", "llama-3"),
        ("llama3.1", "llama-3.1"),
        ("mnpl", "mnpl-0.1"),
        ("mrl", "mrl-0.1"),
        ("stabilityai-ai-community", "stability-ai-community-2024-07-05"),
        ("falcon-180b-tii-license-1.0", "falcon-180b-tii-1.0"),
    ],
)
def test_tags_and_license_names_of_the_hub(rules: RuleBase, tag: str, id_: str) -> None:
    assert rules.find(tag) == (id_,)


GEMMA = ("gemma-terms-2024-02-21", "gemma-terms-2024-04-01", "gemma-terms-2025-03-24")
OPENRAIL = ("openrail-plus-plus-m-2022-11-24", "openrail-plus-plus-m-2023-07-26")


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("gemma", GEMMA),
        ("Gemma", GEMMA),
        ("Gemma Terms of Use", GEMMA),
        ("gemma-terms-of-use", GEMMA),
        ("openrail++", OPENRAIL),
        ("OpenRAIL++", OPENRAIL),
        ("OpenRAIL++-M", OPENRAIL),
        ("CreativeML Open RAIL++-M", OPENRAIL),
    ],
)
def test_a_name_of_several_texts_gives_all_candidates(rules: RuleBase, name: str, candidates: tuple[str, ...]) -> None:
    assert rules.find(name) == candidates


FAMILIES = "BSD|BSD License|BSD-style|Apache|Apache License|Apache Software License|GPL|GNU GPL|LGPL|AGPL|MPL|CC|CC-BY|Creative Commons|openrail|llama|cc-by-nc"
NEAR = "MIT-style|AGPL-1.0|LGPLv2+|LGPLv2|CC-BY-1.0|MIT-enna|GFDL-1.4|MPL-1.0"
NEAR_AI = "OpenRAIL-M|stabilityai-nc-research-community|tii-falcon-llm|qwen-research|Qwen License|fair-noncommercial-research-license|Llama Community License"
CONTAINING = (
    "ACME LIMITED LICENSE|Gemma terms of use: permitted uses|TRANSMIT|MITRE|Apache Helicopter License|like MIT|Not MIT|non-MIT|GPLv3 compatible|"
    "MIT with Commons Clause|MIT License (see LICENSE)|Apache 2.0 with Commons Clause|MIT and Apache|MIT/Apache-2.0|Apache 2.0, MIT"
)
NOTHING = "other|unknown|UNKNOWN|None|proprietary|Commercial|Public Domain|See LICENSE|LICENSE|LICENSE.txt|license|The License|2.0|3-clause|c|+|LicenseRef-licet-|©|?||   "


@pytest.mark.parametrize("name", "|".join((FAMILIES, NEAR, NEAR_AI, CONTAINING, NOTHING)).split("|"))
def test_a_family_another_license_or_a_mere_mention_is_no_license(rules: RuleBase, name: str) -> None:
    assert len(rules.find(name)) != 1


@pytest.mark.parametrize("name", "|".join((NEAR_AI, CONTAINING, NOTHING)).split("|"))
def test_what_is_no_family_is_not_found_as_one(rules: RuleBase, name: str) -> None:
    family = rules.family(name)
    assert rules.find(name) == () or (family is not None and rules.find(name) == family.meanings)


def test_every_family_names_rules_and_says_why(rules: RuleBase) -> None:
    families = [family for family in {id(family): family for family in rules.families.values()}.values() if not family.means]
    assert [candidate for family in families for candidate in family.candidates if rules.license(candidate) is None] == []
    assert [id_ for family in families for id_ in family.without_rule if rules.license(id_) is not None] == []
    assert [family.names for family in families if len(family.reason) < 20] == []
    assert [name for name in rules.families if name in {fold(known) for license_ in rules.licenses() for known in license_.all_names}] == []


@pytest.mark.parametrize("name", ["GPL-2.0-with-classpath-exception", "GPL-3.0-with-GCC-exception", "gpl-2.0-with-font-exception", "wxWindows"])
def test_a_deprecated_id_may_stand_for_a_license_with_an_exception(rules: RuleBase, name: str) -> None:
    (found,) = rules.find(name)
    license_ = rules.license_with(found)
    assert " WITH " in found and license_ is not None and license_.id == found


NEIGHBOURS = "MIT-0|MIT-CMU|X11|0BSD|BSD-4-Clause|BSD-3-Clause-Clear|Apache-1.1|MPL-1.1|BSL-1.0|BUSL-1.1|CC-BY-3.0|CC-BY-NC-SA-4.0|llama-3.2|llama-4|bigscience-openrail-m"


@pytest.mark.parametrize("id_", NEIGHBOURS.split("|"))
def test_a_license_whose_name_is_near_another_is_itself(rules: RuleBase, id_: str) -> None:
    assert rules.find(id_) == (id_,)


# -- hostile names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "不是 MIT",  # "is not MIT"
        "非MIT",
        "кроме MIT",  # "except MIT"
        "غير MIT",
        "ΜIT",  # a Greek capital Mu before IT
        "МIT License",  # a Cyrillic Em before IT
        "MITé",
    ],
)
def test_letters_of_other_scripts_count(rules: RuleBase, name: str) -> None:
    """What is dropped when names are compared is punctuation, not words that the reader of the name would see."""
    assert rules.find(name) == ()


def test_a_prefix_that_is_repeated_names_nothing(rules: RuleBase) -> None:
    assert rules.find("LicenseRef-licet-LicenseRef-licet-MIT") == ()
    assert rules.find("LicenseRef-licet-" * 2000 + "MIT") == ()


@pytest.mark.parametrize("name", ["MIT " * 100_000, "+" * 100_000, ">= " * 50_000, "(" * 100_000, "\0", "../licenses/MIT", "MIT.yaml", "\ud800"])
def test_absurd_names_name_nothing(rules: RuleBase, name: str) -> None:
    assert rules.find(name) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Apache License, Version 2.0", "apache  license version 2.0"),
        ("BSD 3-Clause", "bsd_3_clause"),
        ("GPL (>= 2)", "GPL 2+"),
        ("MIT Licence", "MIT license"),
    ],
)
def test_names_that_differ_in_case_and_punctuation_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("GPL-2.0", "GPL-2.0+"), ("GPL-2.0", "GPL-20"), ("openrail-m", "openrail++-m"), ("CC-BY-4.0", "CC-BY-NC-4.0")])
def test_names_that_differ_in_a_digit_or_a_plus_are_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)
