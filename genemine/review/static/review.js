// One card at a time. A verdict leaves the page only when the server says that it is on the disk; until then it is kept here.
"use strict";

const main = document.getElementById("review");
const card = document.getElementById("card");
const alertBox = document.getElementById("alert");
const noteForm = document.getElementById("note-form");
const noteBox = document.getElementById("note");
const help = document.getElementById("help");
const csrf = document.querySelector("meta[name=genemine-csrf]").content;
const curator = main.dataset.curator;
const outbox = "genemine-review-" + curator;  // localStorage: what was given and is not acknowledged yet
const RETRY_MS = 500;

const state = {
  place: main.dataset.place === "" ? null : Number(main.dataset.place),
  total: Number(main.dataset.total),
  card: main.dataset.card,
  verdict: main.dataset.verdict,
  note: main.dataset.note,
  busy: false,
};

function tell(text) {
  alertBox.textContent = text;
  alertBox.hidden = !text;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function show(found) {
  Object.assign(state, { place: found.place, total: found.total, card: found.card_id, verdict: found.verdict, note: found.note });
  card.innerHTML = found.html;  // made by the server's templates, which escape every text
  document.getElementById("progress").value = found.done;
  document.getElementById("count").textContent = found.done.toLocaleString("en") + " of " + found.total.toLocaleString("en");
  closeNote();
  mark();
}

function mark() {
  for (const button of document.querySelectorAll("#controls button")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === state.verdict));
    button.disabled = !state.card;
  }
  document.querySelector("[data-act=note]").disabled = !state.card;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Send what is in the outbox until the server has it; gives its answer, or null where it refuses.
async function deliver() {
  let waiting = localStorage.getItem(outbox);
  let answer = null;
  while (waiting) {
    const { path, body } = JSON.parse(waiting);
    try {
      const reply = await fetch(path, {
        method: "POST",
        headers: { "content-type": "application/json", "x-genemine-csrf": csrf },
        body: JSON.stringify(body),
      });
      answer = await reply.json();
      if (reply.status === 503) {
        tell(answer.error + " – kept here and sent again");
        await pause(4 * RETRY_MS);
        continue;
      }
      if ([401, 403, 421].includes(reply.status)) {
        tell(answer.error + " Your verdict is kept here and sent when the page is loaded anew.");
        await new Promise(() => {});  // nothing more from this page
      }
      localStorage.removeItem(outbox);
      waiting = null;
      tell(reply.ok ? "" : typeof answer.error === "string" ? answer.error : "The server did not take this; load the page anew.");
      if (!reply.ok) answer = null;
    } catch {
      tell("The server does not answer. Your verdict is kept here and sent as soon as it is back.");
      await pause(RETRY_MS);
    }
  }
  return answer;
}

async function send(path, body) {
  if (state.busy) return;
  state.busy = true;
  main.setAttribute("aria-busy", "true");
  localStorage.setItem(outbox, JSON.stringify({ path, body: { event_id: newId(), curator, ...body } }));
  const answer = await deliver();
  state.busy = false;
  main.removeAttribute("aria-busy");
  if (answer) show(answer);
}

async function look(place) {
  if (state.busy || !state.total) return;
  state.busy = true;
  try {
    const reply = await fetch("/review/" + encodeURIComponent(curator) + "/cards/" + place);
    const answer = await reply.json();
    tell(reply.ok ? "" : answer.error);
    if (reply.ok) show(answer);
  } catch {
    tell("The server does not answer; try again when it is back.");
  }
  state.busy = false;
}

function openNote() {
  if (!state.card) return;
  noteForm.hidden = false;
  noteBox.value = state.note;
  noteBox.focus();
}

function closeNote() {
  noteForm.hidden = true;
}

function keepNote() {
  const text = noteBox.value.trim();
  if (text) send("/verdicts", { card_id: state.card, verdict: "note", note: text });
  else closeNote();
}

const acts = {
  next: () => look(state.place === null ? 0 : Math.min(state.place + 1, state.total - 1)),
  previous: () => look(state.place === null ? state.total - 1 : Math.max(state.place - 1, 0)),
  note: openNote,
  undo: () => send("/undo", { verdict: "undo" }),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.verdict && state.card) send("/verdicts", { card_id: state.card, verdict: button.dataset.verdict });
  if (button.dataset.act) acts[button.dataset.act]();
  if (button.id === "help-button") help.showModal();
  if (button.id === "note-cancel") closeNote();
  if (button.dataset.key) button.blur();  // the space bar must not press it again
});

noteForm.addEventListener("submit", (event) => {
  event.preventDefault();
  keepNote();
});

document.addEventListener("keydown", (event) => {
  if (event.target === noteBox) {
    if (event.key === "Escape") closeNote();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      keepNote();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || help.open) return;
  if (event.key === "?") help.showModal();
  const named = { ArrowRight: "j", ArrowLeft: "k" }[event.key] || event.key.toLowerCase();
  const button = /^[a-z]$/.test(named) && document.querySelector('button[data-key="' + named + '"]');
  if (button && !button.disabled) {
    event.preventDefault();
    button.click();
  }
});

// What an earlier visit could not send goes first.
if (localStorage.getItem(outbox)) {
  state.busy = true;
  deliver().then((answer) => {
    state.busy = false;
    if (answer) show(answer);
  });
}
mark();
