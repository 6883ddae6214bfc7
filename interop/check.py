"""Runs the readers of interop/ against the vectors, against one another and against the command `hardtack`, both ways."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VECTORS = json.loads((ROOT / "tests/vectors/v1.json").read_text())
CLAIMS = ("flags", "schema", "created_at", "ends_at", "issued_at", "expires_at", "session_id", "payload", "extensions")
DEFAULTS = {"idle": 1800, "absolute": 43_200, "remembered_idle": 604_800, "remembered_absolute": 2_592_000, "skew": 60}
NAMING = {"cookie_name": "__Host-interop", "purpose": "interop/β", "binding": "00ff10"}


class Reader:
    """A program of another language, which answers a line for each line."""

    def __init__(self, name: str, command: list):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **asked) -> dict:
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} gave no answer")
        return json.loads(line)

    def open(self, key_text, token, now, policy=DEFAULTS, valid_after=0, naming=NAMING) -> dict:
        asked = {"key_text": key_text, "token": token, "now": now, "policy": policy, "valid_after": valid_after}
        return self.ask(do="open", **asked, **naming)

    def seal(self, key_text, claims, block=16, naming=NAMING, **nonce) -> str:
        return self.ask(do="seal", key_text=key_text, block=block, **claims, **naming, **nonce)["token"]


class Crate:
    """The command `hardtack`."""

    name = "hardtack"

    def run(self, key_text, *arguments, stdin="") -> str:
        naming = ["--cookie-name", NAMING["cookie_name"], "--purpose", NAMING["purpose"], "--binding", NAMING["binding"]]
        environment = {**os.environ, "HARDTACK_KEYS": key_text}
        command = [os.environ["HARDTACK"], *arguments, *naming]
        return subprocess.run(command, input=stdin, env=environment, text=True, capture_output=True).stdout.strip()

    def open(self, key_text, token, now) -> dict:
        return json.loads(self.run(key_text, "token", "open", "--now", str(now), stdin=token))

    def seal(self, key_text, claims) -> str:
        remembered = ["--remembered"] if claims["flags"] & 1 else []
        given = ["--now", str(claims["issued_at"]), "--schema", str(claims["schema"]), "--payload", claims["payload"]]
        return self.run(key_text, "token", "seal", *given, *remembered)


def expect(what: str, found, expected) -> None:
    if found != expected:
        sys.exit(f"{what}: {found!r} instead of {expected!r}")


def claims_of(source: dict) -> dict:
    return {name: [list(entry) for entry in source[name]] if name == "extensions" else source[name] for name in CLAIMS}


def vectors(reader: Reader) -> int:
    policy = VECTORS["policy"]
    for vector in VECTORS["accepted"] + VECTORS["refused"]:
        naming = {name: vector[name] for name in NAMING}
        where = f"{reader.name}, vector {vector['name']}"
        cut_off = vector.get("valid_after", 0)
        opened = reader.open(vector["key_text"], vector["token"], vector["now"], policy, cut_off, naming)
        if "refused" in vector:
            expect(where, opened, {"refused": vector["refused"]})
            continue
        claims = claims_of(vector)
        expect(where, opened, claims)
        sealed = reader.seal(vector["key_text"], claims, vector["block"], naming, nonce=vector["nonce"])
        expect(f"{where}, sealed", sealed, vector["token"])
    return len(VECTORS["accepted"]) + len(VECTORS["refused"])


def spoilt(token: str) -> str:
    return token[:80] + ("A" if token[80] != "A" else "B") + token[81:]


def both_ways(writer, reader, key_text: str, now: int) -> int:
    """What one seals the other opens; what was changed on the way it refuses."""
    sizes = (0, 1, 127, 128, 2000)
    for index, size in enumerate(sizes):
        flags = index & 1
        idle, absolute = (604_800, 2_592_000) if flags else (1800, 43_200)
        claims = {
            "flags": flags,
            "schema": 7 + index,
            "created_at": now,
            "ends_at": now + absolute,
            "issued_at": now,
            "expires_at": now + idle,
            "session_id": os.urandom(16).hex(),
            "payload": os.urandom(size).hex(),
            "extensions": [],
        }
        where = f"{writer.name} to {reader.name}, {size} bytes"
        token = writer.seal(key_text, claims)
        opened = reader.open(key_text, token, now + idle - 1)
        if writer.name == Crate.name:
            claims["session_id"] = opened.get("session_id")  # it draws its own
        expect(where, {name: opened.get(name) for name in CLAIMS}, claims)
        expect(f"{where}, late", reader.open(key_text, token, now + idle), {"refused": "IdleTimeout"})
        expect(f"{where}, spoilt", reader.open(key_text, spoilt(token), now), {"refused": "Authentication"})
    return len(sizes)


def main(commands: list) -> None:
    readers = [Reader(name, command.split()) for name, command in (command.split("=", 1) for command in commands)]
    for reader in readers:
        print(f"{reader.name}: {vectors(reader)} vectors, each opened or refused as it says")
    everybody, now = [Crate(), *readers], int(time.time())
    for suite in ("1", "2"):
        generate = [os.environ["HARDTACK"], "key", "generate", "--suite", suite]
        key_text = subprocess.run(generate, text=True, capture_output=True, check=True).stdout.strip()
        pairs = [(writer, reader) for writer in everybody for reader in everybody if writer is not reader]
        count = sum(both_ways(writer, reader, key_text, now) for writer, reader in pairs)
        print(f"suite {suite}: {count} tokens over {len(pairs)} pairs of {', '.join(each.name for each in everybody)}")


main(sys.argv[1:])
