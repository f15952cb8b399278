"""What leaves the house, in forms that others read."""
