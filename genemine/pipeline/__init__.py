"""The steps in order: collect, clean, annotate, link, relate, tabulate."""
