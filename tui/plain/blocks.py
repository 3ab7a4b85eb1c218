"""What stands on a card or on a question, as paragraphs. Pure.

The screens set these blocks in colours, and mark with a sign what is right and what was chosen;
here that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tui.messages import Words
from tui.renderables.card_text import Block

RIGHT = "✓"
_SIGNS = "›✓·◐○"


def paragraphs(blocks: Iterable[Block], words: Words, again: bool = True) -> list[str]:
    """The text of blocks. again: those too that only repeat what was asked."""
    said = (block_text(block, words) for block in blocks if again or not block.spare)
    return [text for text in said if text]


def ended(text: str) -> str:
    """A heading with a full stop, unless it ends in a sign of its own."""
    return text if text[-1:] in ".:;?!…" else f"{text}."


def block_text(block: Block, words: Words) -> str:
    """A block in words; items side by side with commas between them."""
    between = ", " if block.chips else ""
    text = between.join(bit.text for bit in block.bits).replace("\u00a0 ", " ").strip()
    signs = [bit.text for bit in block.lead]
    head = " ".join("".join(signs).translate({ord(sign): None for sign in _SIGNS}).split())
    head = re.sub(r"^(\w)(?= |$)", r"\1)", head)
    if len(signs) > 1 and RIGHT in signs[0]:
        text = f"{text.rstrip('.')} {words('mark.right')}"
    return f"{head} {text}".strip()
