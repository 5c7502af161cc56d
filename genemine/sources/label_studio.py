"""Articles with mentions and relations as pre-annotated tasks of Label Studio, and the labelling configuration that shows them.

A task's text is title + line feed + abstract; offsets count characters (code points), as Label Studio has done since 2022. What is
found stands in ``predictions``: Label Studio shows it, and a curator's annotation begins with a copy of it.

Source: Label Studio's guide, "Import pre-annotated data".
"""

from __future__ import annotations

import json
from typing import Any

from genemine.records import DISEASE, GENE
from genemine.sources.marked import ASSOCIATION, Mark, MarkedArticle, Pair

TASKS_NAME, CONFIG_NAME = "tasks.json", "labelling-config.xml"
_LABELS, _TEXT = "label", "text"
CONFIG = f"""<View>
  <Relations>
    <Relation value="{ASSOCIATION}"/>
  </Relations>
  <Labels name="{_LABELS}" toName="{_TEXT}">
    <Label value="{GENE}" background="#1f77b4"/>
    <Label value="{DISEASE}" background="#d62728"/>
  </Labels>
  <Text name="{_TEXT}" value="$text"/>
</View>
"""


def task(marked: MarkedArticle, model: str) -> str:
    """One task as JSON on one line.

    Args:
        marked: the article.
        model: stands as the version of the model; Label Studio compares the predictions of different ones.
    """
    result = [_mention(mark) for mark in marked.marks] + [_relation(pair) for pair in marked.pairs]
    prediction: dict[str, Any] = {"model_version": model, "result": result}
    if marked.marks:  # what Label Studio sorts by, the least sure first
        prediction["score"] = round(sum(mark.mention.score for mark in marked.marks) / len(marked.marks), 4)
    data = {"text": marked.article.text, "pmid": marked.article.pmid}
    return json.dumps({"data": data, "predictions": [prediction]}, ensure_ascii=False)


def _mention(mark: Mark) -> dict[str, Any]:
    mention = mark.mention
    return {
        "id": mark.id,
        "from_name": _LABELS,
        "to_name": _TEXT,
        "type": "labels",
        "value": {"start": mention.start, "end": mention.end, "text": mention.text, "labels": [mention.type]},
        "score": round(mention.score, 4),
        "meta": {"text": [mark.note]},
    }


def _relation(pair: Pair) -> dict[str, Any]:
    return {
        "type": "relation",
        "from_id": pair.gene.id,
        "to_id": pair.disease.id,
        "direction": "right",
        "labels": [ASSOCIATION],
        "meta": {"text": [pair.note]},
    }
