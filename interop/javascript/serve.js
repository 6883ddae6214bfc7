// Answers requests to open and to seal, one JSON object a line: what interop/check.py talks to.

import { createInterface } from "node:readline";
import { Key, Refused, open, seal } from "./hardtack_format.js";

const bytes = (text) => Uint8Array.from(Buffer.from(text, "hex"));
const hex = (data) => Buffer.from(data).toString("hex");

function sealed(key, naming, asked) {
  const claims = {
    flags: asked.flags,
    schema: asked.schema,
    createdAt: asked.created_at,
    endsAt: asked.ends_at,
    issuedAt: asked.issued_at,
    expiresAt: asked.expires_at,
    sessionId: bytes(asked.session_id),
    payload: bytes(asked.payload),
    extensions: asked.extensions.map(([kind, value]) => [kind, bytes(value)]),
  };
  return { token: seal(key, naming, claims, asked.block, asked.nonce && bytes(asked.nonce)) };
}

function opened(key, naming, asked) {
  const claims = open([key], naming, asked.token, asked.now, asked.policy, asked.valid_after);
  return {
    flags: claims.flags,
    schema: claims.schema,
    created_at: claims.createdAt,
    ends_at: claims.endsAt,
    issued_at: claims.issuedAt,
    expires_at: claims.expiresAt,
    session_id: hex(claims.sessionId),
    payload: hex(claims.payload),
    extensions: claims.extensions.map(([kind, value]) => [kind, hex(value)]),
  };
}

function answer(asked) {
  const key = new Key(asked.key_text);
  const naming = { name: asked.cookie_name, purpose: asked.purpose, binding: bytes(asked.binding) };
  try {
    return asked.do === "seal" ? sealed(key, naming, asked) : opened(key, naming, asked);
  } catch (error) {
    if (error instanceof Refused) return { refused: error.reason };
    throw error;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answer(JSON.parse(line))));
}
