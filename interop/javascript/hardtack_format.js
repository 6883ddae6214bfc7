// Opens and seals hardtack's tokens, in a browser too. Written from docs/FORMAT.md; section and step numbers are that page's.

import { ecb, gcm } from "@noble/ciphers/aes.js";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const HEADER = 29, LEAST = 68, TIMES = 2 ** 40;
const label = (text) => utf8ToBytes(`hardtack${text}`);
const byte = (number) => Uint8Array.of(number);
const u16 = (number) => Uint8Array.of(number >> 8, number & 255);
const lp = (bytes) => concatBytes(u16(bytes.length), bytes);
const equal = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

/** The token is not accepted; `reason` is a name of the table in section 5. */
export class Refused extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

const check = (holds, reason) => {
  if (!holds) throw new Refused(reason);
};

// Base64url, canonical and without padding.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function encode(bytes) {
  let text = "", bits = 0, held = 0;
  for (const next of bytes) {
    held = (held << 8) | next;
    bits += 8;
    while (bits >= 6) text += ALPHABET[(held >> (bits -= 6)) & 63];
    held &= (1 << bits) - 1;
  }
  return bits ? text + ALPHABET[(held << (6 - bits)) & 63] : text;
}

export function decode(text) {
  const bytes = [];
  let bits = 0, held = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    check(value >= 0, "Encoding");
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 255);
    held &= (1 << bits) - 1;
  }
  check(bits < 6 && held === 0, "Encoding");
  return Uint8Array.from(bytes);
}

// Section 3: keys.

export class Key {
  constructor(text) {
    const decoded = decode(text.slice(5));
    this.suite = Number(text[3]);
    const secret = decoded.slice(0, 32);
    const sum = sha256(concatBytes(label("/v1/keytext"), byte(this.suite), secret)).slice(0, 4);
    if (!/^htk[12]_/.test(text) || decoded.length !== 36 || !equal(sum, decoded.slice(32))) {
      throw new Error("this is no key text");
    }
    this.prk = extract(sha256, secret, label("/v1/extract"));
    this.id = expand(sha256, this.prk, concatBytes(label("/v1/kid"), byte(this.suite)), 4);
  }

  forCookie(name, purpose) {
    const names = [lp(utf8ToBytes(name)), lp(utf8ToBytes(purpose))];
    return expand(sha256, this.prk, concatBytes(label("/v1/key"), byte(this.suite), ...names), 32);
  }
}

// Section 1: the two suites.

/** XAES-256-GCM as C2SP describes it: one derived key for each half nonce. */
function xaes(key, nonce, aad) {
  const aes = (block) => ecb(key, { disablePadding: true }).encrypt(block);
  const doubled = aes(new Uint8Array(16));
  const carry = doubled[0] >> 7;
  const k1 = doubled.map((x, i) => ((x << 1) | ((doubled[i + 1] ?? 0) >> 7)) & 255);
  k1[15] ^= carry * 0x87;
  const half = (counter) => {
    const message = concatBytes(Uint8Array.of(0, counter, 0x58, 0), nonce.slice(0, 12));
    return aes(message.map((x, i) => x ^ k1[i]));
  };
  return gcm(concatBytes(half(1), half(2)), nonce.slice(12), aad);
}

const SUITES = { 1: xaes, 2: xchacha20poly1305 };

// Section 2: the plaintext.

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(length) {
    check(this.at + length <= this.bytes.length, "Format");
    return this.bytes.slice(this.at, (this.at += length));
  }

  /** No bit operators: they end at 32 bits. */
  varint(below) {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const [next] = this.take(1);
      value += (next & 127) * factor;
      check(value < below && factor < 2 ** 49, "Format");
      if (next < 128) {
        check(next !== 0 || factor === 1, "Format"); // not the shortest form
        return value;
      }
    }
  }

  counted() {
    return this.take(this.varint(2 ** 16));
  }

  get isEmpty() {
    return this.at === this.bytes.length;
  }
}

function varint(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Uint8Array.from([...bytes, value]);
}

function readExtensions(block) {
  const entries = [], reader = new Reader(block);
  check(block.length > 0, "Format");
  while (!reader.isEmpty) {
    const [kind] = reader.take(1), value = reader.counted();
    check(entries.every(([before]) => before < kind), "Format");
    entries.push([kind, value]);
  }
  return entries;
}

