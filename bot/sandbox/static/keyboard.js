/* What the keyboard does on the sandbox's pages: keys between cards, arrows in menus, and the
   commands that fit what is being typed. Everything works without it. */

"use strict";

/* -- Single keys ----------------------------------------------------------------------------- */

const PLACES = "#messages .lc-card, #mails article, #inbox article, #audit tr";
const WRITES = "input, textarea, select, [contenteditable]";
const KEYS_OFF = "lantern-keys-off";

/** Keys of one letter can be turned off, since speech input types letters (WCAG 2.1.4). */
function keysAreOn() {
  return localStorage.getItem(KEYS_OFF) === null;
}

function move(step) {
  const places = Array.from(document.querySelectorAll(PLACES));
  const here = document.activeElement.closest(PLACES);
  // Without a place, j and k begin at the first card that can be seen.
  const seen = places.findIndex((each) => each.getBoundingClientRect().bottom > 100);
  const at = here ? places.indexOf(here) + step : Math.max(seen, 0);
  const next = places[Math.min(Math.max(at, 0), places.length - 1)];
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

function write() {
  const field = document.getElementById("say") ?? document.getElementById("audit-about");
  field?.focus();
}

function showKeys() {
  const dialog = document.getElementById("keys").content.firstElementChild.cloneNode(true);
  const isOn = dialog.querySelector("input");
  isOn.checked = keysAreOn();
  isOn.addEventListener("change", () => {
    if (isOn.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  });
  // The browser gives the keyboard back to where it was.
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const KEYS = { j: () => move(1), k: () => move(-1), "/": write, "?": showKeys };

document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  const isOurs = act && !event.ctrlKey && !event.metaKey && !event.altKey && keysAreOn();
  if (!isOurs || event.target.matches(WRITES) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("#show-keys")) showKeys();
});

/* -- Arrow keys in menus --------------------------------------------------------------------- */

const MENU = ".lc-more, .who";

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest(MENU);
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  menu.open = true;
  const entries = Array.from(menu.querySelectorAll("button"));
  const at = entries.indexOf(document.activeElement);
  const places = {
    ArrowDown: (at + 1) % entries.length,
    ArrowUp: (at < 1 ? entries.length : at) - 1,
    Home: 0,
    End: entries.length - 1,
  };
  entries[places[event.key]].focus();
});

/* -- Commands, while one is being typed ------------------------------------------------------ */

const MOST_OFFERED = 8;

const composer = document.getElementById("say");
const offered = document.getElementById("commands");
const commands = Array.from(offered?.children ?? []);

/** The word after /lantern that is being typed; null where the line is no command. */
function typedCommand() {
  const line = composer.value;
  if (line && "/lantern ".startsWith(line.toLowerCase())) return "";
  const found = /^\/lantern\s+(\S*)$/i.exec(line);
  return found ? found[1].toLowerCase() : null;
}

function offer() {
  const typed = typedCommand();
  const fitting = typed === null ? [] : commands.filter((each) => each.dataset.name.startsWith(typed));
  offered.replaceChildren(...fitting.slice(0, MOST_OFFERED));
  offered.hidden = fitting.length === 0;
  point(null);
}

/** Choose an entry of the list; the writing stays in the composer. */
function point(entry) {
  for (const each of commands) each.setAttribute("aria-selected", String(each === entry));
  if (entry) composer.setAttribute("aria-activedescendant", entry.id);
  else composer.removeAttribute("aria-activedescendant");
}

function chosen() {
  return commands.find((each) => each.getAttribute("aria-selected") === "true");
}

function fill(entry) {
  composer.value = `/lantern ${entry.dataset.name} `;
  offered.hidden = true;
  point(null);
  composer.focus();
}

if (composer && offered) {
  composer.addEventListener("input", offer);
  composer.addEventListener("blur", () => { offered.hidden = true; });
  composer.form.addEventListener("submit", () => { offered.hidden = true; });
  // Before the composer sends on Enter, and before the arrows move its cursor.
  composer.addEventListener("keydown", (event) => {
    if (offered.hidden || event.isComposing) return;
    const shown = Array.from(offered.children);
    const at = shown.indexOf(chosen());
    if (event.key === "ArrowDown") point(shown[(at + 1) % shown.length]);
    else if (event.key === "ArrowUp") point(shown[(at < 1 ? shown.length : at) - 1]);
    else if (event.key === "Escape") offered.hidden = true;
    else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) fill(shown[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  offered.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the composer keeps the keyboard
    const entry = event.target.closest("[role=option]");
    if (entry) fill(entry);
  });
}
