"""The one error meant for people, and the kind of it that a repair may help."""


class KnownError(Exception):
    """Something that can happen in a good program.

    Its text is one plain sentence for the person at the desk: what happened, what still works, what to do.
    Everything else that is raised is a bug, and is logged with its trace.
    """


class Damaged(KnownError):
    """The record is not as it was written. Putting it back from its copies (`kapdesk.clinic.restore`) may help."""
