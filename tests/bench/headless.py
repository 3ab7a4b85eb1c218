"""What the benches of the app share: a terminal that shows nothing, a walk that is ready."""

from asyncio import sleep

from textual.drivers.headless_driver import HeadlessDriver

from tui.screens.walk import WalkScreen

TEXTS = {
    "es": "El gato se subió al árbol porque tenía miedo del",
    "en": "The cat climbed the tree because it was afraid of the",
}


class CountingDriver(HeadlessDriver):
    """A terminal that takes everything and shows nothing."""

    is_headless = False  # or nothing would be written
    written = 0

    def write(self, data):
        self.written += len(data)


async def ready(app):
    """The walk of a running app, drawn and at rest."""
    while not isinstance(app.screen, WalkScreen):
        await sleep(0.02)
    await sleep(0.3)
    return app.screen
