# Sourced by the scripts that run an example: `example` names it, or else it is the login example. `package` names its package in
# examples/, if it is not the crate. Builds it, and starts and stops instances, all with keys of this run. Sets `scratch`, a
# directory that is removed at the end, as is every instance.

example=${example:-login}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --locked --all-features --example generate_key
HARDTACK_KEYS=$("$CARGO_TARGET_DIR/debug/examples/generate_key")
export HARDTACK_KEYS
if [ -n "${package:-}" ]; then
    cargo build --locked --manifest-path "examples/$package/Cargo.toml" --bin "$example"
    program=$CARGO_TARGET_DIR/debug/$example
else
    cargo build --locked --all-features --example "$example"
    program=$CARGO_TARGET_DIR/debug/examples/$example
fi
scratch=$(mktemp -d)
declare -A servers
trap 'kill "${!servers[@]}" 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT

# Starts an instance on a free port; its address is in `url`, its process in `server`.
start() {
    local log
    log=$(mktemp -p "$scratch")
    PORT=0 "$program" >"$log" 2>&1 &
    server=$!
    servers[$server]=$server
    for _ in {1..100}; do
        url=$(sed -n 's/^listening on //p' "$log")
        [ -z "$url" ] || return 0
        sleep 0.1
    done
    echo "the example did not start:" >&2
    cat "$log" >&2
    return 1
}

# Stops an instance and waits until it is gone.
stop() {
    unset "servers[$1]"
    kill "$1"
    wait "$1" 2>/dev/null || true
}
