// Times of chapters lead into the recording, and an address that names the transcript opens it.
for (const link of document.querySelectorAll(".player [data-seconds]")) {
  link.addEventListener("click", (event) => {
    const player = link.closest(".player").querySelector("audio, video");
    const go = () => {
      player.currentTime = Number(link.dataset.seconds);
      player.play();
    };
    event.preventDefault();
    if (player.readyState) return go();
    player.addEventListener("loadedmetadata", go, { once: true });
    player.preload = "auto";
    player.load();
  });
}
addEventListener("hashchange", openTranscript);
openTranscript();

function openTranscript() {
  const said = document.getElementById("dl-transcript");
  if (said && location.hash === "#dl-transcript") said.open = true;
}
