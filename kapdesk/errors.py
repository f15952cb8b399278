"""The one error meant for people."""


class KnownError(Exception):
    """Something that can happen in a good program.

    Its text is one plain sentence for the person at the desk: what happened, what still works, what to do.
    Everything else that is raised is a bug, and is logged with its trace.
    """
