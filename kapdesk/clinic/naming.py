"""The name of a filed paper, by the clinic's scheme: a name that every file system takes, and nothing but a name. Pure.

What no file system, or not every one, takes is left out or written otherwise: separators, control and turning signs,
the names and endings that Windows keeps for itself (learn.microsoft.com, "Naming Files, Paths, and Namespaces"), and
more than 255 bytes of UTF-8 (ext4, APFS and NTFS hold at least as much).
"""

import re
import unicodedata

import msgspec

from kapdesk.errors import KnownError

EXAMPLE = "{date} {number} {name} note v{version} {signed}.pdf"
"""The scheme that is offered. An example: the clinic chooses its own."""

SUFFIX = ".pdf"
LONGEST = 255
_ROOM = 40
"""Bytes kept free for the ending, a number behind an equal name, and an ending that another program adds."""
_PART = re.compile(r"\{([^{}]*)\}")
_FORBIDDEN = frozenset('<>:"/\\|?*')
_LEFT_OUT = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])\s*(\.|$)", re.IGNORECASE)


class Named(msgspec.Struct, frozen=True):
    """What a name can be made of, each in the words of the record; empty where the record does not say it."""

    date: str
    name: str
    number: str = ""
    born: str = ""
    visit: str = ""
    version: str = "1"
    signed: str = "signed"
    id: str = ""


PARTS = Named.__struct_fields__
_WHOSE = ("name", "number", "id")
"""One of these stands in every scheme: otherwise all the clinic's papers of a day would bear one name."""

SAMPLE = Named("2026-11-26", "Sample Patient A", "S-0318", "1980-01-31", "dosing", "1", "signed", "0a1b2c3d")


def doubt(scheme: str) -> str | None:
    """What is wrong with a scheme; None where names can be made by it."""
    if not scheme.strip():
        return f"The names are missing. Type how a filed note is called, for example: {EXAMPLE}"
    used = _PART.findall(scheme)
    if unknown := [each for each in used if each not in PARTS]:
        return f"{{{unknown[0]}}} is not known. These are: {', '.join(f'{{{each}}}' for each in PARTS)}."
    plain = _PART.sub("", scheme)
    if "{" in plain or "}" in plain:
        return "A bracket is left open. Write each part as {date}, in brackets of its own."
    if bad := next((sign for sign in plain if sign in _FORBIDDEN), ""):
        return f"No file can have {bad} in its name. Take it out; all notes go into the one folder."
    if any(unicodedata.category(sign) in _LEFT_OUT for sign in plain):
        return "There is something in those names that cannot be seen. Type them anew."
    if not any(each in used for each in _WHOSE):
        return "Every patient’s notes would be called the same. Add {name}, {number} or {id}."
    return None


def name_of(scheme: str, values: Named) -> str:
    """The name of a paper's file. Raises KnownError for a scheme by which none can be made."""
    if sentence := doubt(scheme):
        raise KnownError(sentence)
    stem = scheme.strip().removesuffix(SUFFIX)
    made = ""
    for letters in (len(values.name), 60, 30, 12):  # a long name gives way first, so that date and version stay whole
        shorter = msgspec.structs.replace(values, name=values.name[:letters])
        made = _filled(stem, shorter)
        if len(made.encode()) <= LONGEST - _ROOM:
            break
    return _cut(made, LONGEST - _ROOM) + SUFFIX


def _filled(stem: str, values: Named) -> str:
    return safe(_PART.sub(lambda part: str(getattr(values, part[1])), stem))


def another(name: str, n: int) -> str:
    """The name for one that would bear the same: "… (2).pdf"."""
    return f"{name.removesuffix(SUFFIX)} ({n}){SUFFIX}" if n > 1 else name


def safe(text: str) -> str:
    """Words as part of a name: what may not stand in it is a hyphen, what cannot be seen is nothing."""
    spaced = "".join(" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", text))
    shown = (sign for sign in spaced if unicodedata.category(sign) not in _LEFT_OUT)
    made = "".join("-" if sign in _FORBIDDEN else sign for sign in shown)
    made = unicodedata.normalize("NFC", " ".join(made.split()).strip(". "))
    if not made:
        made = "note"
    return f"_{made}" if _DEVICES.match(made) else made


def _cut(text: str, most: int) -> str:
    """As much of a text as fits into so many bytes of UTF-8, without half a character at its end."""
    return text.encode()[:most].decode(errors="ignore").strip(". ") or "note"
