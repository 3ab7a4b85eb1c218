"""How much of everyday language is words of the small world (python tests/coverage_of_language.py).

A development-time check: it needs the optional extra "words" (wordfreq).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from engine.corpus.world import World

COMMON = 20_000  # words of the frequency list; rarer ones are counted as not covered


def coverage(language: str, words: Iterable[str]) -> tuple[float, list[str]]:
    """The share of running words that are in `words`, and the missing ones, most frequent first."""
    from wordfreq import top_n_list, word_frequency

    known = {word.lower() for word in words}
    common = top_n_list(language, COMMON)
    share = sum(word_frequency(word, language) for word in common if word in known)
    return share, [word for word in common if word not in known]


def main(languages: Iterable[str] = ("es", "en")) -> int:
    for language in languages:
        try:
            share, missing = coverage(language, World.load(language).words())
        except Exception as error:  # the world or the word list may not be there yet
            print(f"{language}: {error}", file=sys.stderr)
            continue
        print(f"{language}: {share:.1%} of running words; missing: {' '.join(missing[:120])}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ("es", "en")))
