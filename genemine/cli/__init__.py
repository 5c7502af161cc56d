"""The command line: arguments to settings, one pipeline call, a printed report."""
