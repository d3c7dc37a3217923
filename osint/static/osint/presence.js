// Who else has this record open: asked every 20 seconds; leaving the page says so.
"use strict";
{
  const notice = document.getElementById("presence");
  const form = notice.closest("form");
  const body = (left) => {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    if (left) data.append("left", "1");
    return data;
  };
  const ask = async () => {
    if (document.hidden) return;
    const answer = await fetch(notice.dataset.url, { method: "POST", body: body(false), credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const { sentence } = await answer.json();
    notice.textContent = sentence;
    notice.hidden = !sentence;
  };
  ask();
  setInterval(ask, 20000);
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("pagehide", () => { navigator.sendBeacon(notice.dataset.url, body(true)); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
}
