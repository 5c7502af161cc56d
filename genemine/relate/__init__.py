"""From linked mentions to scored pairs and associations."""
