// Logs in, counts a visit, stays logged in over a restart of the server, logs out; fails at the first thing that is not so.
// The address is the argument. To have the server restarted it prints so, and reads the new address from standard input.
const assert = require("node:assert/strict");
const readline = require("node:readline");
const { withBrowser } = require("./chromium.cjs");

const STEPS = [
    ["a page with a form", async ({ page, url }) => {
        await page.goto(url);
        assert.equal(await page.locator("h1").textContent(), "Who are you?");
    }],
    ["log in by the form", async ({ page }) => {
        await page.fill("input[name=name]", "Ada <Lovelace>");
        await page.click("text=Log in");
        assert.equal(await page.locator("h1").textContent(), "Hello, Ada <Lovelace>");
        assert.equal(await visits(page), "0");
    }],
    ["the cookie is out of reach for scripts and other sites", async ({ page, context }) => {
        const [cookie, ...others] = await context.cookies();
        assert.deepEqual(others, []);
        const { name, secure, httpOnly, sameSite, path, expires } = cookie;
        assert.deepEqual(
            { name, secure, httpOnly, sameSite, path, expires },
            { name: "__Host-login", secure: true, httpOnly: true, sameSite: "Lax", path: "/", expires: -1 },
        );
        assert.equal(await page.evaluate(() => document.cookie), "");
    }],
    ["count a visit", async ({ page }) => {
        await page.click("text=Count a visit");
        assert.equal(await visits(page), "1");
    }],
    ["reload", async ({ page }) => {
        await page.reload();
        assert.equal(await visits(page), "1");
        await page.screenshot({ path: process.env.SCREENSHOT });
    }],
    ["the same session after a restart, on another port", async (run) => {
        const before = await whoAmI(run);
        const old = run.url;
        run.url = await restarted();
        assert.notEqual(run.url, old);
        assert.deepEqual(await whoAmI(run), before);
        await run.page.goto(run.url);
        await run.page.click("text=Count a visit");
        assert.equal(await visits(run.page), "2");
    }],
    ["log out", async (run) => {
        await run.page.click("text=Log out");
        assert.equal(await run.page.locator("h1").textContent(), "Who are you?");
        assert.equal((await whoAmI(run)).user, null);
        assert.deepEqual(await run.context.cookies(), []);
    }],
];

async function visits(page) {
    return page.locator("dt:text('Visits counted') + dd").textContent();
}

async function whoAmI({ page, url }) {
    await page.goto(`${url}/whoami`);
    return JSON.parse(await page.locator("body").textContent());
}

async function restarted() {
    console.log("restart the server");
    const lines = readline.createInterface({ input: process.stdin });
    const [address] = await new Promise((resolve) => lines.once("line", (line) => resolve([line])));
    lines.close();
    return address;
}

async function main() {
    await withBrowser(async ({ context, page }) => {
        const run = { context, page, url: process.argv[2] };
        for (const [name, step] of STEPS) {
            await step(run);
            console.log(`ok: ${name}`);
        }
    });
}

main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
});
