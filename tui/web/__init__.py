"""The app in a web page, for visitors: what `desdecero serve` does. Needs the extra `web`."""
