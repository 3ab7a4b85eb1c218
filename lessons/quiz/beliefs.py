"""What whoever judges a claim wrongly believes: the names of these mistakes, by claim.

Where a generator knows a mistake by itself, that one counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from lessons.quiz.question import Mistake, Question
from lessons.quiz.registry import said
from lessons.scene import Scene

BELIEFS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "block-facts": {
            "matrices": "shared-blocks",
            "size": "leaves-wide",
            "talks": "open-as-masked",
        },
        "dimensions-truth": {
            "alone": "named-dimension",
            "whole": "named-dimension",
            "equal": "length-of-its-own",
            "letters": "length-of-its-own",
            "found": "chosen-as-learned",
            "free": "chosen-as-learned",
            "published": "width-as-size",
        },
        "dot-truth": {
            "positive-alike": "sign-misread",
            "positive-against": "sign-misread",
            "negative-alike": "sign-misread",
            "negative-against": "sign-misread",
            "turned": "sign-misread",
            "itself": "sign-misread",
            "longer": "length-forgotten",
            "longer-same": "length-forgotten",
            "cosine-same": "length-counted",
            "cosine-longer": "length-counted",
        },
        "faded-more": {"more": "last-fades-first"},
        "generation-facts": {
            "greedy": "greedy-as-chance",
            "evens": "temperature-backwards",
            "runs": "written-at-once",
        },
        "id-claim": {"moved": "id-by-sentence", "same": "id-by-sentence", "place": "id-is-size"},
        "learning-facts": {
            "which": "most-expected",
            "half": "loss-in-proportion",
            "moves": "partial-correction",
        },
        "learning-truth": {
            "nobody": "likeness-by-hand",
            "list": "likeness-by-hand",
            "person": "likeness-by-hand",
            "chance": "knew-before-training",
            "knew": "knew-before-training",
            "compared": "most-expected",
        },
        "ln-same": {"times": "forgot-scale", "one": "one-for-all", "negate": "lost-sign"},
        "one-hot-claim": {"equal": "id-is-size", "apart": "id-is-size"},
        "position-truth": {
            "without": "order-for-free",
            "bag": "order-for-free",
            "swapped": "position-of-a-word",
            "any-word": "position-of-a-word",
            "grows": "put-beside",
            "not-learned": "chosen-as-learned",
            "learned": "learned-as-chosen",
        },
        "projection-truth": {
            "same-matrix": "own-parameters",
            "own-matrix": "own-parameters",
            "same-bias": "own-parameters",
            "own-bias": "own-parameters",
            "whole": "number-to-number",
            "place": "number-to-number",
            "cut": "number-to-number",
        },
        "qkv-truth": {
            "same_source": "sources-apart",
            "same_matrix": "own-parameters",
            "own_matrix": "own-parameters",
            "sizes": "lengths-apart",
        },
        "scaling-truth": {
            "learned": "chosen-as-learned",
            "sharper": "root-backwards",
            "flatter": "root-backwards",
            "keeps": "dividing-reorders",
            "positive": "dividing-reorders",
        },
        "summary-facts": {
            "proof": "weight-as-proof",
            "mask": "open-as-masked",
            "no-mask": "open-as-masked",
        },
    }
)


def believing(scene: Scene, question: Question, claim: str) -> Question:
    """The question with the mistake of whoever judges its claim wrongly, where that has a name."""
    name = BELIEFS.get(question.id, {}).get(claim, "")
    if question.mistakes or not name:
        return question
    told = said(scene, name, "feedback")
    return replace(question, mistakes=(Mistake(name, not question.answer, told),))
