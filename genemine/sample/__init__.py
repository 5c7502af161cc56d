"""The embedded PubMed: records of the project's own writing and the loopback E-utilities server."""
