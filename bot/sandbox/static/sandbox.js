/* What the sandbox's pages gain from a script. Everything works without it: this sends the same
   forms, gets the same pages back, and takes out of them what is new. */

"use strict";

const CHANNEL_FORMS = /^\/sandbox\/(say|act|submit)$/;
const NO_ANSWER = "Lantern did not answer. Check that it is still running, then try again.";
const PATIENCE = 1500; // milliseconds until it is said that an answer takes longer

const byId = (id) => document.getElementById(id);

/* -- Renewing the page --------------------------------------------------------------------- */

async function load(address, options = {}) {
  const response = await fetch(address, { credentials: "same-origin", ...options });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { response, page };
}

/** Bring lists and their contents up to date with a newer version of this page. */
function renew(page) {
  if (page.body.dataset.person !== document.body.dataset.person) {
    location.reload(); // someone else was chosen in another tab
    return;
  }
  const said = [];
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const list = byId(fresh.id);
    if (list?.hasAttribute("data-live")) renewList(list, fresh, said);
  }
  for (const fresh of page.querySelectorAll("[data-revision]")) {
    const old = byId(fresh.id);
    if (old && old.dataset.revision !== fresh.dataset.revision) {
      replaceKeepingPlace(old, document.importNode(fresh, true));
      if (fresh.dataset.said) said.push(fresh.dataset.said);
    }
  }
  document.body.dataset.seen = page.body.dataset.seen;
  if (said.length) announce(said.slice(-3).join(". "));
}

function renewList(list, fresh, said) {
  const kept = new Set(Array.from(fresh.children, (item) => item.id));
  for (const item of Array.from(list.children)) {
    if (!kept.has(item.id)) item.remove();
  }
  let place = list.firstElementChild;
  for (const item of fresh.children) {
    if (place?.id === item.id) {
      place = place.nextElementSibling;
      continue;
    }
    const added = document.importNode(item, true);
    list.insertBefore(added, place);
    const content = added.querySelector("[data-said]");
    if (content) said.push(content.dataset.said);
  }
}

/** Replace an element without closing its menus or taking the keyboard's place away. */
function replaceKeepingPlace(old, fresh) {
  const place = placeOf(document.activeElement);
  const open = Array.from(old.querySelectorAll("details"), (each) => each.open);
  fresh.querySelectorAll("details").forEach((each, n) => { each.open = open[n] ?? false; });
  old.replaceWith(fresh);
  if (place?.id === fresh.id) focusOn(place);
}

const controls = (element) => Array.from(element.querySelectorAll("button, summary, select, a"));

/** Where a control stands, in words that outlive it: the how-manieth of which renewed element. */
function placeOf(control) {
  const around = control?.closest("[data-revision]");
  return around ? { id: around.id, at: controls(around).indexOf(control) } : { control };
}

/** Focus what stands there now, or the place to write where nothing does. */
function focusOn({ id, at, control }) {
  const around = id && byId(id);
  const found = around ? controls(around).at(Math.max(at, 0)) ?? controls(around).at(-1) : control;
  (found?.isConnected ? found : byId("say"))?.focus({ preventScroll: true });
}

function announce(sentence) {
  byId("announcer").textContent = sentence;
}

/* -- Sending forms ------------------------------------------------------------------------- */

async function send(form, submitter) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const slow = setTimeout(() => sayWorking(form), PATIENCE);
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const { response, page } = await load(form.getAttribute("action"), { method: "POST", body });
    show(form, response, page);
  } catch {
    tell(form, NO_ANSWER); // the key stays, so that trying again cannot do it twice
  } finally {
    clearTimeout(slow);
    document.querySelectorAll("[data-working]").forEach((line) => line.remove());
    form.ariaBusy = "false";
  }
}

/** It takes longer: a line at the form, until the answer is there. */
function sayWorking(form) {
  const line = document.createElement("p");
  line.dataset.working = "";
  line.setAttribute("role", "status");
  line.textContent = "Working on it …";
  form.append(line);
}

function show(form, response, page) {
  const sorry = page.getElementById("sorry");
  if (sorry) {
    tell(form, sorry.textContent);
    return;
  }
  if (!page.getElementById("main")) {
    tell(form, page.body.textContent.trim() || NO_ANSWER);
    return;
  }
  const key = form.elements.namedItem("key");
  if (key) key.value = crypto.randomUUID();
  renew(page);
  const dialog = page.getElementById("dialog");
  const open = form.closest("dialog");
  if (open && response.ok && !dialog?.querySelector("[aria-invalid]")) {
    open.dataset.sent = "yes";
    drafts.delete(draftOf(open));
  }
  if (!dialog) byId("dialog")?.close();
  if (response.ok) form.querySelectorAll("textarea").forEach(empty);
  form.closest(".lc-more")?.removeAttribute("open");
  for (const section of page.querySelectorAll("#private > *")) showPrivate(section);
  if (dialog) openDialog(dialog, form.querySelector("textarea") ?? form.querySelector("button"));
}

