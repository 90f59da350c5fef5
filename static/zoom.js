(() => {
  const words = document.currentScript.dataset;
  const all = (selector) => [...document.querySelectorAll(selector)];

  // A picture as large as the window.
  const show = (link) => {
    const dialog = document.createElement("dialog");
    const picture = new Image();
    const button = document.createElement("button");
    dialog.className = "zoomed";
    const small = link.querySelector("img");
    picture.src = link.querySelector("source[media]") ? small.currentSrc : link.href;
    picture.alt = small.alt;
    button.textContent = words.close;
    dialog.append(picture, button);
    dialog.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  for (const picture of all(".text figure img[width]")) {
    if (picture.closest("a") || picture.getAttribute("width") < picture.clientWidth * 1.3) continue;
    const link = document.createElement("a");
    const whole = picture.closest("picture") ?? picture;
    link.className = "zoom";
    link.setAttribute("href", picture.getAttribute("src"));
    if (!picture.alt) link.ariaLabel = words.enlarge;
    whole.replaceWith(link);
    link.append(whole);
  }
  for (const link of all(".story a.zoom, .story .gallery a")) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || !link.querySelector("img")) return;
      event.preventDefault();
      show(link);
    });
  }
})();
