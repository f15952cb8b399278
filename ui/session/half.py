"""What is half-typed in a session's note line, kept safe while it is typed."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from kapdesk.facts.session import NoteTaken
from kapdesk.session.state import Session

if TYPE_CHECKING:
    from kapdesk.store.drafts import Draft, Drafts

SOON_MS = 900
"""The first key waits so long at most before the draft goes to the disk; two seconds are promised."""


class HalfTyped(QObject):
    """The drafts of one session: the one being typed, with the time of its first key, and those found after a crash."""

    def __init__(self, session: str, drafts: "Drafts", now_us: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._drafts, self._now_us = session, drafts, now_us
        self._text, self._on_disk = "", False
        self._found: list[Draft] = []
        self.first_key_us: int | None = None
        self.bring_back: Callable[[str], None] = lambda text: None
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.keep)

    def restore(self, drafts: "Iterable[Draft]", session: Session) -> None:
        """Take up what was half-typed when KapDesk last stopped; what is recorded by now is dropped."""
        there = {(h.at_us, h.fact.text) for h in session.history if isinstance(h.fact, NoteTaken)}
        for draft in drafts:
            if (draft.first_key_us, draft.text.strip()) in there:
                self._drafts.drop(draft.key)
            else:
                self._found.append(draft)

    def offer(self) -> None:
        """Put the next draft found into the empty line."""
        if self._found and not self._text:
            draft = self._found.pop(0)
            self.first_key_us = draft.first_key_us
            self._on_disk = True
            self.bring_back(draft.text)

    def begin(self) -> None:
        """The first key of a note; one that was brought back keeps its own time."""
        if self.first_key_us is None:
            self.first_key_us = self._now_us()

    def type(self, text: str) -> None:
        """What stands in the line now."""
        self._text = text
        if text and not self._soon.isActive():
            self._soon.start()
        elif not text:
            self._soon.stop()
            if self.first_key_us is not None and self._on_disk:
                self._drafts.drop(self._key())
            self.first_key_us, self._on_disk = None, False

    def keep(self) -> None:
        """Put it on the disk now."""
        from kapdesk.store.drafts import Draft

        if self._text and self.first_key_us is not None:
            self._on_disk = True
            self._drafts.keep(Draft(self._key(), self._text, self.first_key_us))

    def hand_over(self) -> str:
        """The note goes into the record: gives the key of its draft, to be dropped when it is there."""
        self.keep()
        key = self._key()
        self._soon.stop()
        self._text, self.first_key_us, self._on_disk = "", None, False
        return key

    def _key(self) -> str:
        return f"note:{self._session}:{self.first_key_us}"
