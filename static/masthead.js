// The choice of light or dark, and menus that close.
(function () {
  "use strict";
  var root = document.documentElement, button = document.querySelector("button.colours");
  var metas = document.querySelectorAll('meta[name="theme-color"]');
  var papers = Array.from(metas, function (meta) { return meta.content; });
  var all = ["", "light", "dark"];
  var night = "(prefers-color-scheme: dark)";
  var others = document.querySelectorAll('source[media="' + night + '"]');

  // The name of the button says what is chosen; the browser's own bars follow, and pictures that are others in the dark.
  function tell() {
    var chosen = root.style.colorScheme;
    button.dataset.now = chosen;
    button.firstElementChild.textContent = button.title = button.dataset.name + ": " + button.dataset[chosen || "auto"];
    others.forEach(function (one) { one.media = chosen ? (chosen === "dark" ? "all" : "not all") : night; });
    metas.forEach(function (meta, at) { meta.content = papers[chosen ? all.indexOf(chosen) - 1 : at]; });
  }

  if (button) {
    button.onclick = function () {
      var next = all[(all.indexOf(root.style.colorScheme) + 1) % 3];
      root.style.colorScheme = next;
      try { localStorage.setItem("colours", next); } catch (e) {}
      tell();
    };
    tell();
    button.hidden = false;
  }

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.firstElementChild.focus();
  });
})();
