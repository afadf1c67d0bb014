(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const id = (name) => document.getElementById(name);
  const facts = id("main").dataset, lang = document.documentElement.lang, rtl = document.dir == "rtl";
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  let shown = mine, ahead = 0, before, last, at;

  // Times in the visitor's zone.
  const age = (date) => (Date.now() + ahead - date) / 1e3;
  const ago = (s) => relative.format(...s < 60 ? [-s | 0, "second"] : s < 3600 ? [-s / 60 | 0, "minute"] : [-s / 3600 | 0, "hour"]);
  const clock = (date, second) => date.toLocaleTimeString(lang, { timeZone: shown, hour: "2-digit", minute: "2-digit", second, hourCycle: "h23" });
  const day = (date, timeZone = shown) => date.toLocaleDateString("en-GB", { timeZone, weekday: "short", day: "numeric", month: "short" }).replace(",", "");
  const tell = () => {
    for (const time of all("time")) {
      const date = new Date(time.dateTime), kind = time.dataset.t, s = age(date), on = day(date);
      time.title = `${on} ${clock(date)} (${shown})`;
      time.textContent = { d: s < 86400 ? ago(s) : on, y: on, s: `${clock(date, "2-digit")}, ${ago(s)}` }[kind] ?? (kind && before != on ? on + " " : "") + clock(date);
      before = on;
    }
    all(".own").map((own) => own.hidden = shown == facts.zone);
    if (mine == facts.zone) return;
    const note = all(".zone")[0], other = shown == mine ? facts.zone : mine;
    note.innerHTML = `Times in ${shown}${shown == mine ? " (yours)" : ""}. <button>Show ${other}</button>`;
    note.lastChild.onclick = () => { shown = other; tell(); note.lastChild.focus(); };
  };

  // Freshness: swap only what changed, warn when nobody looked.
  const stale = () => age(new Date(facts.seen)) > facts.stale;
  const take = (next) => {
    const parts = all("[data-v]", next), names = (list) => list.map((part) => part.id).join();
    if (names(parts) != names(all("[data-v]"))) return location.reload();
    document.title = next.title;
    Object.assign(facts, next.getElementById("main").dataset);
    for (const part of parts) {
      const old = id(part.id), focusable = () => all("a,button,summary,[tabindex]", old);
      if (old.dataset.v == part.dataset.v) continue;
      const place = focusable().indexOf(document.activeElement), details = all("details", old)[0], open = details?.open;
      old.innerHTML = part.innerHTML;
      old.className = part.className;
      old.dataset.v = part.dataset.v;
      if (details) all("details", old)[0].open = open;
      reach();
      focusable()[place]?.focus();
    }
  };
  const warn = () => {
    const state = id("state"), title = all("h1")[0];
    if (!stale() || state.classList.contains("no")) return;
    id("lead").textContent = `The last state we saw: ${title.textContent}.`;
    title.textContent = `Not verified since ${clock(new Date(facts.seen))}`;
    all("use", state)[0].href.baseVal = "#m-nodata";
    state.className = "banner no";
    id("line").className = "line no";
    ["state", "lead", "line"].map((name) => id(name).dataset.v = "");
  };
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-cache" }), body = await answer.text();
      ahead = (Date.parse(answer.headers.get("date")) || Date.now()) - Date.now();
      if (answer.ok && body != last) take(new DOMParser().parseFromString(last = body, "text/html"));
    } catch { /* The warning says it. */ }
    warn();
    tell();
  };

  // One day of a strip in words.
  const plate = document.createElement("div"), cursor = document.createElement("i");
  plate.className = "plate";
  plate.role = "status";
  const hide = () => [cursor, plate].map((part) => part.remove());
  const show = (strip, to) => {
    const first = innerWidth > 512 ? 0 : 45;
    at = Math.min(89, Math.max(first, to));
    const said = strip.dataset.d.split(";").map((entry) => entry.split(/[-=]/)).find(([from, ...rest]) => rest[1] ? at >= from && at <= rest[0] : at == from);
    const [words, uptime] = (said?.at(-1) ?? "operational").split("|");
    plate.innerHTML = "<b></b> ";
    plate.firstChild.textContent = `${day(new Date(Date.parse(facts.first) + at * 864e5), "UTC")}: ${words}.`;
    if (uptime) plate.append(`Uptime that day ${uptime}.`);
    cursor.style.insetInlineStart = `${(at + .5 - first) / (90 - first) * 100}%`;
    strip.parentNode.append(cursor, plate);
  };
  const reach = () => all("[data-d]").map((strip) => {
    strip.tabIndex = 0;
    strip.onfocus = () => show(strip, 89);
    strip.onblur = strip.parentNode.onpointerleave = hide;
    strip.onpointermove = strip.onpointerdown = (event) => {
      const box = strip.getBoundingClientRect(), part = (event.clientX - box.left) / box.width;
      show(strip, (rtl ? 1 - part : part) * 90 | 0);
    };
    strip.onkeydown = (event) => {
      const step = rtl ? -1 : 1, to = { ArrowLeft: at - step, ArrowRight: at + step, Home: 0, End: 89 }[event.key];
      if (event.key == "Escape") hide();
      if (to == null) return;
      event.preventDefault();
      show(strip, to);
    };
  });

  reach();
  tell();
  if (stale()) ask();
  setInterval(ask, 3e4);
})();
