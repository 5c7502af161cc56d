"""Articles with mentions and relations as brat's standoff files: ``PMID.txt`` with the text, ``PMID.ann`` with the marks in it.

::

    T1<TAB>Gene 0 5<TAB>BRCA1
    N1<TAB>Reference T1 ncbigene:672<TAB>BRCA1
    #1<TAB>AnnotatorNotes T1<TAB>score 0.9812; ncbigene:672 BRCA1
    R1<TAB>Association Arg1:T1 Arg2:T2

Offsets count characters (code points), as brat does.

Source: Stenetorp et al. 2012, EACL Demonstrations, and brat's own page "brat standoff format".
"""

from __future__ import annotations

from genemine.records import DISEASE, GENE
from genemine.sources.marked import ASSOCIATION, MarkedArticle

CONFIG_NAME = "annotation.conf"
# A gene may be named within a disease ("BRCA1-associated cancer"), which brat has to be told.
CONFIG = f"""[entities]
{GENE}
{DISEASE}
[relations]
{ASSOCIATION}\tArg1:{GENE}, Arg2:{DISEASE}
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>
[events]
[attributes]
"""


def brat_text(marked: MarkedArticle) -> str:
    """What ``PMID.txt`` holds: title, line feed, abstract; a line feed at the end."""
    return f"{marked.article.text}\n"


def brat_annotations(marked: MarkedArticle) -> str:
    """What ``PMID.ann`` holds."""
    lines: list[str] = []
    references = notes = 0
    for mark in marked.marks:
        mention = mark.mention
        lines.append(f"{mark.id}\t{mention.type} {mention.start} {mention.end}\t{_one_line(mention.text)}")
        for link in mark.links:
            if link.curie:
                references += 1
                lines.append(f"N{references}\tReference {mark.id} {link.curie}\t{_one_line(link.name)}")
        notes += 1
        lines.append(f"#{notes}\tAnnotatorNotes {mark.id}\t{_one_line(mark.note)}")
    for pair in marked.pairs:
        notes += 1
        lines.append(f"{pair.id}\t{ASSOCIATION} Arg1:{pair.gene.id} Arg2:{pair.disease.id}")
        lines.append(f"#{notes}\tAnnotatorNotes {pair.id}\t{pair.note}")
    return "".join(f"{line}\n" for line in lines)


def _one_line(text: str) -> str:
    """In brat a line feed ends an annotation and a tab ends a column."""
    return text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
