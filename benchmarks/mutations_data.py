"""Copies as they occur in life, made of real texts: each function changes a text a little, seeded.

A plan is a list of changes; how far a copy is from its original is told by how many words are touched, and measured afterwards.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from benchmarks.abstracts_data import Text

SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
LABELS = ("BACKGROUND:", "METHODS:", "RESULTS:", "CONCLUSIONS:")
# British and American; both ways round
SPELLINGS = (
    ("tumour", "tumor"), ("haemo", "hemo"), ("anaemia", "anemia"), ("oedema", "edema"), ("oestr", "estr"),
    ("leukaemia", "leukemia"), ("paediatric", "pediatric"), ("randomised", "randomized"), ("characterised", "characterized"),
    ("analysed", "analyzed"), ("behaviour", "behavior"), ("centre", "center"),
    ("labelled", "labeled"), ("ischaemi", "ischemi"), ("aetiology", "etiology"),
    ("utilis", "utiliz"), ("hospitalis", "hospitaliz"), ("fibre", "fiber"), ("colour", "color"), ("signalling", "signaling"),
)  # fmt: skip
RIGHTS = (
    "Copyright {year} Elsevier Science Ltd. All rights reserved.",
    "(c) {year} Wiley-Liss, Inc.",
    "Copyright (c) {year} by the authors. Published by Oxford University Press on behalf of the society.",
)
SUBTITLES = ("a prospective study", "results of a randomised trial", "a review", "preliminary findings", "an in vitro study")
KEYS = "qwertyuiopasdfghjklzxcvbnm"
# not drawn as replacements: a title that says another number or month is the title of another paper
COUNTING = re.compile(
    "(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|first|second|third|fourth|fifth|sixth|"
    "seventh|eighth|ninth|tenth|january|february|march|april|may|june|july|august|september|october|november|december)"
)


@dataclass
class Maker:
    """Makes changes; ``words`` are what replacements are drawn from."""

    rng: random.Random
    words: Sequence[str]

    def copy(self, text: Text, similarity: float) -> Text:
        """Change a text so that about ``similarity`` of its shingles, by Jaccard, stay.

        Each word touched costs up to three shingles, so n * (1 - s) / (1 + s) / 3 words are touched.
        """
        n_words = len(text.whole.split())
        budget = round(n_words * (1 - similarity) / (1 + similarity) / 3)
        for change in self.rng.sample(self._cheap(), k=self.rng.choice((0, 0, 1, 1, 2))):
            text = change(text)
        while budget > 0:
            change, cost = self.rng.choice(self._costly(budget))
            text = change(text)
            budget -= cost
        return text

    def _cheap(self) -> list[Callable[[Text], Text]]:
        """Changes that a good reader hardly sees."""
        return [self.respell, self.recase, self.punctuate, self.label, self.rights, self.swap_sentences, self.bracket_title]

    def _costly(self, budget: int) -> list[tuple[Callable[[Text], Text], int]]:
        """Changes of words with what they cost, those that the budget allows."""
        changes: list[tuple[Callable[[Text], Text], int]] = [
            (self.mistype, 1),
            (self.replace_word, 1),
            (self.delete_word, 1),
            (self.insert_word, 1),
            (self.retitle, 3),
            (self.drop_sentence, 8),
        ]
        return [(change, cost) for change, cost in changes if cost <= budget]

    def _at_word(self, text: Text, change: Callable[[str], str]) -> Text:
        """Change one word of the abstract that holds no digit (a changed number may well be another finding)."""
        words = text.abstract.split()
        for _ in range(20):
            place = self.rng.randrange(len(words))
            if words[place].isalpha():
                words[place] = change(words[place])
                break
        return replace(text, abstract=" ".join(word for word in words if word))

    def mistype(self, text: Text) -> Text:
        """Leave out, double, swap or mistake a letter."""

        def slip(word: str) -> str:
            at = self.rng.randrange(len(word))
            wrong = ("", word[at] * 2, word[at + 1 : at + 2] + word[at], self.rng.choice(KEYS))[self.rng.randrange(4)]
            rest = word[at + 2 :] if wrong == word[at + 1 : at + 2] + word[at] else word[at + 1 :]
            return word[:at] + wrong + rest

        return self._at_word(text, slip)

    def replace_word(self, text: Text) -> Text:
        """Put another word for one."""
        return self._at_word(text, lambda _: self.rng.choice(self.words))

    def delete_word(self, text: Text) -> Text:
        """Leave out a word."""
        return self._at_word(text, lambda _: "")

    def insert_word(self, text: Text) -> Text:
        """Put a word before one."""
        return self._at_word(text, lambda word: f"{self.rng.choice(self.words)} {word}")

    def drop_sentence(self, text: Text) -> Text:
        """Leave out a sentence, if there are at least three."""
        sentences = SENTENCE_END.split(text.abstract)
        if len(sentences) < 3:
            return text
        del sentences[self.rng.randrange(len(sentences))]
        return replace(text, abstract=" ".join(sentences))

    def swap_sentences(self, text: Text) -> Text:
        """Let two neighbours change places."""
        sentences = SENTENCE_END.split(text.abstract)
        if len(sentences) < 2:
            return text
        at = self.rng.randrange(len(sentences) - 1)
        sentences[at], sentences[at + 1] = sentences[at + 1], sentences[at]
        return replace(text, abstract=" ".join(sentences))

    def respell(self, text: Text) -> Text:
        """Go from British to American spelling or back."""
        there, here = self.rng.choice(((0, 1), (1, 0)))
        title, abstract = text.title, text.abstract
        for pair in SPELLINGS:
            # at the start of a word: "estr" lies in "oestr", and "hemo" in "chemotherapy"
            title, abstract = (re.sub(rf"\b{pair[there]}", pair[here], words) for words in (title, abstract))
        return Text(title, abstract)

    def recase(self, text: Text) -> Text:
        """Shout the title, or put the whole text in lower case."""
        if self.rng.random() < 0.5:
            return replace(text, title=text.title.upper())
        return Text(text.title.lower(), text.abstract.lower())

    def punctuate(self, text: Text) -> Text:
        """Take out commas, or put long dashes for hyphens, and leave out the last full stop."""
        abstract = text.abstract.replace(",", "") if self.rng.random() < 0.5 else text.abstract.replace("-", "\u2013")
        return Text(text.title.rstrip("."), abstract.rstrip("."))

    def label(self, text: Text) -> Text:
        """Put section labels before four sentences."""
        sentences = SENTENCE_END.split(text.abstract)
        if len(sentences) < len(LABELS):
            return text
        places = [0, *sorted(self.rng.sample(range(1, len(sentences)), len(LABELS) - 1))]
        for place, name in zip(places, LABELS, strict=True):
            sentences[place] = f"{name} {sentences[place]}"
        return replace(text, abstract=" ".join(sentences))

    def rights(self, text: Text) -> Text:
        """Let a copyright sentence follow."""
        sentence = self.rng.choice(RIGHTS).format(year=self.rng.randrange(1995, 2026))
        return replace(text, abstract=f"{text.abstract} {sentence}")

    def bracket_title(self, text: Text) -> Text:
        """Bracket the title, as one that was translated."""
        return replace(text, title=f"[{text.title.rstrip('.')}].")

    def retitle(self, text: Text) -> Text:
        """Change a word of the title, or give it a subtitle; its numbers stay."""
        words = text.title.split()
        if ":" not in text.title and self.rng.random() < 0.3:
            return replace(text, title=f"{text.title.rstrip('.')}: {self.rng.choice(SUBTITLES)}.")
        places = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha() and not COUNTING.fullmatch(word.lower())]
        if not places:
            return text
        place = self.rng.choice(places)
        words[place] = self.rng.choice(self.words)
        return replace(text, title=" ".join(words))


def words_of(texts: Sequence[Text]) -> list[str]:
    """The words that replacements are drawn from: each as often as it occurs in the texts, small letters only."""
    found = (word for text in texts for word in text.abstract.split())
    return [word for word in found if word.isalpha() and word.islower() and len(word) > 3 and not COUNTING.fullmatch(word)]
