(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];

  // The heading that is read now, among the contents.
  const links = all(".contents a[href^='#']");
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  let waits = false;
  const spy = () => {
    waits = false;
    let now = 0;
    headings.forEach((heading, at) => { if (heading && heading.getBoundingClientRect().top < innerHeight / 4) now = at; });
    if (scrollY > 0 && innerHeight + scrollY >= document.documentElement.scrollHeight - 4) now = links.length - 1;
    links.forEach((link, at) => at === now ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"));
  };
  if (links.length) {
    addEventListener("scroll", () => { if (!waits) { waits = true; requestAnimationFrame(spy); } }, { passive: true });
    spy();
  }

  // The tree of a documentation begins where this page is.
  const here = document.querySelector(".docs-tree li [aria-current]");
  if (here) {
    const tree = here.closest(".docs-tree");
    const below = here.getBoundingClientRect().bottom - Math.min(innerHeight, tree.getBoundingClientRect().bottom);
    if (below > 0) tree.scrollTop = below + tree.clientHeight / 3;
  }

  // What readers do with an article.
  const acts = {
    copy: async (button) => {
      const before = button.textContent;
      try {
        await navigator.clipboard.writeText(button.dataset.url);
      } catch {
        return prompt(before, button.dataset.url);
      }
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = before; }, 2000);
    },
    print: () => print(),
    share: (button) => navigator.share({ title: button.dataset.title, url: button.dataset.url }).catch(() => {}),
  };
  for (const button of all(".share button")) {
    if (button.dataset.do === "share" && navigator.share) button.classList.add("can");
    button.addEventListener("click", () => acts[button.dataset.do](button));
  }
})();
