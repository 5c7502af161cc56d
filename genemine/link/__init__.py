"""From mentions to identifiers."""
