"""Arabic letters take the form their neighbours ask for; the forms come from Unicode's own data."""

import unicodedata
from functools import cache
from typing import NamedTuple

_PLACES = ("isolated", "final", "initial", "medial")
_TATWEEL = "\u0640"
_JOINER = "\u200d"
_LAM = "\u0644"


class Form(NamedTuple):
    """A form as printed, and the letters it stands for: two of them in lam-alef, one elsewhere."""

    shown: str
    source: str


def joined(text: str) -> list[Form]:
    """The text letter by letter, in logical order, each Arabic letter in its joined form."""
    letters = [i for i, char in enumerate(text) if not _transparent(char)]
    forms = {i: text[i] for i in range(len(text))}
    sources = dict(forms)
    for n, i in enumerate(letters):
        places = _forms().get(text[i])
        if places is None or sources[i] == "":
            continue
        before = text[letters[n - 1]] if n else ""
        after = text[letters[n + 1]] if n + 1 < len(letters) else ""
        tied = _reaches_on(before)
        pair = _forms().get(text[i] + after) if text[i] == _LAM and after else None
        if pair and letters[n + 1] == i + 1:
            forms[i], sources[i] = pair["final" if tied else "isolated"], text[i : i + 2]
            forms[i + 1] = sources[i + 1] = ""
            continue
        reaching = _reaches_on(text[i]) and _takes(after)
        want = ("medial" if tied else "initial") if reaching else ("final" if tied else "isolated")
        forms[i] = places.get(want) or places.get("isolated", text[i])
    return [Form(forms[i], sources[i]) for i in range(len(text)) if sources[i]]


def letters_of(form: str) -> str:
    """The letters a presentation form stands for; any other character stands for itself."""
    return _letters().get(form, form)


@cache
def _letters() -> dict[str, str]:
    known = {}
    for code in (*range(0xFB50, 0xFDFE), *range(0xFE80, 0xFEFD)):
        kind, _, rest = unicodedata.decomposition(chr(code)).partition(" ")
        if kind.strip("<>") in _PLACES:
            known[chr(code)] = "".join(chr(int(part, 16)) for part in rest.split())
    return known


@cache
def _forms() -> dict[str, dict[str, str]]:
    """By letter (or lam-alef pair): its form in each place."""
    known: dict[str, dict[str, str]] = {}
    for form, letters in _letters().items():
        if len(letters) == 1 or (len(letters) == 2 and 0xFEF5 <= ord(form) <= 0xFEFC):
            place = unicodedata.decomposition(form).partition(" ")[0].strip("<>")
            known.setdefault(letters, {}).setdefault(place, form)
    return known


def _reaches_on(letter: str) -> bool:
    """Whether a letter joins the one after it."""
    return letter in (_TATWEEL, _JOINER) or "initial" in _forms().get(letter, {})


def _takes(letter: str) -> bool:
    """Whether a letter joins the one before it."""
    return letter in (_TATWEEL, _JOINER) or "final" in _forms().get(letter, {})


def _transparent(char: str) -> bool:
    """Marks and controls, which leave the joining of the letters beside them alone; ZWJ and ZWNJ do not."""
    if char in (_JOINER, "\u200c"):
        return False
    return unicodedata.category(char) in ("Mn", "Me") or unicodedata.bidirectional(char) == "BN"
