"""Judge a linker on gold mentions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from genemine.evaluate.linking import Gold, Tally
from genemine.link.lexicon import Lexicon
from genemine.models.gold_links import GoldDocument
from genemine.records import DISEASE, Link, Mention


class MentionLinker(Protocol):
    """Whatever gives mentions their identifiers."""

    def link(self, text: str, mentions: Sequence[Mention], short_forms: Mapping[str, str] | None = None) -> Sequence[Link]:
        """Give at least one link for each mention, in their order."""
        ...


def tally(linker: MentionLinker, documents: Iterable[GoldDocument], type_: str, lexicon: Lexicon) -> Tally:
    """Judge a linker on the gold mentions of one type; those without an identifier that is asked for are left out."""
    counts = Tally()
    for document in documents:
        by_mention = linked(linker, document, type_)
        for mention, ids in zip(document.mentions, document.ids, strict=True):
            gold = asked(ids, type_, lexicon) if mention.type == type_ else ()
            if gold:
                counts.add(by_mention[mention], gold)
    return counts


def linked(linker: MentionLinker, document: GoldDocument, type_: str) -> dict[Mention, list[Link]]:
    """Link the gold mentions of one type; gives the links of each."""
    mentions = [mention for mention in document.mentions if mention.type == type_]
    found: dict[Mention, list[Link]] = {}
    for link in linker.link(document.text, mentions, document.short_forms):
        found.setdefault(link.mention, []).append(link)
    return found


def asked(ids: Gold, type_: str, lexicon: Lexicon) -> Gold:
    """Give what is asked of a mention: all its parts; of genes those that the lexicon holds, which are human as a rule."""
    if type_ == DISEASE:
        return ids
    return tuple(part for part in ids if any(lexicon.genes.row_of(curie) is not None for curie in part))
