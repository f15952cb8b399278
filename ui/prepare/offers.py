"""The protocols and playlists at hand, and what hinders those that cannot be read."""

from pathlib import Path
from typing import TYPE_CHECKING

from kapdesk.clinic.music import planned, playlists
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.protocols import at_hand
from kapdesk.errors import KnownError
from ui import words
from ui.prepare.plan import Offer

if TYPE_CHECKING:
    from kapdesk.music.library.library import Library

MOST_SAID = 3
"""Sentences under a playlist; the music page has them all."""


def protocol_offers(clinic: OpenClinic) -> tuple[Offer, ...]:
    """Every protocol, the clinic's own first. Reads files."""
    offers = []
    for each in at_hand(clinic):
        if each.plan is None:
            offers.append(Offer(each.path, each.path.name, trouble=each.trouble))
            continue
        approved = "" if each.approved_by else "rehearsal only"
        offers.append(
            Offer(
                each.path,
                each.plan.name,
                words.join(words.route(each.plan.route), approved),
                playlist=each.plan.playlist,
            )
        )
    return tuple(offers)


def playlist_offers(clinic: Path, library: "Library | None" = None) -> tuple[Offer, ...]:
    """Every playlist, the clinic's own first, and what hinders its pieces. Reads files, and hears none."""
    from kapdesk.clinic.playlists import state  # late: no part of the way to the first page
    from ui.music.showing import summary

    offers = []
    for path in playlists(clinic):
        try:
            plan = planned(path)
        except KnownError as error:
            offers.append(Offer(path, path.name, trouble=str(error)))
            continue
        pieces = state(path, library) if library is not None else ()
        how = summary(each.verdict.state for each in pieces) if pieces else ""
        said = words.join(f"{len(plan.tracks)} pieces", how)
        hindered = [f"“{each.title}”: {each.verdict.said}" for each in pieces if each.verdict.state in {"bad", "look"}]
        rest = len(hindered) - MOST_SAID
        more = (f"And {rest} more.",) if rest > 0 else ()
        unheard = any(each.verdict.state == "unheard" for each in pieces)
        offers.append(Offer(path, plan.playlist, said, notes=(*hindered[:MOST_SAID], *more), unheard=unheard))
    return tuple(offers)
