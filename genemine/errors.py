"""What can go wrong, and who is told.

GenemineError          every error a user can mend; the command line prints it and exits with status 2
 +-- ConfigError       a setting, option or environment variable is wrong or missing
 +-- QueryError        a PubMed query or its dates cannot be asked
 +-- SourceError       PubMed, a file server or a file cannot be read
 +-- RecordError       one record or corpus line is broken; batches quarantine it and go on
 +-- VocabularyError   a lexicon is missing, empty or foreign
 +-- BundleError       a trained model is missing, damaged or of another version
 +-- StorageError      the data folder cannot be read or written
 |    +-- BusyError    another run holds it
 +-- HeldBackError     tables were made and are too unlike those in use; a person has to look
 +-- WorkerError       a process that shared the work died

A message says where, what and how to mend. Errors of libraries are translated where the library is called, with ``from``.
"""

from __future__ import annotations


class GenemineError(Exception):
    """Base of every error that a user can mend."""


class ConfigError(GenemineError):
    """A setting, option or environment variable is wrong or missing."""


class QueryError(GenemineError):
    """A PubMed query or its dates cannot be asked."""


class SourceError(GenemineError):
    """PubMed, a file server or a file cannot be read."""


class RecordError(GenemineError):
    """One record or corpus line is broken."""


class VocabularyError(GenemineError):
    """A lexicon is missing, empty or foreign."""


class BundleError(GenemineError):
    """A trained model is missing, damaged or of another version."""


class StorageError(GenemineError):
    """The data folder cannot be read or written."""


class BusyError(StorageError):
    """Another run holds the data folder."""


class HeldBackError(GenemineError):
    """Tables were made and are too unlike those in use; a person has to look."""


class WorkerError(GenemineError):
    """A process that shared the work died."""