function readPlaintext(plaintext) {
  const reader = new Reader(plaintext);
  const [flags] = reader.take(1);
  check((flags & ~3) === 0, "Flags");
  const schema = reader.varint(2 ** 16);
  const createdAt = reader.varint(TIMES);
  const endsAt = createdAt + reader.varint(TIMES);
  const issuedAt = createdAt + reader.varint(TIMES);
  const expiresAt = issuedAt + reader.varint(TIMES);
  const sessionId = reader.take(16), payload = reader.counted();
  const extensions = flags & 2 ? readExtensions(reader.counted()) : [];
  check(reader.take(plaintext.length - reader.at).every((x) => x === 0), "Format");
  check(issuedAt < expiresAt && expiresAt <= endsAt && endsAt < TIMES, "Format");
  check(extensions.every(([kind]) => kind >= 128), "Extension"); // this reader knows no critical one
  return { flags, schema, createdAt, endsAt, issuedAt, expiresAt, sessionId, payload, extensions };
}

function writePlaintext(claims, block) {
  const { flags, schema, createdAt, endsAt, issuedAt, expiresAt, sessionId, payload, extensions } = claims;
  const numbers = [schema, createdAt, endsAt - createdAt, issuedAt - createdAt, expiresAt - issuedAt];
  const parts = [byte(flags), ...numbers.map(varint), sessionId, varint(payload.length), payload];
  if (flags & 2) {
    const entries = concatBytes(...extensions.flatMap(([kind, value]) => [byte(kind), varint(value.length), value]));
    parts.push(varint(entries.length), entries);
  }
  const plain = concatBytes(...parts);
  return concatBytes(plain, new Uint8Array((block - (plain.length % block)) % block));
}

// Sections 4 and 5.

/** The token. Leave the nonce out: it is then fresh from the operating system, as it must be for every token. */
export function seal(key, { name, purpose, binding }, claims, block = 16, nonce = randomBytes(24)) {
  const header = concatBytes(byte(0x10 | key.suite), key.id, nonce);
  const aead = SUITES[key.suite](key.forCookie(name, purpose), nonce, concatBytes(header, lp(binding)));
  const token = encode(concatBytes(header, aead.encrypt(writePlaintext(claims, block))));
  if (name.length + token.length > 4096) throw new Error("the session does not fit a cookie");
  return token;
}

/** Steps 1 to 5. */
function decrypt(keys, { name, purpose, binding }, token) {
  check(utf8ToBytes(name).length + utf8ToBytes(token).length <= 4096, "TooLong");
  const sealed = decode(token);
  check(sealed.length > 0, "TooShort");
  check(sealed[0] >> 4 === 1, "Version");
  const suite = sealed[0] & 15;
  check(suite in SUITES, "Suite");
  check(sealed.length >= LEAST, "TooShort");
  const key = keys.find(({ id }) => equal(id, sealed.slice(1, 5)));
  check(key, "UnknownKey");
  check(key.suite === suite, "Authentication");
  const aad = concatBytes(sealed.slice(0, HEADER), lp(binding));
  const aead = SUITES[suite](key.forCookie(name, purpose), sealed.slice(5, HEADER), aad);
  try {
    return aead.decrypt(sealed.slice(HEADER));
  } catch {
    throw new Refused("Authentication");
  }
}

/** Steps 7 to 9. A deny-list, if you have one, is asked after this. */
function judge(claims, policy, validAfter, now) {
  const remembered = claims.flags & 1;
  const idle = remembered ? policy.remembered_idle : policy.idle;
  const absolute = remembered ? policy.remembered_absolute : policy.absolute;
  check(claims.issuedAt <= Math.max(now, validAfter) + policy.skew, "NotYetValid");
  check(now < Math.min(claims.endsAt, claims.createdAt + absolute), "AbsoluteTimeout");
  check(now < Math.min(claims.expiresAt, claims.issuedAt + idle), "IdleTimeout");
  check(claims.createdAt >= validAfter, "Revoked");
}

/** The claims with the payload's bytes, or `Refused`. Whoever sent the token must not learn the reason. */
export function open(keys, naming, token, now, policy, validAfter = 0) {
  const claims = readPlaintext(decrypt(keys, naming, token));
  judge(claims, policy, validAfter, now);
  return claims;
}
