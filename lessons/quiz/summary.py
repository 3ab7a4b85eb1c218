"""Questions on the whole: its path, its pieces, their sizes, and what was learned."""

from __future__ import annotations

from random import Random

from engine.expr import Ref
from lessons.figures.stream import unembedding_name
from lessons.quiz.build import hints
from lessons.quiz.late import candidates, where
from lessons.quiz.late_forms import all_question, match_question, order_question
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene

LESSON = "summary"


@generator("summary-path", LESSON)
def summary_path(scene: Scene, rng: Random) -> Question | None:
    """The path of the sentence through this model, in order."""
    config = scene.experiment.model.config
    best = candidates(scene, 1)
    if not best:
        return None
    names = ["ids", "embed", "position", "attention", "mlp", "repeat", "logits", "probs"]
    if config.positions == "none":
        names.remove("position")
    if config.n_layers < 2:
        names.remove("repeat")
    kept = sorted(rng.sample(range(len(names)), 6))
    places = {
        "n": scene.n,
        "n_layers": config.n_layers,
        "table": unembedding_name(config),
        "where": where(scene),
    }
    return order_question(
        scene,
        rng,
        "summary-path",
        LESSON,
        {names[i]: said(scene, "summary-path", names[i], **places) for i in kept},
        places,
        Ref("probs", (scene.experiment.asked, best[0].id)),
    )


# Pieces that are taken for one another, and whose mistake that is.
_TWINS = (
    ("swapped-query-key", ("query", "key")),
    ("key-for-value", ("key", "value")),
    ("feed-forward-mixes", ("attention", "mlp")),
)
_PIECES = ("embed", "mask", "residual", "norm", "unembed", "softmax", "heads", "position")


@generator("summary-pieces", LESSON)
def summary_pieces(scene: Scene, rng: Random) -> Question | None:
    """The pieces of the model, and what each does."""
    config = scene.experiment.model.config
    others = [piece for piece in _PIECES if piece != "mask" or config.causal]
    others = [one for one in others if one != "position" or config.positions != "none"]
    mistake, twins = rng.choice(_TWINS)
    names = [*twins, *rng.sample(others, 2)]
    return match_question(
        scene,
        rng,
        "summary-pieces",
        LESSON,
        {
            name: (
                said(scene, "summary-pieces", name),
                said(scene, "summary-pieces", f"{name}_does"),
            )
            for name in names
        },
        swaps={mistake: twins},
        hint=said(scene, "summary-pieces", f"hint_{mistake}"),
        why=said(scene, "summary-pieces", f"as-{mistake}"),
    )


@generator("summary-sizes", LESSON)
def summary_sizes(scene: Scene, rng: Random) -> Question | None:
    """How many numbers there are at some steps of this run."""
    config, n = scene.experiment.model.config, scene.n
    sizes = {
        "vectors": f"{n} × {config.d_model}",
        "query": f"{n} × {config.d_head}",
        "pattern": f"{n} × {n}",
        "hidden": f"{n} × {config.d_mlp}",
        "logits": scene.words.whole(config.d_vocab),
    }
    names = rng.sample(list(sizes), 4)
    block = rng.randrange(config.n_layers)
    return match_question(
        scene,
        rng,
        "summary-sizes",
        LESSON,
        {
            name: (said(scene, "summary-sizes", name, block=block + 1), sizes[name])
            for name in names
        },
        about={"block": block},
        n=n,
        d_model=config.d_model,
        d_head=config.d_head,
        d_mlp=config.d_mlp,
        d_vocab=scene.words.whole(config.d_vocab),
    )


_LEARNED = ("W_E", "W_Q", "W_V", "W_in", "gain")
_CHOSEN = ("d_model", "n_layers", "n_heads", "temperature", "d_mlp")


@generator("summary-learned", LESSON)
def summary_learned(scene: Scene, rng: Random) -> Question | None:
    """Which numbers of this model training has found."""
    config = scene.experiment.model.config
    block = rng.randrange(config.n_layers)
    places = {
        "block": block + 1,
        "n_layers": config.n_layers,
        "n_heads": config.n_heads,
        "d_model": config.d_model,
        "d_mlp": config.d_mlp,
    }
    n_learned = rng.choice((2, 3))
    names = [*rng.sample(_LEARNED, n_learned), *rng.sample(_CHOSEN, 5 - n_learned)]
    if rng.random() < 0.5 and config.positions != "none":
        names[-1] = f"positions_{config.positions}"
    learned = (*_LEARNED, "positions_learned")
    options = [
        (
            said(scene, "summary-learned", name, **places),
            name in learned,
            "" if name in learned else "chosen-as-learned",
        )
        for name in names
    ]
    return all_question(
        scene,
        rng,
        "summary-learned",
        LESSON,
        options,
        about={"names": " ".join(names), "block": block},
    )


@generator("summary-tell", LESSON)
def summary_tell(scene: Scene, rng: Random) -> Question | None:
    """The whole, told in five lines."""
    config = scene.experiment.model.config
    best = candidates(scene, 1)
    if not best:
        return None
    places: dict[str, object] = {
        "n": scene.n,
        "d_model": config.d_model,
        "n_layers": config.n_layers,
        "n_heads": config.n_heads,
        "d_vocab": scene.words.whole(config.d_vocab),
        "where": where(scene),
        "top": best[0].name,
        "share": scene.words.share(best[0].prob),
    }
    id = "summary-tell"
    keys = ["text", "looks_back" if config.causal else "looks_both", "mlp", "repeat", "predict"]
    if config.positions == "none":
        keys[0] = "text_no_position"
    if config.n_layers < 2:
        keys[3] = "single"
    lines = [said(scene, id, key, **places) for key in keys]
    return Question(
        id,
        LESSON,
        "open",
        said(scene, id, "prompt", **places),
        " ".join(lines),
        hints(scene, id, **places),
        said(scene, id, "worked", **places),
        points=tuple(said(scene, id, f"{key}_point", **places) for key in keys),
        ref=Ref("probs", (scene.experiment.asked, best[0].id)),
        about={"top": best[0].id},
    )
