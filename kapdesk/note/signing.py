"""What is put into a signature field of a paper: whose it is, what they say by it, and the seal it is made with."""

import msgspec

from kapdesk.note.paper import Piece


class Mark(Piece, frozen=True):
    """One person's signature, for one field of a paper ("signature-1")."""

    field: str
    name: str
    meaning: str
    credential: str = ""
    licence: str = ""
    role: str = ""
    signed: str = ""
    """When, with the offset: "2026-11-19 14:10 +01:00"."""


class Seal(Piece, frozen=True):
    """The clinic's certificate (PEM, those above it after it), its private key (PKCS#8), and who stamps the time; ""
    for nobody, and then no network is touched. `repr` shows no key."""

    pem: str
    key: bytes
    time_stamps: str = ""

    def __repr__(self) -> str:
        return "<a seal>"


class Order(msgspec.Struct, frozen=True):
    """A paper, and what is to be signed on it, each a revision of its own."""

    pdf: bytes
    marks: tuple[Mark, ...]
    seal: Seal
