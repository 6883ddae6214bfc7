# To be sourced: installs OpenSSL's headers by apt if they are missing. Two of the peers in benches/peers link it.
if ! pkg-config --exists openssl; then
    as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
    as_root apt-get update -qq
    as_root apt-get install -qq -y --no-install-recommends libssl-dev pkg-config >/dev/null
fi
