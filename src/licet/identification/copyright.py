"""Notices of copyright: the lines in which copies of one license differ without differing in terms."""

import re

_YEAR = r"[\[<{(]?(?:\d{4}|\d{3}x|\d{2}yy|years?\b|yyyy|dates?\b)"
_SIGN = r"(?:\(c\)|©)\s*:?"
_COPYRIGHT = re.compile(
    rf"\s*(?:SPDX-FileCopyrightText:|copyright\s*:?\s*(?:{_SIGN}|(?={_YEAR}))|{_SIGN}\s*(?:copyright\s*:?\s*)?(?={_YEAR})|(?-i:Copyright)\s+(?-i:(?=[A-Z<\[{{])))(.*)",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"\ball rights? reserved\b\.?", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"[\[<{(]\s*(?:(?:years?|yyyy|dates?|names?|full|fullname|of|the|your|authors?|copyright|owners?|owner\(s\)|holders?|holder\(s\)|organi[sz]ation)[\s,/-]*){1,8}[\]>})]",
    re.IGNORECASE,
)
_SEE_AUTHORS = re.compile(r"\(?\bsee (?:the )?(?:AUTHORS|CONTRIBUTORS)(?:\.\w{2,4})?(?: file)?\)?")
_ADDRESS = re.compile(r"<?(?:(?:https?://|www\.)[^\s<>]+|[\w.+-]+@[\w.-]+)>?")
_TELLING = re.compile(r"licen[sc]|terms|legal|eula|condition|polic|commerc", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b(?:inc|ltd|corp|co|llc|llp|jr|sr|dr|prof|st|univ|[a-z])\.", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[^\w\s,.&()<>'’\"“”/+\u2010-\u2015-]")
_MOST_WORDS = 16
_SMALL_WORDS = """
    a affiliates al and author authors by contributor contributors copyright d da de del della den der des developers di do dos du e each et from für i in inc
    individual individuals its la le les members of on other others present project projects respective team the their to today und v van various
    von xxxx y year years yyyy
"""
_SMALL = frozenset(_SMALL_WORDS.split())
"""What may stand small between names."""
_FOR = re.compile(
    r"\b(?:Academy|Agency|Alliance|Association|Cent(?:er|re)|Corporation|Council|Foundation|Institute|Organization|Society) for (?=(?:the )?[A-Z])"
)
_TEAM = re.compile(r"(?:^|\band |\bby |\d |\bpresent )the [\w-]{1,40} (?:project )?(?:authors|contributors|developers|project|team)$", re.IGNORECASE)
"""A project may write its name small."""
TERMS = re.compile(
    r"\b(?:\w*licen[sc]\w*|\w*commerc\w*|\w*distribut\w*|academic|acts?|agent|agree\w*|allow\w*|attribut\w*|charge\w*|condition\w*|confiden\w*|cop(?:y|ies|ied|ying)|"
    r"derivat\w*|disclaim\w*|education|evaluat\w*|except\w*|exclu\w*|expire\w*|fees?|forbid\w*|grant\w*|holders?|infring\w*|interests?|internal|laws?|liab\w*|merge\w*|"
    r"military|modif\w*|notices?|owner\w*|paid|patents?|pay\w*|permi\w*|personal|privat\w*|prohib\w*|propriet\w*|provid\w*|publish\w*|purpose\w*|refer\w*|requir\w*|"
    r"restrict\w*|revo\w*|royalt\w*|sale\w*|secret\w*|sell\w*|sold|status|statut\w*|subject|terminat\w*|terms?|trademarks?|treaty|treaties|trial|usage|use|used|users?|"
    r"uses|using|version|warrant\w*|weapons?|above|any|anyone|are|be|been|below|can|cannot|does|following|had|has|have|if|is|less|more|must|never|no|non\w*|nor|not|only|or|our|"
    r"read|see|shall|should|than|that|these|this|those|under|unless|until|was|we|were|when|where|which|within|without|you|your|"
    r"kein\w*|nicht|nur|pas|sans|seulement|sin|solo)\b",
    re.IGNORECASE,
)
"""What terms are made of, and names are not."""
_VERBS = re.compile(r"\b(?:may|will|MAY|WILL)\b")
"""Names, where they are written as names."""


def is_copyright_notice(line: str) -> bool:
    """Whether a line is a notice of copyright and nothing else: years, names, "All rights reserved".

    Doubt means no. A name is what is written as names are, and holds no word that terms are made of.
    """
    folded = line.casefold()
    if len(line) > 250 or not ("copyright" in folded or "(c)" in folded or "©" in folded):
        return False
    found = _COPYRIGHT.match(line.replace("**", "").replace("__", ""))
    if not found:
        return False
    holder = _SEE_AUTHORS.sub("", _PLACEHOLDER.sub("", _RESERVED.sub("", found[1]))).replace("©", " ").replace("202x", "")
    if any(_TELLING.search(address) for address in _ADDRESS.findall(holder)):
        return False
    holder = _ABBREVIATION.sub(" ", _ADDRESS.sub("", holder)).strip(" \t.,*_")
    if holder.count('"') % 2 or holder.count("“") != holder.count("”"):
        return False  # the notice that a license prescribes, word for word
    if _NOT_IN_NAMES.search(holder) or re.search(r"\.(?=\s)", holder) or TERMS.search(holder) or _VERBS.search(holder):
        return False
    words = re.findall(r"[^\W\d_][\w'’.]*", _TEAM.sub("", _FOR.sub("", holder)))
    if len(words) > _MOST_WORDS or any(not word.isascii() and not _cased(word) for word in words):
        return False
    names = [word for word in words if word != word.lower()]
    unknown = [word for word in words if word == word.lower() and word not in _SMALL]
    return not unknown if names else len(unknown) <= 2


def is_reservation(line: str) -> bool:
    """Whether a line says "All rights reserved" and nothing else; after a notice of copyright it belongs to that."""
    return bool(_RESERVED.fullmatch(line.strip(" \t*_")))


def _cased(word: str) -> bool:
    """Whether it is written in a script that tells names by their case."""
    return word.lower() != word.upper()
