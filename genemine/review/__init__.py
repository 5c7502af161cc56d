"""What curators judge: the queue, their verdicts, and what these say of the scores."""
