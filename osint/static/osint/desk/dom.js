// Small helpers for the desk's modules: pieces of the page, sentences of the server, messages.
const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const settings = read("desk-settings");
const labels = read("desk-labels");

// A name in a sentence keeps its own direction.
const isolated = (text) => `\u2068${text}\u2069`;

export const say = (name, values = {}) =>
  labels[name].replace(/\{(\w+)\}/g, (whole, key) => (key in values ? isolated(values[key]) : whole));

export const piece = (name) => document.getElementById(`piece-${name}`).content.firstElementChild.cloneNode(true);

export const element = (tag, values = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};

export const button = (text, onclick, values = {}) => element("button", { type: "button", textContent: text, onclick, ...values });

const voice = document.getElementById("desk-say");
let quiet;

// Said to everybody: shown for a while, and read out. An action may go with it.
export const tell = (sentence, action = null) => {
  voice.classList.remove("quiet");
  clearTimeout(quiet);
  voice.replaceChildren(element("span", { textContent: sentence }));
  if (action) voice.append(" ", button(action.label, () => { voice.replaceChildren(); action.run(); }));
  quiet = setTimeout(() => voice.replaceChildren(), action ? 20000 : 6000);
};

// Read out only: whoever sees the page sees it happen.
export const whisper = (sentence) => {
  tell(sentence);
  voice.classList.add("quiet");
};

export const short = (text, most = 90) => {
  const letters = Array.from(text.replace(/\s+/g, " ").trim());
  return letters.length > most ? `${letters.slice(0, most).join("")}…` : letters.join("");
};

// As crypto.randomUUID, which browsers keep for https.
export const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
};
