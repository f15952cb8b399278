"""Before the first dose: the patient, the plan, and the arrival."""
