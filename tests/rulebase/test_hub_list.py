"""The licenses that the hub offers: each id is a rule's, or stands for no single license, with the reason."""

import csv

import pytest

from licet.resolution.source import read_name
from licet.rulebase import RuleBase
from tests.conftest import ROOT

RULES = """
    apache-2.0=Apache-2.0 mit=MIT bigscience-openrail-m=bigscience-openrail-m creativeml-openrail-m=creativeml-openrail-m
    bigscience-bloom-rail-1.0=bigscience-bloom-rail-1.0 bigcode-openrail-m=bigcode-openrail-m-1 afl-3.0=AFL-3.0 artistic-2.0=Artistic-2.0 bsl-1.0=BSL-1.0
    bsd-2-clause=BSD-2-Clause bsd-3-clause=BSD-3-Clause bsd-3-clause-clear=BSD-3-Clause-Clear c-uda=C-UDA-1.0 cc0-1.0=CC0-1.0 cc-by-2.0=CC-BY-2.0
    cc-by-2.5=CC-BY-2.5 cc-by-3.0=CC-BY-3.0 cc-by-4.0=CC-BY-4.0 cc-by-sa-3.0=CC-BY-SA-3.0 cc-by-sa-4.0=CC-BY-SA-4.0 cc-by-nc-2.0=CC-BY-NC-2.0
    cc-by-nc-3.0=CC-BY-NC-3.0 cc-by-nc-4.0=CC-BY-NC-4.0 cc-by-nd-4.0=CC-BY-ND-4.0 cc-by-nc-nd-3.0=CC-BY-NC-ND-3.0 cc-by-nc-nd-4.0=CC-BY-NC-ND-4.0
    cc-by-nc-sa-2.0=CC-BY-NC-SA-2.0 cc-by-nc-sa-3.0=CC-BY-NC-SA-3.0 cc-by-nc-sa-4.0=CC-BY-NC-SA-4.0 cdla-sharing-1.0=CDLA-Sharing-1.0
    cdla-permissive-1.0=CDLA-Permissive-1.0 cdla-permissive-2.0=CDLA-Permissive-2.0 wtfpl=WTFPL ecl-2.0=ECL-2.0 epl-1.0=EPL-1.0 epl-2.0=EPL-2.0
    etalab-2.0=etalab-2.0 eupl-1.1=EUPL-1.1 eupl-1.2=EUPL-1.2 agpl-3.0=AGPL-3.0-only gpl-2.0=GPL-2.0-only gpl-3.0=GPL-3.0-only lgpl-2.1=LGPL-2.1-only
    lgpl-3.0=LGPL-3.0-only isc=ISC lppl-1.3c=LPPL-1.3c ms-pl=MS-PL apple-ascl=apple-ascl-2024 apple-amlr=apple-amlr mpl-2.0=MPL-2.0 odc-by=ODC-By-1.0
    odbl=ODbL-1.0 openmdw-1.0=OpenMDW-1.0 openmdw-1.1=openmdw-1.1 osl-3.0=OSL-3.0 postgresql=PostgreSQL ofl-1.1=OFL-1.1 ncsa=NCSA unlicense=Unlicense
    zlib=Zlib pddl=PDDL-1.0 lgpl-lr=LGPLLR deepfloyd-if-license=deepfloyd-if llama2=llama-2 llama3=llama-3 llama3.1=llama-3.1 llama3.2=llama-3.2
    llama3.3=llama-3.3 llama4=llama-4 grok2-community=xai-community-2025-11-04
"""
NO_SINGLE_LICENSE = """
    openrail bsd cc gfdl gpl lgpl openrail++ gemma other unknown fair-noncommercial-research-license h-research intel-research
"""
"""Families, texts that share a tag, the hub's words for none of its own, and two whose text was not at hand."""

EXPECTED = {tag: id_ for tag, _, id_ in (pair.partition("=") for pair in RULES.split())} | dict.fromkeys(NO_SINGLE_LICENSE.split(), "")


def test_the_list_is_the_hubs_own() -> None:
    """As its documentation listed them on 2026-08-22 (github.com/huggingface/hub-docs, docs/hub/repositories-licenses.md @242f4a1e)."""
    path = ROOT.parent / "shared" / "facts" / "hub-license-ids.csv"
    if not path.is_file():
        pytest.skip("the hub's list is not beside this checkout")
    rows = csv.DictReader(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    assert {row["id"] for row in rows} == set(EXPECTED)
    assert len(EXPECTED) == 83


@pytest.mark.parametrize("tag", EXPECTED)
def test_a_tag_of_the_hub_is_a_rules_or_unknown_with_the_reason(rules: RuleBase, tag: str) -> None:
    expression, why = read_name(tag, rules.find)
    if EXPECTED[tag]:
        assert (str(expression), why) == (EXPECTED[tag], "")
        return
    assert expression is None
    assert why
    family = rules.family(tag)
    assert family is not None and family.reason
