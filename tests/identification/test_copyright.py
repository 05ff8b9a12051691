"""Which lines are notices of copyright and nothing else."""

import pytest

from licet.identification.copyright import is_copyright_notice, is_reservation

NOTICES = """
Copyright (c) 2024 Acme
Copyright (C) 2024 Acme
copyright (c) 2024 acme
Copyright © 2019 – 2024 Acme GmbH & Co. KG
Copyright 2024 Acme, Inc. and its affiliates.
Copyright 2018-present The Example Team. All rights reserved.
Copyright (c) 2010-202x The Example Developers
Copyright 2018- The Example Face team. All rights reserved.
Copyright (c) 2024, Ada Example <ada@acme.example>, Ben O'Example (https://ben.example)
Copyright (c) Acme Corporation. All Rights Reserved.
Copyright The Example Authors
Copyright (c) 2024 E. X. Ample, Jr.
Copyright (c) 2024 example
Copyright (c) 2024 ada example and contributors
Copyright (c) 2015 Ada Example and the example contributors
Copyright (c) 2008-present The example developers (see AUTHORS.txt file)
Copyright (c) 2022 the contributors
Copyright [yyyy] [name of copyright owner]
Copyright {yyyy} {name of copyright owner}
Copyright 2024 [name of copyright owner]
Copyright (C) <year>  <name of author>
Copyright (c) <year> <copyright holders>
(c) 2024 Acme
© 2024 Acme
   Copyright (c) 2024 Acme
**Copyright (c) 2024 Acme**
SPDX-FileCopyrightText: 2024 Acme
SPDX-FileCopyrightText: Copyright 2024 Acme
Copyright (c) 2024
Copyright (c) 2024 Will Example
Copyright 2024 Institute for Examples
Copyright (c) 2024 Società Esempio, Пример, Παράδειγμα
""".strip().splitlines()

OTHERS = """
Copyright (c) 2024 Acme. Non-commercial use only.
Copyright (c) 2024 Acme, non-commercial
Copyright (c) 2024 Acme NonCommercial
Copyright (c) 2024 Acme Not For Sale
Copyright (c) 2024 Acme for research
Copyright (c) 2024 Acme, for hobby projects
Copyright (c) 2024 Acme - Personal
Copyright (c) 2024 Acme. See acme.example
Copyright (c) 2024 Acme. Ask first.
Copyright (c) 2024 Acme; ask first
Copyright (c) 2024 Acme: ask first
Copyright (c) 2024 Acme ask before selling
Copyright (c) 2024 Acme (https://acme.example/license)
Copyright (c) 2024 Acme <https://acme.example/terms-of-service>
Copyright (c) 2024 Acme Licensed Under The GPL
Copyright (c) 2024 Acme, nur für Privatpersonen
Copyright (c) 2024 Acme, usage réservé
Copyright (c) 2024 示例公司 非商业用途
Copyright (c) 2024 VERSION 2.1
Copyright (c) 2024 Acme You Must Pay
Copyright (c) 2024 ACME MAY REVOKE
Copyright (c) 2024 Acme 100% Yours
Copyright (c) 2024 Acme, $5
Copyright (c) 2024 Acme. All rights reserved. Ask first.
Copyright (c) 2024 Acme Evaluation Copy
Copyright (c) 2024 one two three
Copyright (c) 2024 A B C D E F G H I J K L M N O P Q R
Copyright (c) Acme, Inc. All Rights Reserved."
Copyright holders and contributors
COPYRIGHT HOLDERS AND CONTRIBUTORS
COPYRIGHT OWNER
COPYRIGHT INFRINGEMENT
copyright interest
copyright notice
Copyright License
Copyright Act
Copyright law
(c) Acme must be told
(c) You must tell Acme
(c) the Acme Team
the above Copyright 2024 Acme
Acme 2024

""".splitlines()[1:]  # fmt: skip


@pytest.mark.parametrize("line", NOTICES)
def test_a_notice_is_one(line: str) -> None:
    assert is_copyright_notice(line)


@pytest.mark.parametrize("line", OTHERS)
def test_a_line_that_may_say_more_is_none(line: str) -> None:
    assert not is_copyright_notice(line)


def test_a_line_of_no_end_is_none() -> None:
    assert not is_copyright_notice("Copyright (c) 2024 Acme" + " " * 300)


@pytest.mark.parametrize(
    ("line", "says"), [("All rights reserved.", True), ("  ALL RIGHTS RESERVED", True), ("All rights reserved. Ask first.", False), ("", False)]
)
def test_a_reservation_says_nothing_else(line: str, says: bool) -> None:
    assert is_reservation(line) is says
