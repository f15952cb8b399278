"""`python -m kapdesk` is the command `kapdesk`."""

from kapdesk.cli import main

main()
