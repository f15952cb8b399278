"""The protocols and playlists at hand, and what hinders those that cannot be read."""

from pathlib import Path

from kapdesk.clinic.music import planned, playlists
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.protocols import at_hand
from kapdesk.errors import KnownError
from ui import words
from ui.prepare.plan import Offer


def protocol_offers(clinic: OpenClinic) -> tuple[Offer, ...]:
    """Every protocol, the clinic's own first. Reads files."""
    offers = []
    for each in at_hand(clinic):
        if each.plan is None:
            offers.append(Offer(each.path, each.path.name, trouble=each.trouble))
            continue
        approved = "" if each.approved_by else "not approved: rehearsal only"
        offers.append(
            Offer(
                each.path,
                each.plan.name,
                words.join(words.route(each.plan.route), approved),
                playlist=each.plan.playlist,
            )
        )
    return tuple(offers)


def playlist_offers(clinic: Path) -> tuple[Offer, ...]:
    """Every playlist, the clinic's own first. Reads files."""
    offers = []
    for path in playlists(clinic):
        try:
            plan = planned(path)
        except KnownError as error:
            offers.append(Offer(path, path.name, trouble=str(error)))
            continue
        offers.append(Offer(path, plan.playlist, f"{len(plan.tracks)} pieces"))
    return tuple(offers)
