"""Who may open the clinic: passwords, PINs, and the file in which the clinic's keys are sealed to its people."""
