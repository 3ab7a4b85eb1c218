// Starts the terminal of the page, which terminal.js draws, and says why it is over.
"use strict";

// Keys that belong to the browser: the terminal would swallow them.
const ALONE = new Set(["F5", "F11", "F12"]);
const WITH_CONTROL = new Set(["r", "R", "+", "-", "=", "0"]);

function isTheBrowsers(event) {
  return ALONE.has(event.key) || ((event.ctrlKey || event.metaKey) && WITH_CONTROL.has(event.key));
}

function sayWhy(reason) {
  const over = document.querySelector(".over");
  document.querySelector("#why").textContent = over.dataset[reason] || over.dataset.lost;
  document.querySelector("#again").focus();
}

// terminal.js opens a socket and does not tell how it closed, nor does it take the keyboard.
class ToldSocket extends WebSocket {
  constructor(...details) {
    super(...details);
    this.addEventListener("close", (event) => {
      document.body.classList.add("-closed");
      sayWhy(event.reason);
    });
    this.addEventListener("open", () => {
      document.querySelector(".xterm-helper-textarea")?.focus();
    });
  }
}

async function start() {
  document.querySelector("#again").addEventListener("click", () => window.location.reload());
  if (document.body.classList.contains("-closed")) {
    return;
  }
  window.addEventListener(
    "keydown",
    (event) => isTheBrowsers(event) && event.stopImmediatePropagation(),
    true,
  );
  window.WebSocket = ToldSocket;
  const url = new URL("ws", window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = "";
  document.querySelector(".textual-terminal").dataset.sessionWebsocketUrl = url.href;
  // The terminal measures its font once: it has to be there before.
  const faces = ["", "bold ", "italic "].map((kind) => kind + "16px 'Roboto Mono'");
  await Promise.allSettled(faces.map((face) => document.fonts.load(face)));
  const script = document.createElement("script");
  script.src = "static/terminal.js";
  script.onload = () => window.onload(); // it waits for an event that was before its time
  document.head.append(script);
}

window.addEventListener("load", start);
