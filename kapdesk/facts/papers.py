"""What can be recorded of a visit's signed papers: a second signature, what is kept, and where it was filed."""

from kapdesk.facts.fact import Fact, Whole


class Countersigned(Fact, frozen=True, tag="countersigned"):
    """Someone else read the signed note and put their name to it: which paper (SHA-256), and what they say by it."""

    paper: str
    meaning: str


class PaperKept(Fact, frozen=True, tag="paper-kept"):
    """A signed paper was made and is kept by its SHA-256.

    Versions count from 1. `replaces` is the paper it stands for from now on: one with a signature less, or the version
    before. `made_with` names the program and fonts, for whoever makes it anew to compare.
    """

    version: Whole
    sha256: str
    replaces: str = ""
    made_with: str = ""


class PaperFiled(Fact, frozen=True, tag="paper-filed"):
    """A signed paper was put into the clinic's files, under this name in its folder."""

    sha256: str
    place: str


PaperFact = Countersigned | PaperKept | PaperFiled
