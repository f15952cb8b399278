"""KapDesk runs a ketamine-assisted psychotherapy session and keeps its record. This package knows no Qt."""