/** A sentence about what went wrong, where the person is looking. */
function tell(form, sentence) {
  const inside = form.closest("dialog");
  if (inside) {
    let line = inside.querySelector("[data-told]");
    if (!line) {
      line = document.createElement("p");
      line.className = "lc-error";
      line.setAttribute("role", "alert");
      line.dataset.told = "";
      inside.querySelector(".lc-title").after(line);
    }
    line.textContent = sentence;
    return;
  }
  const section = document.createElement("section");
  section.className = "private";
  section.setAttribute("aria-label", "Only visible to you");
  const title = document.createElement("h2");
  title.className = "private-title";
  title.append("Only visible to you ");
  const dismiss = document.createElement("a");
  dismiss.className = "dismiss";
  dismiss.href = location.pathname;
  dismiss.textContent = "Dismiss";
  title.append(dismiss);
  const words = document.createElement("p");
  words.className = "words";
  words.textContent = sentence;
  section.append(title, words);
  showPrivate(section);
}

function showPrivate(section) {
  const place = byId("private");
  place.replaceChildren(document.importNode(section, true));
  // A long answer opens at its top.
  const isLong = place.offsetHeight > Math.min(byId("scroll").clientHeight, innerHeight);
  place.scrollIntoView({ block: isLong ? "start" : "nearest" });
  announce(`Only visible to you: ${place.textContent.replace(/\s+/g, " ").slice(0, 300)}`);
}

function empty(textarea) {
  textarea.value = "";
  fit(textarea);
}

/* -- Dialogs ------------------------------------------------------------------------------- */

/** Show a dialog; where one is open already, put the new one in its place. */
function openDialog(fresh, opener) {
  let dialog = byId("dialog");
  if (!dialog) {
    const place = placeOf(opener);
    dialog = document.importNode(fresh, false);
    dialog.removeAttribute("open");
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      keepDraft(dialog);
      dialog.remove();
      focusOn(place);
    });
  }
  dialog.replaceChildren(...document.importNode(fresh, true).childNodes);
  if (!dialog.querySelector("[aria-invalid]")) restoreDraft(dialog);
  const title = dialog.querySelector(".lc-title");
  if (title) dialog.setAttribute("aria-labelledby", title.id);
  delete dialog.dataset.sent;
  if (!dialog.open) dialog.showModal();
  const wrong = dialog.querySelector("[aria-invalid]");
  const answer = wrong ?? dialog.querySelector("select, textarea, input:not([type=hidden])");
  if (wrong || (answer && isInSight(answer, dialog))) answer.focus();
  // What fills the dialog before the first field, or alone, is read first, and from the top.
  else if (title) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    dialog.scrollTop = 0;
  }
}

/* What was typed in a window that was closed by accident, for the next time it opens. Only this page
   knows it, and forgets it once it is sent. */
const drafts = new Map();

const fieldsOf = (dialog) => Array.from(dialog.querySelectorAll("textarea, select, input:not([type=hidden])"));
const atFirst = (field) =>
  field.matches("select")
    ? Array.from(field.options).find((each) => each.defaultSelected)?.value ?? ""
    : field.defaultValue;
const draftOf = (dialog) =>
  `${document.body.dataset.person} ${dialog?.querySelector(".lc-title")?.textContent}`;

function keepDraft(dialog) {
  const typed = fieldsOf(dialog).filter((field) => field.value !== atFirst(field));
  if (!typed.length || dialog.dataset.sent) return;
  drafts.set(draftOf(dialog), typed.map((field) => [field.name, atFirst(field), field.value]));
}

/** A field that begins with other words than before stays as it is: someone else changed them. */
function restoreDraft(dialog) {
  const kept = drafts.get(draftOf(dialog)) ?? [];
  for (const [name, first, value] of kept) {
    const field = fieldsOf(dialog).find((each) => each.name === name && atFirst(each) === first);
    if (field) field.value = value;
  }
  if (!kept.length) return;
  const line = document.createElement("p");
  line.className = "lc-subtle";
  line.setAttribute("role", "status");
  line.textContent = "What you wrote before is here again. Nothing has been sent yet.";
  dialog.querySelector(".lc-title").after(line);
}

