"""Reads a PDF back, with two readers that know nothing of how it was made."""

import re
import subprocess

import pypdfium2

from kapdesk.note.paper import Note

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\f]")  # poppler wraps right-to-left words in direction marks


def poppler(pdf: bytes, *options: str) -> str:
    done = subprocess.run(["pdftotext", "-raw", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    assert not done.stderr.strip(), done.stderr
    return _MARKS.sub("", done.stdout.decode())


def pdfium(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def pages(pdf: bytes) -> list[str]:
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def fonts(pdf: bytes, folder: str) -> str:
    path = f"{folder}/note.pdf"
    with open(path, "wb") as file:
        file.write(pdf)
    return subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout


def lines_of(note: Note, part: str) -> list[str]:
    """The lines of a matter's table, their cells joined."""
    tables = [table for table in note.tables if table.part == part]
    return [" · ".join(filter(None, line.cells)) for table in tables for line in table.lines]


def unspaced(text: str) -> str:
    """Without white space: where a line ends on paper is no matter of the text."""
    return "".join(text.split())
