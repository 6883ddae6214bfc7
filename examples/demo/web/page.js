// The page works without this file. With it, times count down, events arrive as they happen, and a button does not load the page anew.
"use strict";

const main = document.getElementById("main");
const events = document.getElementById("events");

// Sends a form, and puts the answer's main part in place of ours. The keyboard's focus stays where it was.
async function send(form, button) {
    const fields = new URLSearchParams(new FormData(form, button));
    const isPost = form.method === "post";
    const address = new URL(form.action);
    if (!isPost) address.search = fields;
    const response = await fetch(address, isPost ? { method: "POST", body: fields } : {});
    if (!response.ok) return location.assign("/");
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    history.replaceState(null, "", response.url);
    show(answer, button && button.id);
}

function show(answer, focused) {
    const messages = document.getElementById("messages");
    const [said, ...sections] = answer.getElementById("main").children;
    while (messages.nextSibling) messages.nextSibling.remove();
    messages.after(...sections);
    // The live region itself stays, so that a screen reader reads what comes into it.
    messages.replaceChildren(...said.childNodes);
    count();
    const result = document.getElementById("result");
    if (result) announce(result);
    const same = document.getElementById(focused);
    const next = same || document.getElementById("name") || document.querySelector("#session button");
    next.focus({ preventScroll: Boolean(same) });
}

// A result is far from its button: say it, and bring it into view.
function announce(result) {
    const refusal = result.querySelector(".events .refusal .detail");
    const said = document.createElement("p");
    said.className = "away";
    said.textContent = `${result.querySelector(".sent").textContent} ${refusal ? `Refused: ${refusal.textContent}.` : "Let in."}`;
    document.getElementById("messages").append(said);
    result.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target, event.submitter).catch(() => location.reload());
});

// Times count down from those on the page, so the clock of this machine may be wrong.
let shown = 0;
function count() {
    shown = performance.now();
    for (const left of document.querySelectorAll("[data-left]")) left.dataset.from = left.dataset.left;
}

function tick() {
    const passed = Math.floor((performance.now() - shown) / 1000);
    for (const left of document.querySelectorAll("[data-left]")) {
        const seconds = Math.max(0, Number(left.dataset.from) - passed);
        left.textContent = span(seconds);
        left.parentElement.querySelector("progress").value = seconds;
        if (seconds === 0 && passed > 0) return location.assign("/");
    }
}

function span(seconds) {
    const parts = [
        [Math.floor(seconds / 86400), "d"],
        [Math.floor(seconds / 3600) % 24, "h"],
        [Math.floor(seconds / 60) % 60, "min"],
        [seconds % 60, "s"],
    ].filter(([number]) => number > 0);
    return parts.slice(0, 2).map(([number, unit]) => `${number} ${unit}`).join(" ") || "0 s";
}

// Waits for the next events, again and again. The request does not use the session, so it is no activity.
async function listen() {
    for (;;) {
        const newest = events.firstElementChild ? events.firstElementChild.dataset.number : 0;
        try {
            const response = await fetch(`/events?after=${newest}`);
            if (!response.ok) throw new Error(response.statusText);
            const list = new DOMParser().parseFromString(await response.text(), "text/html").querySelectorAll("li");
            for (const item of list) item.classList.add("new");
            events.prepend(...list);
            while (events.childElementCount > 60) events.lastElementChild.remove();
        } catch {
            await new Promise((resolve) => setTimeout(resolve, 2000));
        }
    }
}

count();
setInterval(tick, 1000);
listen();
