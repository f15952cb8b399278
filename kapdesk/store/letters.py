"""Words as they are looked for: without accents, case and marks, and each letter by itself where a script does not part
its words, or writes small words into them.

Han, Kana, Hangul, Thai, Lao, Burmese, Khmer, Arabic and Hebrew are taken letter by letter, so that any part of a word
is found in them; in all other scripts a word is found by its beginning. Müller is found as Muller and as Mueller,
O’Brien as O Brien and as OBrien.
"""

import re
import unicodedata
from functools import lru_cache

EDGE = "\ue000"
"""Stands where a run of single letters ends, so that what is sought is not found across two words or two notes."""

_SAME = str.maketrans("łđðøıæœþىة٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "lddoiaotيه01234567890123456789", "ـ")
"""Letters that no rule of Unicode takes apart, though people type the plain one; Arabic digits as digits."""

_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "å": "aa", **dict.fromkeys("'’ʼ", "")}
)
"""What is also typed otherwise: as the letters are spelled out where a keyboard lacks them, and without apostrophes."""

_OTHERWISE = re.compile(r"\S*[äöüøæåÄÖÜØÆÅ'’ʼ]\S*")
_BY_ITSELF = re.compile(
    "[\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u312f\u31a0-\u31ff"
    "\u3400-\u9fff\ua960-\ua97f\ufb1d-\ufdff\ufe70-\ufeff\uff66-\uff9f\U00020000-\U0003ffff]+"
)
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Without case, accents and marks that are not seen; everything else stays where it is."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_SAME)
    return "".join(c for c in apart if unicodedata.category(c) not in ("Mn", "Cf", "Cs", "Co"))


def spelled(text: str) -> str:
    """As the index holds it: `plain`, single letters where a script wants them, and behind it each word that is also
    typed otherwise."""
    also = " ".join(otherwise(word) for word in _OTHERWISE.findall(text))
    return _single(plain(text)) + (f" {EDGE} {_single(also)}" if also else "")


def otherwise(text: str) -> str:
    """`plain`, with the letters spelled out that a keyboard may lack."""
    return plain(text.casefold().translate(_SPELLED_OUT))


def sought(term: str) -> str:
    """As FTS5 is asked for a term: its words beside each other, the last one as far as it was typed. "" for no word."""
    words = _single(plain(term)).replace(EDGE, " ").strip()
    return f'"{words.replace(chr(34), " ")}" *' if _WORD.search(words) else ""


def place(term: str, text: str) -> tuple[int, int] | None:
    """Where a term stands in a text as it was typed: from and to. None where it does not."""
    pattern = _pattern(term)
    for reads in (plain, otherwise) if _OTHERWISE.search(text) else (plain,):
        if pattern is None or pattern.search(reads(text)) is None:
            continue
        letters, where = [], []
        for n, char in enumerate(text):
            for letter in reads(char):
                letters.append(letter)
                where.append(n)
        found = pattern.search("".join(letters))
        if found is not None:
            return where[found.start()], where[found.end() - 1] + 1
    return None


def holds(typed: str, text: str) -> bool:
    """Whether each word that was typed, or a part of it, stands in a short text: for lists that are at hand."""
    readings = plain(text), otherwise(text)
    return all(any(word in read for read in readings) for word in plain(typed).split())


@lru_cache(maxsize=64)
def _pattern(term: str) -> re.Pattern[str] | None:
    words = _WORD.findall(plain(term))
    if not words:
        return None
    begins = "" if _BY_ITSELF.match(words[0]) else r"(?<![^\W_])"
    return re.compile(begins + r"[\W_]+".join(map(re.escape, words)))


def _single(text: str) -> str:
    return _BY_ITSELF.sub(_apart, text)


def _apart(run: re.Match[str]) -> str:
    return f" {' '.join(run[0])} {EDGE} "
