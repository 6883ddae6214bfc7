// A headless Chromium with a profile of its own, for as long as `work` runs. `options` are those of a Playwright context, such as
// `colorScheme` and `viewport`.
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { chromium } = require("playwright-core");

async function withBrowser(work, options = {}) {
    const profile = mkdtempSync(join(tmpdir(), "browser-"));
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.CHROMIUM,
        headless: true,
        viewport: { width: 720, height: 560 },
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        ...options,
    });
    try {
        const page = await context.newPage();
        page.setDefaultTimeout(10_000);
        await work({ context, page });
    } finally {
        await context.close();
        rmSync(profile, { recursive: true, force: true });
    }
}

module.exports = { withBrowser };
