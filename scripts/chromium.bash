# Sourced by the scripts that drive a browser. Installs what is missing: Chromium by apt (or name one in CHROMIUM), playwright-core
# and axe-core by npm into the target directory. Exports CHROMIUM and NODE_PATH for node.

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
find_browser() { command -v "${CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome; }
if ! command -v npm >/dev/null; then
    as_root apt-get update -qq
    as_root apt-get install -qq -y --no-install-recommends nodejs npm
fi
if ! find_browser >/dev/null; then
    as_root apt-get update -qq
    as_root apt-get install -qq -y --no-install-recommends chromium >/dev/null
fi
CHROMIUM=$(find_browser)
tools=$(realpath -m "${CARGO_TARGET_DIR:-target}/browser")
if [ ! -d "$tools/node_modules/playwright-core" ] || [ ! -d "$tools/node_modules/axe-core" ]; then
    npm install --silent --no-audit --no-fund --no-save --prefix "$tools" playwright-core@1 axe-core@4
fi
export CHROMIUM NODE_PATH=$tools/node_modules
