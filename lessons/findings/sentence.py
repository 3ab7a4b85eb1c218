"""The sentence, and the sizes of the model that reads it."""

from __future__ import annotations

from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def n_tokens(scene: Scene) -> int:
    """How many tokens the sentence has, the start token included."""
    return scene.n


@finding
def n_read(scene: Scene) -> int:
    """How many tokens the sentence has, the start token left out."""
    return scene.n - 1


@finding
def start(scene: Scene) -> str:
    """The label of the start token."""
    return scene.words.start


@finding
def first(scene: Scene) -> str:
    """The first token after the start token; the start token if there is no other."""
    return scene.quoted[min(1, scene.n - 1)]


@finding
def last(scene: Scene) -> str:
    """The last token."""
    return scene.quoted[-1]


@finding
def last_id(scene: Scene) -> str:
    """The last token's number in the vocabulary: a name and no amount."""
    return str(scene.ids[-1])


@finding
def last_pos(scene: Scene) -> int:
    """The last token's position, counted from 0, which is the start token's."""
    return scene.n - 1


@finding
def model_name(scene: Scene) -> str:
    """What the model is called."""
    return scene.experiment.model.name


@finding
def d_model(scene: Scene) -> int:
    """Numbers in a token's vector."""
    return scene.experiment.model.config.d_model


@finding
def d_head(scene: Scene) -> int:
    """Numbers in a head's vector."""
    return scene.experiment.model.config.d_head


@finding
def d_mlp(scene: Scene) -> int:
    """Neurons of a block."""
    return scene.experiment.model.config.d_mlp


@finding
def d_vocab(scene: Scene) -> int:
    """Tokens in the vocabulary."""
    return scene.experiment.model.config.d_vocab


@finding
def n_heads(scene: Scene) -> int:
    """Heads in a block."""
    return scene.experiment.model.config.n_heads


@finding
def n_layers(scene: Scene) -> int:
    """Blocks."""
    return scene.experiment.model.config.n_layers


@finding
def n_ctx(scene: Scene) -> int:
    """The longest text that the model reads, in tokens."""
    return scene.experiment.model.config.n_ctx
