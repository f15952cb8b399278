"""Days without the computer: the sheet to print before, and the grid to enter it from afterwards."""
