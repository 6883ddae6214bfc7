"""Opens and seals hardtack's tokens. Written from docs/FORMAT.md; section and step numbers are that page's."""

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

LABEL = b"hardtack"
HEADER, TAG, LEAST = 29, 16, 68
TIMES = 2**40


class Refused(Exception):
    """The token is not accepted. The one argument is the reason's name in the table of section 5."""


@dataclass
class Claims:
    flags: int
    schema: int
    created_at: int
    ends_at: int
    issued_at: int
    expires_at: int
    session_id: bytes
    payload: bytes
    extensions: list = field(default_factory=list)


@dataclass
class Policy:
    idle: int = 1800
    absolute: int = 43_200
    remembered_idle: int = 604_800
    remembered_absolute: int = 2_592_000
    skew: int = 60


# Section 3: keys.


def lp(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data


def expand(prk: bytes, info: bytes, length: int) -> bytes:
    # One block of HKDF-Expand: no key here is longer.
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()[:length]


class Key:
    def __init__(self, text: str):
        suite, encoded = text[3:4], text[5:]
        decoded = decode(encoded)
        self.suite, self.secret = int(suite), decoded[:32]
        check = hashlib.sha256(LABEL + b"/v1/keytext" + bytes([self.suite]) + self.secret).digest()[:4]
        if text[:3] != "htk" or text[4] != "_" or len(decoded) != 36 or check != decoded[32:]:
            raise ValueError("this is no key text")
        self.prk = hmac.new(LABEL + b"/v1/extract", self.secret, hashlib.sha256).digest()
        self.id = expand(self.prk, LABEL + b"/v1/kid" + bytes([self.suite]), 4)

    def for_cookie(self, name: str, purpose: str) -> bytes:
        info = LABEL + b"/v1/key" + bytes([self.suite]) + lp(name.encode()) + lp(purpose.encode())
        return expand(self.prk, info, 32)


# Section 1: the two suites.


def xaes(key: bytes, nonce: bytes):
    """XAES-256-GCM as C2SP describes it: one derived key for each half nonce."""
    block = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    top = int.from_bytes(block.update(bytes(16)), "big")
    k1 = (top << 1) & (2**128 - 1) ^ (0x87 if top >> 127 else 0)

    def half(counter):
        message = bytes([0, counter, 0x58, 0]) + nonce[:12]
        return block.update((int.from_bytes(message, "big") ^ k1).to_bytes(16, "big"))

    return AESGCM(half(1) + half(2)), nonce[12:]


def xchacha(key: bytes, nonce: bytes):
    """HChaCha20 is a key stream block of ChaCha20 without the last addition, so that is taken off again."""
    stream = Cipher(algorithms.ChaCha20(key, nonce[:16]), mode=None).encryptor().update(bytes(64))
    words = struct.unpack("<16I", stream)
    start = struct.unpack("<4I", b"expand 32-byte k") + struct.unpack("<8I", key) + struct.unpack("<4I", nonce[:16])
    rounds = [(word - added) % 2**32 for word, added in zip(words, start)]
    return ChaCha20Poly1305(struct.pack("<8I", *rounds[:4], *rounds[12:])), bytes(4) + nonce[16:]


SUITES = {1: xaes, 2: xchacha}


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Canonical base64url without padding."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Refused("Encoding") from error
    if encode(data) != text:
        raise Refused("Encoding")
    return data


# Section 2: the plaintext.


class Reader:
    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def take(self, length: int) -> bytes:
        taken = self.data[self.at : self.at + length]
        if len(taken) != length:
            raise Refused("Format")
        self.at += length
        return taken

    def varint(self, below: int) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if value >= below or shift > 63:
                raise Refused("Format")
            if byte < 0x80:
                if byte == 0 and shift > 7:  # not the shortest form
                    raise Refused("Format")
                return value

    def counted(self) -> bytes:
        return self.take(self.varint(2**16))

    def is_empty(self) -> bool:
        return self.at == len(self.data)


def varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def read_extensions(block: bytes) -> list:
    entries, reader = [], Reader(block)
    if not block:
        raise Refused("Format")
    while not reader.is_empty():
        kind, value = reader.take(1)[0], reader.counted()
        if entries and kind <= entries[-1][0]:
            raise Refused("Format")
        entries.append((kind, value))
    return entries


def read_plaintext(plaintext: bytes) -> Claims:
    reader = Reader(plaintext)
    flags = reader.take(1)[0]
    if flags & ~3:
        raise Refused("Flags")
    schema = reader.varint(2**16)
    created_at = reader.varint(TIMES)
    ends_at = created_at + reader.varint(TIMES)
    issued_at = created_at + reader.varint(TIMES)
    expires_at = issued_at + reader.varint(TIMES)
    session_id, payload = reader.take(16), reader.counted()
    extensions = read_extensions(reader.counted()) if flags & 2 else []
    padding = reader.take(len(plaintext) - reader.at)
    if any(padding) or not issued_at < expires_at <= ends_at < TIMES:
        raise Refused("Format")
    if any(kind < 128 for kind, _ in extensions):  # this reader knows no critical one
        raise Refused("Extension")
    return Claims(flags, schema, created_at, ends_at, issued_at, expires_at, session_id, payload, extensions)


def write_plaintext(claims: Claims, block: int) -> bytes:
    times = (
        claims.created_at,
        claims.ends_at - claims.created_at,
        claims.issued_at - claims.created_at,
        claims.expires_at - claims.issued_at,
    )
    out = bytes([claims.flags]) + varint(claims.schema) + b"".join(map(varint, times))
    out += claims.session_id + varint(len(claims.payload)) + claims.payload
    if claims.flags & 2:
        entries = b"".join(bytes([kind]) + varint(len(value)) + value for kind, value in claims.extensions)
        out += varint(len(entries)) + entries
    return out + bytes(-len(out) % block)


# Sections 4 and 5.


def seal(key: Key, name: str, purpose: str, binding: bytes, claims: Claims, nonce: bytes, block: int = 16) -> str:
    """The token. The nonce is 24 bytes of `os.urandom`, fresh for every token."""
    header = bytes([0x10 | key.suite]) + key.id + nonce
    aead, inner = SUITES[key.suite](key.for_cookie(name, purpose), nonce)
    token = encode(header + aead.encrypt(inner, write_plaintext(claims, block), header + lp(binding)))
    if len(name) + len(token) > 4096:
        raise ValueError("the session does not fit a cookie")
    return token


def decrypt(keys: list, name: str, purpose: str, binding: bytes, token: str) -> bytes:
    """Steps 1 to 5."""
    if len(name.encode()) + len(token.encode()) > 4096:
        raise Refused("TooLong")
    sealed = decode(token)
    if not sealed:
        raise Refused("TooShort")
    if sealed[0] >> 4 != 1:
        raise Refused("Version")
    suite = sealed[0] & 15
    if suite not in SUITES:
        raise Refused("Suite")
    if len(sealed) < LEAST:
        raise Refused("TooShort")
    key = next((key for key in keys if key.id == sealed[1:5]), None)
    if key is None:
        raise Refused("UnknownKey")
    if key.suite != suite:
        raise Refused("Authentication")
    aead, inner = SUITES[suite](key.for_cookie(name, purpose), sealed[5:HEADER])
    try:
        return aead.decrypt(inner, sealed[HEADER:], sealed[:HEADER] + lp(binding))
    except InvalidTag as error:
        raise Refused("Authentication") from error


def judge(claims: Claims, policy: Policy, valid_after: int, now: int) -> None:
    """Steps 7 to 9. A deny-list, if you have one, is asked after this."""
    idle, absolute = policy.idle, policy.absolute
    if claims.flags & 1:
        idle, absolute = policy.remembered_idle, policy.remembered_absolute
    if claims.issued_at > max(now, valid_after) + policy.skew:
        raise Refused("NotYetValid")
    if now >= min(claims.ends_at, claims.created_at + absolute):
        raise Refused("AbsoluteTimeout")
    if now >= min(claims.expires_at, claims.issued_at + idle):
        raise Refused("IdleTimeout")
    if claims.created_at < valid_after:
        raise Refused("Revoked")


def open_token(keys, name, purpose, binding, token, now, policy=Policy(), valid_after=0) -> Claims:
    """The claims and the payload's bytes, or `Refused`. Whoever sent the token must not learn the reason."""
    claims = read_plaintext(decrypt(keys, name, purpose, binding, token))
    judge(claims, policy, valid_after, now)
    return claims
