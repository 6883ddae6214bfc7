"""Answers requests to open and to seal, one JSON object a line: what interop/check.py talks to."""

import json
import os
import sys

from hardtack_format import Claims, Key, Policy, Refused, open_token, seal

TIMES = ("flags", "schema", "created_at", "ends_at", "issued_at", "expires_at")


def answer(asked: dict) -> dict:
    key = Key(asked["key_text"])
    names = asked["cookie_name"], asked["purpose"], bytes.fromhex(asked["binding"])
    if asked["do"] == "seal":
        claims = Claims(
            **{name: asked[name] for name in TIMES},
            session_id=bytes.fromhex(asked["session_id"]),
            payload=bytes.fromhex(asked["payload"]),
            extensions=[(kind, bytes.fromhex(value)) for kind, value in asked["extensions"]],
        )
        nonce = bytes.fromhex(asked["nonce"]) if "nonce" in asked else os.urandom(24)
        return {"token": seal(key, *names, claims, nonce, asked["block"])}
    try:
        policy = Policy(**asked["policy"])
        claims = open_token([key], *names, asked["token"], asked["now"], policy, asked["valid_after"])
    except Refused as refused:
        return {"refused": refused.args[0]}
    return {
        **{name: getattr(claims, name) for name in TIMES},
        "session_id": claims.session_id.hex(),
        "payload": claims.payload.hex(),
        "extensions": [[kind, value.hex()] for kind, value in claims.extensions],
    }


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
