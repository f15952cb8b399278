"""Which font files there are: the paper's own typeface, and this machine's, in the order they are asked.

No outline is read here, and nothing heavy imported.
"""

import hashlib
import os
import sys
from functools import cache
from pathlib import Path

import font_source_sans_pro

OWN = Path(font_source_sans_pro.__file__).parent / "files"

_FIRST = (
    # Tried in this order before all others, so that a note looks the same on every machine that has them.
    "DejaVuSans", "NotoSans-Regular", "NotoSansArabic-Regular", "NotoSansHebrew-Regular", "NotoSansDevanagari-Regular",
    "NotoSansThai-Regular", "wqy-microhei", "DroidSansFallbackFull", "NotoSansSymbols-Regular",
    "NotoSansSymbols2-Regular", "NotoSansMath-Regular", "Symbola_hint", "Symbola",
    "segoeui", "seguisym", "tahoma", "msyh", "malgun", "Nirmala", "LeelawUI",
    "Arial Unicode", "AppleGothic", "Arial", "arial",
)  # fmt: skip
_SPECIAL = ("Bold", "Italic", "Oblique", "Light", "Condensed", "Mono", "Serif", "Display", "Black", "Thin")
_PLACEHOLDERS = ("LastResort", "AdobeBlank", "Unifont")


def body(cut: str) -> Path:
    """A cut of the paper's own typeface: "Regular", "Semibold", "Bold", "It"."""
    return OWN / f"SourceSansPro-{cut}.ttf"


def folders() -> tuple[Path, ...]:
    """Where this system keeps its fonts."""
    home = Path.home()
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local"))
        return (Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", local / "Microsoft/Windows/Fonts")
    return (
        Path("/usr/share/fonts"), Path("/usr/local/share/fonts"),
        home / ".local/share/fonts", home / ".fonts",
    )  # fmt: skip


@cache
def files() -> tuple[Path, ...]:
    """Every font file that could be read, the preferred ones first, heavy and slanted cuts last."""
    found = {
        path
        for folder in folders()
        for pattern in ("*.ttf", "*.ttc", "*.TTF", "*.TTC")
        for path in folder.rglob(pattern)
        if not path.stem.startswith(_PLACEHOLDERS)
    }
    rank = {stem: place for place, stem in enumerate(_FIRST)}

    def order(path: Path) -> tuple[int, bool, str, str]:
        special = any(word in path.stem for word in _SPECIAL)
        return rank.get(path.stem, len(rank)), special, path.stem, str(path)

    return tuple(sorted(found, key=order))


@cache
def fingerprint() -> str:
    """SHA-256 (lower hex) over the paper's own typeface and names and sizes of this machine's fonts, in their order.

    With another one the same text may be set in other outlines.
    """
    found = hashlib.sha256()
    for cut in ("Regular", "Semibold", "Bold", "It"):
        found.update(body(cut).read_bytes())
    for path in files():
        found.update(f"{path.name} {path.stat().st_size}\n".encode("utf-8", "surrogateescape"))
    return found.hexdigest()
