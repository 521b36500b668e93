"use strict";
(() => {
  const say = (text) => { document.getElementById("status").textContent = text; };
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent : Number(cell.dataset.sort);
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", {numeric: true});

  // Heads of tables become buttons that sort; numbers begin with the largest.
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const first = head.classList.contains("number") ? "descending" : "ascending";
        const second = first === "ascending" ? "descending" : "ascending";
        const next = now === first ? second : first;
        const sign = next === "ascending" ? 1 : -1;
        const rows = [...body.rows].sort((a, b) => sign * compare(value(a, column), value(b, column)));
        body.append(...rows);
        for (const other of heads) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", next);
        say(`Sorted by ${button.textContent}, ${next}`);
      });
    });
  }

  for (const input of document.querySelectorAll("[data-filter]")) {
    const rows = [...document.getElementById(input.dataset.filter).tBodies[0].rows];
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown++;
      }
      say(`${shown} of ${rows.length} rows`);
    });
  }

  const layers = [...document.querySelectorAll("details.layer")];
  for (const button of document.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => {
      for (const layer of layers) layer.open = button.dataset.open === "true";
    });
  }
  // The text is selected as well: where a browser does not let pages copy, Ctrl-C does.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    say(document.execCommand("copy") ? "Copied" : "Selected: copy it with Ctrl-C");
  });
  for (const tools of document.querySelectorAll(".tools, .copy button")) tools.hidden = false;

  // Zoom: lengths and not a transform, so that the box scrolls over the whole picture. All graphs of a page
  // go together, to be compared.
  const graphs = [...document.querySelectorAll(".strips")];
  let zoom = 1;
  const setZoom = (wanted) => {
    const old = zoom;
    zoom = Math.min(Math.max(wanted, 0.05), 4);
    for (const graph of graphs) {
      const box = graph.parentElement;
      const [left, top] = [box.scrollLeft, box.scrollTop];
      const drawings = [...graph.querySelectorAll("svg")];
      graph.style.height = graph.style.columnWidth = graph.style.columnGap = "";
      for (const svg of drawings) svg.style.width = svg.style.height = "";
      box.classList.toggle("zoomed", zoom > 1);
      if (zoom !== 1) {
        const [width, height] = [parseFloat(getComputedStyle(graph).columnWidth), graph.offsetHeight];
        graph.style.columnWidth = `${width * zoom}px`;
        graph.style.columnGap = `${24 * zoom}px`;
        graph.style.height = `${(height - 16) * zoom + 16 + 4}px`;
        for (const svg of drawings) {
          svg.style.width = `${svg.viewBox.baseVal.width * zoom}px`;
          svg.style.height = `${svg.viewBox.baseVal.height * zoom}px`;
        }
      }
      [box.scrollLeft, box.scrollTop] = [left * zoom / old, top * zoom / old];
    }
    document.querySelector("[data-zoom=reset]").textContent = `${Math.round(zoom * 100)}\u202f%`;
    say(`Graph at ${Math.round(zoom * 100)} percent`);
  };
  const fit = () => {
    setZoom(1);
    const box = graphs[0].parentElement;
    setZoom(Math.min(1, (box.clientWidth - 4) / box.scrollWidth, 0.85 * innerHeight / box.scrollHeight));
  };
  const zooms = {in: () => setZoom(zoom * 1.25), out: () => setZoom(zoom / 1.25), reset: () => setZoom(1), fit};
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", zooms[button.dataset.zoom]);
  }
  for (const graph of graphs) {
    const box = graph.parentElement;
    box.addEventListener("keydown", (event) => {
      const how = {"+": "in", "=": "in", "-": "out", "0": "reset"}[event.key];
      if (!how || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      zooms[how]();
    });
    box.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      setZoom(zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
    }, {passive: false});
  }

  // Search: what is found keeps its colours, all else fades.
  const find = document.getElementById("graph-find");
  const boxes = [...document.querySelectorAll(".graph .box")];
  const texts = boxes.map((box) => [...box.querySelectorAll("text, title")].map((t) => t.textContent).join(" ").toLowerCase());
  let found = [];
  let at = -1;
  const tell = () => {
    document.getElementById("graph-found").textContent =
      find.value.trim() === "" ? "" : at < 0 ? `${found.length} found` : `${at + 1} of ${found.length}`;
  };
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    found = [];
    at = -1;
    boxes.forEach((box, i) => {
      const hit = words.length > 0 && words.every((word) => texts[i].includes(word));
      box.classList.toggle("found", hit);
      box.classList.toggle("faded", words.length > 0 && !hit);
      box.classList.remove("current");
      if (hit) found.push(box);
    });
    tell();
    if (words.length > 0) say(`${found.length} of ${boxes.length} layers found`);
  });
  const step = (by) => {
    if (found.length === 0) return;
    if (at >= 0) found[at].classList.remove("current");
    at = at < 0 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length;
    found[at].classList.add("current");
    found[at].scrollIntoView({block: "center", inline: "center", behavior: "instant"});
    tell();
    say(found[at].querySelector("title").textContent);
  };
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  });
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }

  // A click on a layer of the graph shows what it is beside the graph; its numbers are one click further.
  const about = document.getElementById("about");
  let asked = null;
  const element = (name, text, more = {}) => Object.assign(document.createElement(name), {textContent: text, ...more});
  const hide = () => {
    if (about.hidden) return;
    about.hidden = true;
    if (asked) asked.focus({preventScroll: true});
  };
  const show = (link, layer) => {
    asked = link;
    const head = element("h3", layer.querySelector(".name").textContent, {id: "about-name"});
    const close = element("button", "Close", {type: "button"});
    close.addEventListener("click", hide);
    const more = element("a", "Its numbers", {href: link.getAttribute("href")});
    more.addEventListener("click", () => { about.hidden = true; });
    const tools = element("p", "", {className: "tools"});
    tools.append(more, " ", close);
    const parts = [...layer.querySelectorAll(".inside > .facts, .inside > .copies")].map((part) => part.cloneNode(true));
    for (const part of parts) {
      if (part.tagName === "DETAILS") part.open = true;
      for (const named of part.querySelectorAll("[id]")) named.id = `about-${named.id}`;
      for (const button of part.querySelectorAll("[data-copy]")) button.dataset.copy = `about-${button.dataset.copy}`;
    }
    about.replaceChildren(head, tools, ...parts);
    about.hidden = false;
    about.scrollTop = 0;
    about.focus({preventScroll: true});
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".graph a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const layer = document.getElementById(link.getAttribute("href").slice(1));
    if (!layer) return;
    event.preventDefault();
    show(link, layer);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });

  // A link to a layer opens it.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView();
      target.querySelector("summary").focus({preventScroll: true});
    }
  };
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && !event.defaultPrevented && link.getAttribute("href") === location.hash) {
      event.preventDefault(); // the address stays, and would take the focus away
      reveal();
    }
  });
  reveal();

  // Paper has no clicks: everything is open on it.
  let closed = [];
  addEventListener("beforeprint", () => {
    if (zoom !== 1) setZoom(1);
    closed = [...document.querySelectorAll("details:not([open]):not(.copies)")];
    for (const layer of closed) layer.open = true;
  });
  addEventListener("afterprint", () => {
    for (const layer of closed) layer.open = false;
  });
})();
