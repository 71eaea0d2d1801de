// The chat page works without this; with it a question is answered without loading the page again.
"use strict";
(() => {
  const form = document.getElementById("ask");
  const box = document.getElementById("text");
  const log = document.getElementById("log");
  const status = document.getElementById("status");
  if (!form || !window.fetch) return;

  const send = async (data) => {
    status.textContent = "Looking in the papers …";
    try {
      const answer = await fetch("/ask", { method: "POST", body: new URLSearchParams(data), headers: { "X-Fragment": "turn" } });
      if (answer.status === 204) { status.textContent = "Type a question first."; box.focus(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      log.insertAdjacentHTML("beforeend", await answer.text());
      box.value = "";
      document.querySelector(".try")?.remove();
      document.getElementById("again").hidden = false;
      status.textContent = "";
      const turns = log.querySelectorAll(".turn");
      turns[turns.length - 1].scrollIntoView({ block: "start" });
      box.focus({ preventScroll: true });
    } catch (problem) {
      status.textContent = {
        400: "This page has been open too long. Load it again, then ask once more.",
        413: "That is too long. Send less: a question, not a whole paper.",
        429: "That was too many questions at once. Wait a minute, then ask again.",
      }[problem.message] || "That did not reach the desk. Check the connection and press Ask again.";
    }
  };

  document.addEventListener("submit", (event) => {
    const from = event.target;
    if (from.getAttribute("action") !== "/ask") return;
    event.preventDefault();
    const data = new FormData(from);
    if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
    send(data);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
})();
