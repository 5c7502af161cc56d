"""From parsed records to clean text, each article once."""
