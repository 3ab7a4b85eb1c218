"""The completion as a script of a shell. Pure: the table goes in, the text comes out.

bash and zsh: a function finds the command on the line and looks up what stands after it. fish has
a line for each thing that can be completed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from shlex import quote

from tui.completion.table import Completed, Option, Values

_BASH = """\
# Completion of desdecero for bash. In ~/.bashrc: eval "$(desdecero completion bash)"
_desdecero() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
    local command="" place=0 skip=0 i
    [[ $current == "=" ]] && current=""
    [[ $previous == "=" ]] && previous=${{COMP_WORDS[COMP_CWORD-2]}}
    for ((i = 1; i < COMP_CWORD; i++)); do
        if ((skip)) && [[ ${{COMP_WORDS[i]}} != "=" ]]; then skip=0; continue; fi
        case "$command ${{COMP_WORDS[i]}}" in
{taking}
            *" ="|*" -"?*) ;;
            *) if [[ -z $command ]]; then command=${{COMP_WORDS[i]}}; else ((place++)); fi ;;
        esac
    done
    local words="" paths=""
    case "$command $previous" in
{values}
        *) if [[ $current == -* ]]; then
            case "$command" in
{options}
            esac
        else
            case "$command $place" in
{places}
            esac
        fi ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    case $paths in
        file) COMPREPLY+=($(compgen -f -- "$current")) ;;
        folder) COMPREPLY+=($(compgen -d -- "$current")) ;;
    esac
    [[ -n $paths ]] && compopt -o filenames 2>/dev/null
    return 0
}}
complete -F _desdecero desdecero
"""

_ZSH = """\
#compdef desdecero
# Completion of desdecero for zsh. In ~/.zshrc, after compinit: eval "$(desdecero completion zsh)"
_desdecero() {{
    local current=${{words[CURRENT]}} previous=${{words[CURRENT-1]}}
    local command="" paths="" word
    local -i place=0 skip=0
    local -a found
    for word in "${{(@)words[2,CURRENT-1]}}"; do
        if ((skip)); then skip=0; continue; fi
        case "$command $word" in
{taking}
            (*" -"?*) ;;
            (*) if [[ -z $command ]]; then command=$word; else ((place++)); fi ;;
        esac
    done
    case "$command $previous" in
{values}
        (*) if [[ $current == -* ]]; then
            case "$command" in
{options}
            esac
            _describe option found
            return
        else
            case "$command $place" in
{places}
            esac
        fi ;;
    esac
    (($#found)) && _describe value found
    case $paths in
        (file) _files ;;
        (folder) _files -/ ;;
    esac
}}
compdef _desdecero desdecero
"""

_FISH = """\
# Completion of desdecero for fish. In ~/.config/fish/config.fish:
#     desdecero completion fish | source
complete -c desdecero -f
"""


def bash(found: Sequence[Completed]) -> str:
    """The script for bash, of version 3.2 on."""
    return _filled(_BASH, found, _bash_words, _bash_words, "")


def zsh(found: Sequence[Completed]) -> str:
    """The script for zsh."""
    return _filled(_ZSH, found, _zsh_words, _zsh_told, "(")


def fish(found: Sequence[Completed]) -> str:
    """The script for fish."""
    names = " ".join(command.name for command in found[1:])
    alone = f"not __fish_seen_subcommand_from {names}"
    lines = [
        f"complete -c desdecero -n {quote(alone)} -a {command.name} -d {quote(command.help)}"
        for command in found[1:]
    ]
    for command in found:
        here = f"__fish_seen_subcommand_from {command.name}" if command.name else alone
        start = f"complete -c desdecero -n {quote(here)}"
        lines += [f"{start}{_fish_option(option)}" for option in command.options]
        # fish does not count places: what can stand in any of them is offered.
        words = [word for place in command.places for word in place.words]
        if words:
            lines.append(f"{start} -a {quote(' '.join(words))}")
        if any(place.paths for place in command.places):
            lines.append(f"{start} -F")
    return _FISH + "\n".join(lines) + "\n"


SHELLS: Mapping[str, Callable[[Sequence[Completed]], str]] = {
    "bash": bash,
    "zsh": zsh,
    "fish": fish,
}


def _fish_option(option: Option) -> str:
    names = "".join(
        f" -l {flag[2:]}" if flag.startswith("--") else f" -s {flag[1:]}" for flag in option.flags
    )
    told = f"{names} -d {quote(option.help)}"
    if option.values is None:
        return told
    words = f" -a {quote(' '.join(option.values.words))}" if option.values.words else ""
    return f"{told} -r{' -F' if option.values.paths else ''}{words}"


def _filled(
    script: str,
    found: Sequence[Completed],
    words_of: Callable[[Iterable[tuple[str, str]]], str],
    told_of: Callable[[Iterable[tuple[str, str]]], str],
    opening: str,
) -> str:
    """A script of the form that bash and zsh share; `opening` begins a pattern of a case."""

    def case(patterns: Iterable[str], body: str) -> str:
        return f"{opening}{'|'.join(patterns)}) {body} ;;"

    def given(values: Values) -> str:
        paths = f"; paths={values.paths}" if values.paths else ""
        return words_of((word, "") for word in values.words) + paths

    values, taking = [], []
    for command in found:
        valued = [(one.flags, one.values) for one in command.options if one.values is not None]
        patterns = [[quote(f"{command.name} {flag}") for flag in flags] for flags, _ in valued]
        values += [case(x, given(here)) for x, (_, here) in zip(patterns, valued, strict=True)]
        taking += [case(chain(*patterns), "skip=1")] if valued else []
    options = [
        case(
            [quote(command.name)],
            told_of((flag, one.help) for one in command.options for flag in one.flags),
        )
        for command in found
    ]
    commands = told_of((command.name, command.help) for command in found[1:])
    places = [case([quote(" 0")], commands)]
    for command in found[1:]:
        for at, place in enumerate(command.places):
            last = command.more and at == len(command.places) - 1
            pattern = f"{quote(command.name + ' ')}*" if last else quote(f"{command.name} {at}")
            if place != Values():
                places.append(case([pattern], given(place)))
    return script.format(
        taking=_indented(taking, 12),
        values=_indented(values, 8),
        options=_indented(options, 16),
        places=_indented(places, 16),
    )


def _indented(lines: Sequence[str], by: int) -> str:
    return "\n".join(" " * by + line for line in lines)


def _bash_words(found: Iterable[tuple[str, str]]) -> str:
    return f"words={quote(' '.join(word for word, _ in found))}"


def _zsh_words(found: Iterable[tuple[str, str]]) -> str:
    return f"found=({' '.join(quote(_plain(word)) for word, _ in found)})"


def _zsh_told(found: Iterable[tuple[str, str]]) -> str:
    return f"found=({' '.join(quote(f'{_plain(word)}:{told}') for word, told in found)})"


def _plain(word: str) -> str:
    return word.replace(":", "\\:")
