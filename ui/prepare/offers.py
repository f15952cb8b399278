"""The protocols and playlists at hand, and what hinders those that cannot be read."""

from pathlib import Path

from kapdesk import paths
from kapdesk.clinic.music import planned, playlists
from kapdesk.clinical import protocol
from kapdesk.errors import KnownError
from ui import words
from ui.prepare.plan import Offer


def protocol_offers(clinic: Path) -> tuple[Offer, ...]:
    """Every protocol, the clinic's own first. Reads files."""
    own, shipped = clinic / "protocols", paths.shipped("resources", "protocols")
    offers = []
    for path in [*sorted(own.glob("*.toml")), *sorted(shipped.glob("*.toml"))]:
        try:
            plan, _ = protocol.read(path)
        except KnownError as error:
            offers.append(Offer(path, path.name, trouble=str(error)))
            continue
        said = words.join(words.route(plan.route), f"vitals every {plan.vitals_every_min} min")
        offers.append(Offer(path, plan.name, said))
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
