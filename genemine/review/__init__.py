"""People's verdicts on sentences: what to ask first, the page that asks, the file that keeps each answer, and what they say."""
