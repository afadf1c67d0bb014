(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const main = document.getElementById("main"), { zone, built } = main.dataset;
  if (!built) return;
  const lang = document.documentElement.lang, mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  let shown = mine, ahead = 0, tag;
  const now = () => Date.now() + ahead;
  const clock = (date, more) => date.toLocaleTimeString(lang, { timeZone: shown, hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more });
  const day = (date, timeZone) => date.toLocaleDateString("en-GB", { timeZone, weekday: "short", day: "numeric", month: "short" }).replace(",", "");
  const age = (date) => {
    const s = Math.round((now() - date) / 1000);
    return s < 60 ? relative.format(-s, "second") : s < 3600 ? relative.format(-(s / 60 | 0), "minute") : relative.format(-(s / 3600 | 0), "hour");
  };

  // Times: the visitor's zone, and how long ago.
  const tell = () => {
    for (const time of all("time[data-t]")) {
      const date = new Date(time.dateTime), kind = time.dataset.t, recent = now() - date < 864e5;
      time.title = `${day(date, shown)} ${clock(date, { timeZoneName: "short" })}`;
      time.textContent = kind == "d" ? recent ? age(date) : day(date, shown) : kind == "s" ? clock(date, { second: "2-digit" }) + ", " + age(date) : clock(date);
    }
    const other = shown == zone ? mine : zone, note = document.querySelector(".zone");
    if (mine == zone) return;
    note.innerHTML = '<span></span> <button class="link"></button>';
    note.firstChild.textContent = `Times in ${shown}${shown == mine ? " (yours)" : ""}.`;
    note.lastChild.textContent = `Show ${other}`;
    note.lastChild.onclick = () => { shown = other; tell(); note.lastChild.focus(); };
  };

  // Freshness: ask again, swap only what changed, warn when nobody has looked for too long.
  const swap = (next) => {
    const parts = all("[data-v]", next);
    if (parts.map((part) => part.id).join() != all("[data-v]").map((part) => part.id).join()) return location.reload();
    document.title = next.title;
    Object.assign(main.dataset, next.getElementById("main").dataset);
    for (const part of parts) {
      const old = document.getElementById(part.id);
      if (old.dataset.v == part.dataset.v) continue;
      const place = all("a,button,summary,[tabindex]", old).indexOf(document.activeElement);
      const open = all("details[open]", old).map((details) => details.id);
      old.innerHTML = part.innerHTML;
      old.className = part.className;
      old.dataset.v = part.dataset.v;
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      reach();
      all("a,button,summary,[tabindex]", old)[place]?.focus();
    }
  };
  const warn = () => {
    const seen = new Date(main.dataset.seen), state = document.getElementById("state");
    if (now() - seen < main.dataset.stale * 1e3 || state.classList.contains("no")) return;
    const title = state.querySelector("h1"), lead = document.getElementById("lead");
    lead.textContent = `The last state we saw: ${title.textContent}.`;
    title.textContent = `Not verified since ${clock(seen)}`;
    state.querySelector("use").setAttribute("href", "#m-nodata");
    state.className = "banner no";
    state.dataset.v = lead.dataset.v = document.getElementById("line").dataset.v = "";
    document.getElementById("line").className = "line no";
  };
  const ask = async () => {
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-cache" });
      const date = Date.parse(answer.headers.get("date"));
      if (date) ahead = date - Date.now();
      const body = answer.ok && await answer.text();
      if (body && body != tag) swap(new DOMParser().parseFromString(tag = body, "text/html"));
    } catch { /* The warning says it. */ }
    warn();
    tell();
  };

  // One day of a strip in words: by pointer, touch or arrow keys.
  const plate = document.createElement("div"), cursor = document.createElement("i");
  plate.className = "plate";
  plate.setAttribute("role", "status");
  let at = 89;
  const show = (strip, to) => {
    const first = matchMedia("(max-width: 32rem)").matches ? 45 : 0;
    at = Math.min(89, Math.max(first, to));
    const date = new Date(Date.parse(main.dataset.first) + at * 864e5);
    const found = strip.dataset.d.split(";").map((entry) => entry.split("=")).find(([days]) => { const [a, b = a] = days.split("-"); return at >= +a && at <= +b; });
    const [words, uptime] = (found ? found[1] : "operational").split("|");
    plate.innerHTML = "<b></b> ";
    plate.firstChild.textContent = `${day(date, "UTC")}: ${words}.`;
    if (uptime) plate.append(`Uptime that day ${uptime}.`);
    cursor.style.insetInlineStart = `${(at + .5 - first) / (90 - first) * 100}%`;
    strip.parentNode.append(cursor, plate);
  };
  const hide = () => { cursor.remove(); plate.remove(); };
  const reach = () => {
    for (const strip of all(".strip[role]")) {
      if (strip.onfocus) continue;
      const rtl = document.dir == "rtl";
      strip.tabIndex = 0;
      strip.onfocus = () => show(strip, 89);
      strip.onblur = strip.parentNode.onpointerleave = hide;
      strip.onpointermove = strip.onpointerdown = (event) => {
        const box = strip.getBoundingClientRect(), part = (event.clientX - box.left) / box.width;
        show(strip, Math.floor((rtl ? 1 - part : part) * 90));
      };
      strip.onkeydown = (event) => {
        const to = { ArrowLeft: at - (rtl ? -1 : 1), ArrowRight: at + (rtl ? -1 : 1), Home: 0, End: 89 }[event.key];
        if (event.key == "Escape") hide();
        if (to == null) return;
        event.preventDefault();
        show(strip, to);
      };
    }
  };

  reach();
  tell();
  if (now() - new Date(main.dataset.seen) > main.dataset.stale * 1e3) ask();
  setInterval(ask, 3e4);
})();
