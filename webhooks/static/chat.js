// The chat page works without this; with it a question is answered without loading the page again.
"use strict";
(() => {
  const box = document.getElementById("text");
  const ask = document.getElementById("ask");
  const log = document.getElementById("log");
  const status = document.getElementById("status");
  if (!ask || !window.fetch) return;

  const fresh = () => {  // another question is another press
    const bytes = window.crypto.getRandomValues(new Uint8Array(12));
    ask.elements.press.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const show = (turn) => {
    turn.scrollIntoView({ block: "start" });
    const next = turn.querySelector(".problems, .fill :is(textarea, input:not([type=hidden]), select)");
    (next || box).focus({ preventScroll: true });
  };

  const send = async (from, data) => {
    const path = from.getAttribute("action").split("#")[0];
    status.textContent = path === "/ask" ? "Looking in the papers …" : "One moment …";
    try {
      const answer = await fetch(path, { method: "POST", body: new URLSearchParams(data), headers: { "X-Fragment": "turn" } });
      if (answer.status === 204) { status.textContent = "Type a question first."; box.focus(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      const turn = from.closest(".turn");
      const wrong = from.classList.contains("fill") && turn;
      if (from.classList.contains("checklist")) {  // the same list, with its ticks, where it stood
        const place = turn.previousElementSibling;
        turn.outerHTML = await answer.text();
        const now = place ? place.nextElementSibling : log.querySelector(".turn");
        now.querySelector("form.checklist button")?.focus({ preventScroll: true });
        status.textContent = now.querySelector("form.checklist") ? "Your ticks are kept." : "";
        return;
      }
      log.insertAdjacentHTML("beforeend", await answer.text());
      if (wrong && log.lastElementChild.querySelector(".problems")) wrong.remove();  // the form again, with what is wrong
      if (from === ask) { box.value = ""; fresh(); }
      document.querySelector(".try")?.remove();
      document.getElementById("again").hidden = false;
      status.textContent = "";
      const turns = log.querySelectorAll(".turn");
      show(turns[turns.length - 1]);
    } catch (problem) {
      status.textContent = {
        400: "This page has been open too long. Load it again, then ask once more.",
        401: "You are not signed in any more. Sign in, then try again.",
        413: "That is too long. Send less: a question, not a whole paper.",
        429: "That was too many questions at once. Wait a minute, then ask again.",
      }[problem.message] || "That did not reach the desk. Check the connection and press Ask again.";
    }
  };

  document.addEventListener("submit", (event) => {
    const from = event.target;
    if (!from.hasAttribute("data-turn")) return;
    event.preventDefault();
    const data = new FormData(from);
    if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
    send(from, data);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); ask.requestSubmit(); }
  });
})();
