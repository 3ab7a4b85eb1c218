"""The whole walk of a sentence as one HTML page that needs nothing else: no script, no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

import numpy as np

from engine.experiment import Experiment
from lessons.exhibits import Exhibit, exhibit
from lessons.prose import Prose, prose
from lessons.readout import readout
from lessons.stages import Stage, stages
from lessons.station_figure import MOST_CANDIDATES
from lessons.words import number
from tui.commands.plain import escape as spelled_out
from tui.examples import learned
from tui.export.page_style import style_sheet
from tui.export.page_tables import MOST_COLUMNS, bars, pieces, table
from tui.messages import Words, words

MOST_CELLS = 4096
"""Numbers of a stage that are shown one head at a time; more heads than fit are only counted."""
LONGEST_HEADING = 120
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # HTML has no place for these


@dataclass(frozen=True)
class _Telling:
    """A run and the language in which it is told."""

    experiment: Experiment
    prose: Prose
    words: Words

    @property
    def line(self) -> tuple[Stage, ...]:
        return stages(self.experiment.model.config)

    @property
    def sentence(self) -> str:
        """The sentence as HTML, with everything that could reorder the page spelled out."""
        return escape(_plain(self.experiment.normal_text).strip() or self.words("page.empty"))

    @property
    def heading(self) -> str:
        """The sentence, or the beginning of a long one."""
        text = _plain(self.experiment.normal_text).strip()
        long = len(text) > LONGEST_HEADING
        return escape(text[:LONGEST_HEADING] + "…") if long else self.sentence

    def group(self, group: str) -> str:
        """The name of a part of the line."""
        name, _, block = group.partition(".")
        said = words("app", self.words.lang)
        return escape(said("line.block", n=int(block) + 1) if block else said(f"line.{name}"))


def to_page(experiment: Experiment, lang: str) -> str:
    """The page of a run in a language, "es" or "en"."""
    telling = _Telling(experiment, prose(lang), words("cli", lang))
    title = escape(words("app", lang)("app.title"))
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{lang}">',
        "<head>",
        '<meta charset="utf-8"/>',
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
        f"<title>{telling.heading} · {title}</title>",
        f"<style>\n{style_sheet()}</style>",
        "</head>",
        "<body>",
        f'<header><p class="app">{title}</p>',
        *_header(telling),
        *_contents(telling),
        "</header>",
        "<main>",
    ]
    places = {stage.id: place for place, stage in enumerate(telling.line, start=1)}
    for group, members in groupby(telling.line, key=lambda stage: stage.group):
        lines.append(f'<section><h2 id="{group}">{telling.group(group)}</h2>')
        for stage in members:
            lines += _article(telling, stage, places[stage.id])
        lines.append("</section>")
    return "\n".join([*lines, "</main>", "</body>", "</html>", ""])


def _header(telling: _Telling) -> Iterator[str]:
    """Which run it is, and how the page is to be read."""
    experiment, said = telling.experiment, telling.words
    model = experiment.model
    lang = learned(model.name) or said.lang
    yield f'<h1 lang="{lang}" dir="auto">{telling.heading}</h1>'
    yield f"<p>{escape(said('page.intro', model=model.name))}</p>"
    if (cut_at := experiment.cut_at) is not None:
        before = _plain(experiment.normal_text[max(0, cut_at - 20) : cut_at])
        n_ctx = model.config.n_ctx
        yield f"<p>{escape(said('notice.cut', n_ctx=n_ctx, cut_at=cut_at, before=before))}</p>"
    if experiment.forced:
        yield f"<p>{escape(said('page.changed'))}</p><ul>"
        yield from (f"<li><code>{escape(str(force))}</code></li>" for force in experiment.forced)
        yield "</ul>"
    yield f'<p class="quiet">{escape(said("page.colours"))}</p>'


def _contents(telling: _Telling) -> Iterator[str]:
    yield f"<nav><details><summary>{escape(telling.words('page.contents'))}</summary>"
    for group, members in groupby(telling.line, key=lambda stage: stage.group):
        yield f"<p>{telling.group(group)}</p><ul>"
        for stage in members:
            name = escape(telling.prose.stage(stage.key).name)
            yield f'<li><a href="#{stage.id}">{name}</a></li>'
        yield "</ul>"
    yield "</details></nav>"


def _article(telling: _Telling, stage: Stage, place: int) -> Iterator[str]:
    """Heading, words and numbers of one stage."""
    experiment, told = telling.experiment, telling.prose
    now = told.told(stage, experiment)
    yield f'<article id="{stage.id}"><h3><span>{place}</span>{escape(now.title)}</h3>'
    yield f"<p>{escape(now.what)}</p>"
    if now.mind:
        yield f'<p class="mind">{escape(now.mind)}</p>'
    yield f"<pre>{escape(now.formula)}</pre>"
    shown = exhibit(stage, experiment, marks=told.words.marks)
    if shown.values.size:
        here = _telling_cell(shown)
        yield f'<p class="readout">{escape(readout(stage, shown, experiment, *here, told))}</p>'
    if stage.view == "text":
        yield f'<blockquote dir="auto">{telling.sentence}</blockquote>'
    elif stage.view in ("pieces", "ids"):
        ids = [str(i) for i in shown.values[:, 0].tolist()] if stage.view == "ids" else []
        yield pieces(shown.rows, ids)
    elif stage.view in ("bars", "choice"):
        yield _candidates(telling, shown)
    else:
        yield from _tables(telling, stage, shown)
    yield "</article>"


def _candidates(telling: _Telling, shown: Exhibit) -> str:
    labels = shown.rows[:MOST_CANDIDATES]
    best = shown.values[:MOST_CANDIDATES, 0].tolist()
    if shown.scale == "sequential":
        return bars(labels, best, map(telling.prose.words.share, best), 1.0, "sequential")
    return bars(labels, best, map(number, best), max(best), "diverging")


def _tables(telling: _Telling, stage: Stage, shown: Exhibit) -> Iterator[str]:
    """The table of a stage, or one for each head, and what is left out."""
    experiment, told, said = telling.experiment, telling.prose, telling.words
    forced = experiment.trace[shown.step].forced if shown.step else None
    named = ((told.axis(shown.row_axis), "↓"), (told.axis(shown.col_axis), "→"))
    axes = " · ".join(f"{name} {arrow}" for name, arrow in named if name)
    n_heads = experiment.model.config.n_heads if stage.by_head else 1
    n_shown = min(n_heads, max(1, MOST_CELLS // shown.values.size))
    yield '<div class="tables">'
    for head in range(n_shown):
        one = shown if head == 0 else exhibit(stage, experiment, head, marks=told.words.marks)
        caption = f"{said('page.head', n=head + 1)} · {axes}" if stage.by_head else axes
        yield table(one, caption, _telling_cell(shown) if head == 0 else None, forced)
    yield "</div>"
    left_out = (
        ("listing.columns", len(shown.cols) - MOST_COLUMNS, len(shown.cols)),
        ("page.heads", n_heads - n_shown, n_heads),
    )
    missing = ", ".join(said(key, n=n, total=total) for key, n, total in left_out if n > 0)
    if missing:
        yield f'<p class="quiet">{escape(said("listing.more", parts=missing))}</p>'


def _telling_cell(shown: Exhibit) -> tuple[int, int]:
    """Which cell is read out: of the last token, and where it looks, the token it looks at most."""
    if shown.row_axis == "d_vocab":
        return 0, 0
    last = len(shown.rows) - 1
    sizes = np.nan_to_num(shown.values[last], nan=-np.inf)
    return last, int(np.argmax(sizes)) if shown.col_axis == "key" else 0


def _plain(text: str) -> str:
    return _NO_CHARACTER.sub("\ufffd", spelled_out(text))
