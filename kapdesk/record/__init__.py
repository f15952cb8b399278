"""How anything gets recorded."""
