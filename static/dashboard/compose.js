// Composing: templates, the mail in its frame, words kept on this device. It works without.
"use strict";

const MAIL_AFTER_MS = 600;
const SAVE_AFTER_MS = 1000;
const KEPT = "draft:";
const NOT_KEPT = ["csrfmiddlewaretoken", "key", "seen", "reopen"];

const compose = document.querySelector("form#compose");
const retell = () => compose.dispatchEvent(new Event("input"));

function later(action, wait) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}

// A field of the form that stands outside of it is heard like the others.
document.addEventListener("input", (event) => {
  if (compose && event.target.form === compose && !compose.contains(event.target)) retell();
});

// A template takes the place of another one, and goes above what a person typed.
let typed = false;
let words = null;
compose?.addEventListener("input", (event) => {
  if (event.isTrusted && event.target.name === "body") typed = event.target.value.trim() !== "";
});
document.addEventListener("htmx:before:request", (event) => {
  if (event.target.matches("[data-starter]")) words = typed ? compose.elements.body.value : "";
});
document.addEventListener("htmx:after:swap", () => {
  if (words === null) return;
  const body = compose.elements.body;
  if (words) body.value = `${body.value}\n\n${words}`;
  words = null;
  body.focus();
  body.setSelectionRange(body.value.length, body.value.length);
  retell();
});

// The mail is rendered by the server, in a frame, while somebody looks at it.
const mail = document.querySelector("[data-mail]");
const showMail = () => {
  if (document.querySelector(".views [value=mail]:checked")) compose.requestSubmit(mail);
};
if (mail) {
  document.querySelector(".views").addEventListener("change", showMail);
  compose.addEventListener("input", later(showMail, MAIL_AFTER_MS));
}

// Words survive a closed tab on this device, until they are posted or the person signs out.
const place = compose?.dataset.draft && KEPT + compose.dataset.draft;
const note = (text) => document.querySelector("[data-saved]").replaceChildren(text);
const time = (moment) =>
  new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

function save() {
  const values = [...new FormData(compose)].filter(([name]) => !NOT_KEPT.includes(name));
  const isEmpty = !values.some(([name, value]) => ["name", "body"].includes(name) && value.trim());
  if (isEmpty) {
    localStorage.removeItem(place);
    note("");
    return;
  }
  localStorage.setItem(place, JSON.stringify({ at: Date.now(), values }));
  note(`Kept on this device at ${time(Date.now())}.`);
}

function fill(values) {
  const said = new Map(values);
  for (const field of compose.elements) {
    if (!field.name || NOT_KEPT.includes(field.name)) continue;
    if (field.type === "radio") field.checked = said.get(field.name) === field.value;
    else if (field.type === "checkbox") field.checked = said.has(field.name);
    else if (said.has(field.name)) {
      const old = field.value;
      field.value = said.get(field.name);
      if (field.selectedIndex === -1) field.value = old;
    }
  }
}

function restore() {
  const kept = JSON.parse(localStorage.getItem(place) ?? "null");
  if (!kept) return;
  fill(kept.values);
  typed = true;
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "as-link";
  discard.textContent = "Discard";
  discard.addEventListener("click", () => {
    localStorage.removeItem(place);
    location.reload();
  });
  note(`Your words of ${time(kept.at)} are back. `);
  document.querySelector("[data-saved]").append(discard);
  retell();
}

const sent = sessionStorage.getItem("sent");
sessionStorage.removeItem("sent");
if (sent && !(sent === place && "filled" in compose.dataset)) localStorage.removeItem(sent);
if (place) {
  if (!("filled" in compose.dataset)) restore();
  const saveSoon = later(save, SAVE_AFTER_MS);
  compose.addEventListener("input", (event) => {
    if (event.isTrusted) saveSoon();
  });
  compose.addEventListener("submit", (event) => {
    if (!event.submitter?.formTarget) sessionStorage.setItem("sent", place);
  });
}
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  Object.keys(localStorage)
    .filter((name) => name.startsWith(KEPT))
    .forEach((name) => localStorage.removeItem(name));
});
