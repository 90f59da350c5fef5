(() => {
  // Tabs that are one choice open together, here and on the next page.
  const tabs = [...document.querySelectorAll(".tab[data-sync]")];
  const title = (tab) => tab.querySelector("summary").textContent;
  const choose = (sync, chosen) => tabs.forEach((tab) => { if (tab.dataset.sync === sync && title(tab) === chosen) tab.open = true; });
  for (const tab of tabs) {
    const { sync } = tab.dataset;
    try { choose(sync, localStorage.getItem(`tab:${sync}`)); } catch {}
    tab.querySelector("summary").addEventListener("click", () => setTimeout(() => {
      if (!tab.open) return;
      choose(sync, title(tab));
      try { localStorage.setItem(`tab:${sync}`, title(tab)); } catch {}
    }));
  }
})();
