"""Pure string help that every stage may use."""

from __future__ import annotations