function isInSight(field, dialog) {
  dialog.scrollTop = 0;
  return field.getBoundingClientRect().bottom <= dialog.getBoundingClientRect().bottom;
}

/** Ask before something that cannot be undone. Resolves to true or false. */
function ask(question) {
  const dialog = document.createElement("dialog");
  dialog.className = "question";
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "lc-dialog";
  const words = document.createElement("p");
  words.id = "question";
  words.textContent = question;
  const ending = document.createElement("div");
  ending.className = "lc-actions lc-ending";
  for (const [label, value, look] of [["Cancel", "", ""], ["Continue", "yes", " lc-primary"]]) {
    const button = document.createElement("button");
    button.className = `lc-button${look}`;
    button.value = value;
    button.textContent = label;
    ending.append(button);
  }
  form.append(words, ending);
  dialog.append(form);
  dialog.setAttribute("aria-labelledby", words.id);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
  });
}

/* -- Listening ----------------------------------------------------------------------------- */

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const isOurs = CHANNEL_FORMS.test(form.getAttribute("action") ?? "");
  if (!isOurs || submitter?.getAttribute("formmethod") === "dialog") return;
  event.preventDefault();
  if (form.dataset.confirm && !(await ask(form.dataset.confirm))) {
    submitter?.focus();
    return;
  }
  await send(form, submitter);
});

document.addEventListener("click", (event) => {
  const dismiss = event.target.closest(".dismiss");
  if (dismiss) {
    event.preventDefault();
    dismiss.closest(".private").remove();
    byId("say")?.focus();
  }
  for (const menu of document.querySelectorAll(".lc-more[open], .who[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Escape") {
    const menu = target.closest(".lc-more[open], .who[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  const isComposer = target.matches(".composer textarea");
  if (isComposer && key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    target.form.requestSubmit();
  }
});

/** A text field as tall as its text. */
function fit(textarea) {
  textarea.rows = Math.min(8, textarea.value.split("\n").length);
}

document.addEventListener("input", ({ target }) => {
  if (target.matches(".composer textarea")) fit(target);
});

/* -- Live updates -------------------------------------------------------------------------- */

let stream = null;

/** Only a page that can be seen holds a connection: a browser has few for one server. */
function listen() {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream) {
    stream = new EventSource("/sandbox/events");
    stream.addEventListener("message", ({ data }) => {
      if (data !== document.body.dataset.seen) refresh();
    });
  }
}

/** Another tab may have chosen someone else: then what is new is theirs, and this tab says so. */
function showsSamePerson(page) {
  if (page.body.dataset.person === document.body.dataset.person) return true;
  const composer = byId("composer");
  if (composer && !document.querySelector("[data-elsewhere]")) {
    tell(composer, "You act as someone else in another tab now. Load this page again to go on.");
    byId("private").lastElementChild.dataset.elsewhere = "";
  }
  return false;
}

/** This page's own address; it is another where the page came as the answer to a form. */
function address() {
  if (!CHANNEL_FORMS.test(location.pathname)) return location.href;
  return `/sandbox/c/${byId("composer").elements.namedItem("channel").value}`;
}

let loading = null;

/** Load this page again and renew it, never twice at once. */
async function refresh() {
  if (loading) {
    loading.again = true;
    return;
  }
  loading = { again: false };
  try {
    const { response, page } = await load(address());
    if (response.ok && showsSamePerson(page)) renew(page);
  } catch {
    // The stream connects again by itself, and its first event brings what was missed.
  }
  const { again } = loading;
  loading = null;
  if (again) await refresh();
}

/* -- Start --------------------------------------------------------------------------------- */

const wide = matchMedia("(min-width: 48rem)");
const openMenuWhereThereIsRoom = () => { byId("menu").open = wide.matches; };
wide.addEventListener("change", openMenuWhereThereIsRoom);
openMenuWhereThereIsRoom();

/** Open at the newest case, or at the lesson's: it is what most people come for. A link's own place
    comes first. */
function showNewestCase() {
  const isChosen = location.hash || byId("private")?.firstElementChild || byId("dialog");
  const cards = Array.from(document.querySelectorAll("#messages .lc-card[data-kind=case]"));
  const taught = byId("lesson")?.dataset.case;
  const wanted = taught && cards.findLast((card) => card.textContent.trim().startsWith(`${taught} `));
  if (!isChosen) (wanted || cards.at(-1))?.closest(".message").scrollIntoView({ block: "start" });
}
showNewestCase();

const shown = byId("dialog"); // this page is itself the answer to a form
if (shown) {
  shown.remove();
  openDialog(shown, null);
}

if (document.body.dataset.person) {
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => stream?.close());
  listen();
}
