// A button at each block of code that copies it. Without this script the code can be selected; numbers of
// lines are not part of it.
(function () {
  if (!navigator.clipboard) return;
  var words = document.currentScript.dataset;
  var said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  document.body.append(said);
  document.querySelectorAll("pre > code").forEach(function (code) {
    var pre = code.parentElement;
    var box = document.createElement("div");
    var button = document.createElement("button");
    box.className = "copyable";
    button.className = "copy";
    button.type = "button";
    button.textContent = words.copy;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(code.textContent).then(function () {
        button.textContent = words.copied;
        said.textContent = words.copied;
        setTimeout(function () { button.textContent = words.copy; said.textContent = ""; }, 2000);
      });
    });
    pre.before(box);
    box.append(pre, button);
  });
})();
