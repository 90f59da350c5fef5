// Shows what changes on the site: in pages that `dateline serve` answers, and in no others.
(() => {
  const me = document.currentScript;
  const { page, plain } = me.dataset;
  const always = "always" in me.dataset;
  let digest = me.dataset.digest;
  let source;

  // Where the reader was, kept over a reload.
  const place = "dateline:" + location.pathname + location.search;
  const saved = sessionStorage.getItem(place);
  if (saved) {
    sessionStorage.removeItem(place);
    const [x, y] = JSON.parse(saved);
    const back = () => scrollTo({ left: x, top: y, behavior: "instant" });
    back();
    addEventListener("load", back, { once: true });
  }
  const reload = () => {
    sessionStorage.setItem(place, JSON.stringify([scrollX, scrollY]));
    source.close();
    location.reload();
  };

  const isSheet = (link) => new URL(link.href, location.href).origin === location.origin;
  const sheets = (root) => [...root.querySelectorAll('link[rel~="stylesheet"]:not([data-dateline])')];

  // Each style sheet by its new one; the old goes once the new is there, so that nothing flickers.
  const exchange = (links) => {
    const old = sheets(document);
    links.forEach((link, at) => {
      const next = old[at] ? old[at].cloneNode() : document.createElement("link");
      next.rel = "stylesheet";
      if (link.integrity) next.integrity = link.integrity;
      else next.removeAttribute("integrity");
      const url = new URL(link.getAttribute("href"), location.href);
      if (url.origin === location.origin) url.searchParams.set("dateline", Date.now().toString(36));
      next.href = url.href;
      if (!old[at]) return document.head.append(next);
      next.addEventListener("load", () => old[at].remove(), { once: true });
      next.addEventListener("error", () => old[at].remove(), { once: true });
      old[at].after(next);
    });
    old.slice(links.length).forEach((link) => link.remove());
  };

  // True once the page's new style sheets are shown, if nothing else of it has changed.
  const onlyStyles = async () => {
    const text = await (await fetch(location.href, { cache: "no-cache" })).text();
    const next = new DOMParser().parseFromString(text, "text/html");
    const script = next.querySelector("script[data-plain]");
    if (!plain || !script || script.dataset.plain !== plain) return false;
    digest = script.dataset.digest;
    exchange(sheets(next));
    return true;
  };

  // True if the page has loaded one of these files.
  const uses = (files) => {
    const loaded = performance.getEntriesByType("resource").map((entry) => decodeURI(new URL(entry.name).pathname));
    return files.some((file) => loaded.some((path) => path.endsWith("/" + file)));
  };

  const changed = async (files) => {
    if (always || !files) return reload();
    const styles = files.some((file) => /\.css$/i.test(file));
    if (files.includes(page)) {
      // A style sheet with a new name is a change of the page, too.
      if (styles && (await onlyStyles())) return;
      return reload();
    }
    if (uses(files.filter((file) => !/\.(css|html?|xml|txt)$/i.test(file)))) return reload();
    if (styles) exchange(sheets(document).filter(isSheet).length ? sheets(document) : []);
  };

  let overlay;
  const hide = () => {
    overlay?.remove();
    overlay = undefined;
  };
  const show = async (html) => {
    if (always) return reload();
    hide();
    overlay = document.createElement("dateline-overlay");
    const root = overlay.attachShadow({ mode: "open" });
    const box = document.createElement("div");
    box.className = "dateline-overlay errors";
    box.setAttribute("role", "alert");
    box.innerHTML = html;
    const close = document.createElement("button");
    close.textContent = "Hide";
    close.addEventListener("click", hide);
    box.append(close);
    document.documentElement.append(overlay);
    // Not as an element, which a site's own policy may forbid.
    const sheet = new CSSStyleSheet();
    root.adoptedStyleSheets = [sheet];
    sheet.replaceSync(await (await fetch("/_dateline/style.css")).text());
    root.append(box);
  };
  addEventListener("keydown", (event) => event.key === "Escape" && hide());

  let first = true;
  const hear = ({ data }) => {
    const told = JSON.parse(data);
    const isFirst = first;
    first = false;
    // The desk was made a moment ago.
    if (always && isFirst && !page) return;
    // Where there was no site there is one.
    if (always && page && told.built) return reload();
    if (!told.built) return isFirst && always ? undefined : show(told.overlay);
    hide();
    if (isFirst && told.changed && !told.changed.length) return;
    changed(told.changed);
  };
  const listen = () => {
    source?.close();
    first = true;
    source = new EventSource("/_dateline/events?" + new URLSearchParams({ page, digest }));
    source.addEventListener("message", hear);
    // The browser tries again by itself; what was missed meanwhile is told first.
    source.addEventListener("error", () => (first = true));
  };
  // A browser has six connections to a server: pages that nobody sees leave theirs to others.
  const heed = () => (document.visibilityState === "hidden" ? source?.close() : listen());
  document.addEventListener("visibilitychange", heed);
  addEventListener("pageshow", (event) => event.persisted && heed());
  addEventListener("pagehide", () => source?.close());
  heed();
})();
