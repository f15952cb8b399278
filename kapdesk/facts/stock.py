"""What can be recorded of the clinic's stock of medications, outside the visits."""

from typing import Literal

from kapdesk.facts.fact import Fact, Whole

StockMove = Literal["came in", "went back", "destroyed", "counted"]


class StockMoved(Fact, frozen=True, tag="stock-moved"):
    """What lies in the safe of a medication's lot became more or less, or was counted and found to be so much (µg).

    `words`: from whom, to whom, or why; `expiry` as printed on it. `witnessed_by` is the second person who saw it, ""
    for nobody. What is drawn for a visit and returned from it is counted there.
    """

    medication: str
    lot: str
    what: StockMove
    amount_ug: Whole
    words: str = ""
    expiry: str = ""
    witnessed_by: str = ""
