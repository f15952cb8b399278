"""Looking at the sound from outside of what makes it: outputs, other programs, and whether anything is heard."""
