"""What lies in the safe: what came in, went back, was destroyed or found by a count."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import cast, get_args

import click

from kapdesk.cli.common import JSON, actor, opened, print_json, signing_in, typed
from kapdesk.errors import KnownError
from kapdesk.facts.stock import StockMove, StockMoved


@click.command()
@signing_in
@click.argument("what", type=click.Choice([each.replace(" ", "-") for each in get_args(StockMove)]))
@click.argument("medication")
@click.argument("mg")
@click.option("--lot", default="", help="As printed on it.")
@click.option("--expiry", default="", help="As printed on it.")
@click.option("--words", default="", help="From whom, to whom, or why.")
@click.option("--witness", metavar="NAME", default=None, help="The second person, whose password is asked for.")
@click.option("--witness-password-fd", type=click.IntRange(0), default=None, help="As --password-fd, of the second.")
@JSON
def stock(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    what: str,
    medication: str,
    mg: str,
    lot: str,
    expiry: str,
    words: str,
    witness: str | None,
    witness_password_fd: int | None,
    as_json: bool,
) -> None:
    """Record that a medication (MG milligrams of one lot) came in, went back, was destroyed or counted."""
    amount_ug = _micrograms(mg)
    with opened(folder, who, password_fd) as clinic:
        second = ""
        if witness is not None:
            second = clinic.ring.sign_in(
                witness, typed(witness_password_fd, f"Password of {witness}", "--witness-password-fd")
            )
        move = cast(StockMove, what.replace("-", " "))
        fact = StockMoved(medication.strip(), lot.strip(), move, amount_ug, words.strip(), expiry.strip(), second)
        clinic.recorder.record(fact, actor(clinic)).kept.result()
    if as_json:
        print_json(fact)
    else:
        click.echo(f"On record: {mg} mg of {medication} {move}{'' if second else ', NOT WITNESSED'}.")


def _micrograms(mg: str) -> int:
    """Milligrams as typed. Raises KnownError for what is not exactly so many micrograms."""
    try:
        amount = Decimal(mg.replace(",", ".")) * 1000
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount != amount.to_integral_value():
        raise KnownError(f"{mg} is no amount. Say it in milligrams, for example 500; nothing was recorded.")
    return int(amount)
