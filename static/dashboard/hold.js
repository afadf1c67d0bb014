// The seconds until held news leaves, as words and as ticks that burn down.
"use strict";

const held = document.querySelector("[data-held]");
const SENT_STAYS_MS = 6000;

function countDown(seconds) {
  const began = performance.now();
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil(seconds - (performance.now() - began) / 1000));
    held.querySelector("[data-seconds]").textContent = left;
    held.querySelector("[data-plural]").textContent = left === 1 ? "" : "s";
    held.querySelector("progress").value = left;
    if (left) return;
    clearInterval(timer);
    held.querySelector(".words").textContent = "On its way.";
    held.querySelectorAll("form, .button, progress").forEach((part) => part.remove());
    setTimeout(() => held.remove(), SENT_STAYS_MS);
  }, 250);
}

if (held) countDown(held.querySelector("progress").value);
