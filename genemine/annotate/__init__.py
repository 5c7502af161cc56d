"""From text to sentences, tokens and mentions."""
