// Starts the terminal of the page, which terminal.js draws, and says why it is over.
"use strict";

// Keys that belong to the browser: the terminal would swallow them.
const ALONE = new Set(["F5", "F11", "F12"]);
const WITH_CONTROL = new Set(["r", "R", "v", "V", "+", "-", "=", "0"]);

// The letters are as large as can be, with 80 columns and 24 lines in the window.
const COLUMNS = 80;
const LINES = 24;
const CELL = [0.61, 1.33]; // width and height of a letter in Roboto Mono, by its size
const LEAST = 10;
const MOST = 16;

function fontSize() {
  const wide = window.innerWidth / COLUMNS / CELL[0];
  const high = window.innerHeight / LINES / CELL[1];
  return Math.max(LEAST, Math.min(MOST, Math.floor(Math.min(wide, high))));
}

function isTheBrowsers(event) {
  return ALONE.has(event.key) || ((event.ctrlKey || event.metaKey) && WITH_CONTROL.has(event.key));
}

function sayWhy(reason) {
  const over = document.querySelector(".over");
  const known = navigator.cookieEnabled || reason === "full" ? reason : "forgotten";
  document.querySelector("#why").textContent = over.dataset[known] || over.dataset.lost;
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

// Browsers keep their clipboard from pages that did not come over an encrypted line or from this
// computer; what a page has selected can be copied all the same.
function copy(text) {
  const area = document.createElement("textarea");
  const before = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  before?.focus();
  return Promise.resolve();
}

// A new window for a file would be shut out as an advertisement by many browsers.
function save(address) {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}

function standIn() {
  if (!navigator.clipboard) {
    const clipboard = { writeText: copy, readText: () => Promise.resolve("") };
    Object.defineProperty(navigator, "clipboard", { value: clipboard });
  }
  const { open } = window;
  const files = new URL("download/", window.location.href).href;
  window.open = (address, ...rest) =>
    String(address).startsWith(files) ? save(address) : open.call(window, address, ...rest);
  window.WebSocket = ToldSocket;
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
  standIn();
  const url = new URL("ws", window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = "";
  const terminal = document.querySelector(".textual-terminal");
  terminal.dataset.sessionWebsocketUrl = url.href;
  terminal.dataset.fontSize = fontSize();
  // The terminal measures its font once: it has to be there before.
  const faces = ["", "bold ", "italic "].map((kind) => kind + terminal.dataset.fontSize + "px 'Roboto Mono'");
  await Promise.allSettled(faces.map((face) => document.fonts.load(face)));
  const script = document.createElement("script");
  script.src = "static/terminal.js";
  script.onload = () => window.onload(); // it waits for an event that was before its time
  document.head.append(script);
}

window.addEventListener("load", start);
