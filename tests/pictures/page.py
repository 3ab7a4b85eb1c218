"""One page that shows all pictures: a row a screen, its sizes and looks beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.pictures.shots import LOOKS, SIZES, Shot

_STYLE = """
body { font: 15px system-ui, sans-serif; margin: 1.5rem; background: #777; color: #111; }
nav a { margin-right: .8em; white-space: nowrap; }
.row { display: flex; gap: 1rem; overflow-x: auto; align-items: flex-start; }
figure { margin: 0 0 1rem; } figure img { width: 30rem; display: block; }
"""


def page(shots: Sequence[Shot], lang: str) -> str:
    """The page as HTML; the pictures lie beside it."""
    names = list(dict.fromkeys(shot.name for shot in shots))
    order = {(size, look): n for n, (size, look) in enumerate((s, x) for s in SIZES for x in LOOKS)}
    links = "".join(f'<a href="#{n}">{escape(name)}</a>' for n, name in enumerate(names))
    parts = [f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Desde Cero</title>']
    parts += [f"<style>{_STYLE}</style><nav>{links}</nav>"]
    for n, name in enumerate(names):
        found = [shot for shot in shots if shot.name == name]
        found.sort(key=lambda shot: order.get((shot.size, shot.look), 99))
        parts.append(f'<h2 id="{n}">{escape(name)}</h2><div class="row">')
        for shot in found:
            told = f"{shot.size[0]}x{shot.size[1]}, {shot.look}"
            file = escape(shot.file)
            parts.append(
                f'<figure><a href="{file}"><img loading="lazy" src="{file}" alt="{told}"></a>'
                f"<figcaption>{told}</figcaption></figure>"
            )
        parts.append("</div>")
    return "\n".join(parts) + "</html>\n"
