// The REST door: what it answers, what it refuses, and what never arrived.
import { say, settings } from "./dom.js";

// Nobody knows whether the request arrived.
export class Lost extends Error {}

// The server's own sentences, by the field they are about (problem details, RFC 9457).
export class Refusal extends Error {
  constructor(status, body) {
    super(sentences(body?.errors ?? body?.detail ?? body).join(" "));
    this.status = status;
    this.body = body;
  }
}

export const sentences = (body) => {
  if (body === null || body === undefined) return [];
  if (typeof body === "string") return [body];
  if (Array.isArray(body)) return body.flatMap(sentences);
  return typeof body === "object" ? Object.values(body).flatMap(sentences) : [];
};

const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
const DOWN = [502, 503, 504];

export const call = async (method, address, { body, version, key } = {}) => {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRFToken"] = token();
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  if (key) headers["Idempotency-Key"] = key;
  let answer;
  try {
    answer = await fetch(address, { method, headers, credentials: "same-origin", body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Lost(say("lost"));
  }
  if (DOWN.includes(answer.status)) throw new Lost(say("lost"));
  const content = answer.status === 204 ? null : await answer.json().catch(() => undefined);
  if (content === undefined) throw new Refusal(answer.status, say("cannot_read"));
  if (!answer.ok) throw new Refusal(answer.status, content);
  return { content, status: answer.status, version: Number(/\d+/.exec(answer.headers.get("ETag"))?.[0] ?? 0) };
};

export const rest = (method, path, options) => call(method, `${settings.api}${path}`, options);

// What an attempt has made: now, or when it came before, whatever was entered in it then.
export const make = async (path, body, key) => {
  try {
    return await rest("POST", path, { body, key });
  } catch (error) {
    if (!(error instanceof Refusal && error.body?.made)) throw error;
    return rest("GET", `${path}${error.body.made}/`);
  }
};

export const find = async (resource, query) => {
  const asked = new URLSearchParams(query);
  const { content } = await rest("GET", `/${resource}/?${asked}`);
  return content.results;
};
