"""The part that makes sound: a process of its own, and the desk's link to it."""
