#!/bin/sh
# Rotates the keyring in a Secret, if that is due. Two at once are safe: the API takes one answer, and the other reads again.
# Needs kubectl, jq and hardtack. Keys are only in memory (WORK) and on standard input, never in an argument.
# The Secret is read by the API and not from a mount, because a mount may be minutes old.
set -eu
umask 077

secret=${SECRET:-hardtack-keys}
entry=${ENTRY:-keys.toml}
work=${WORK:-/work}
tries=5

while [ "$tries" -gt 0 ]; do
    tries=$((tries - 1))
    kubectl get secret "$secret" -o json >"$work/secret.json"
    jq -er --arg entry "$entry" '.data[$entry]' "$work/secret.json" | base64 -d >"$work/$entry"
    answer=$(hardtack keyring rotate --if-due --format json "$work/$entry")
    if ! printf '%s' "$answer" | jq -e .changed >/dev/null; then
        echo "$secret: nothing is due"
        exit 0
    fi
    # The Secret keeps its resourceVersion, so the API refuses it with 409 if somebody else was faster.
    base64 "$work/$entry" | tr -d '\n' >"$work/data"
    if jq --arg entry "$entry" --rawfile data "$work/data" '.data[$entry] = $data' "$work/secret.json" |
        kubectl replace -f - >"$work/replaced" 2>&1; then
        echo "$secret: rotated or pruned"
        exit 0
    fi
    grep -q 'Conflict' "$work/replaced" || { cat "$work/replaced" >&2; exit 1; }
    echo "$secret: somebody else was faster, reading again"
done
echo "$secret: changed again and again, giving up" >&2
exit 1
