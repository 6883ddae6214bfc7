// Has the browser fetch a page ahead, then looks at it. The example's address is the argument.
const assert = require("node:assert/strict");
const { withBrowser } = require("./chromium.cjs");

const [, , ORIGIN] = process.argv;

async function main() {
    await withBrowser(async ({ context, page }) => {
        const cookie = async (name) => (await context.cookies(ORIGIN)).find((cookie) => cookie.name === name)?.value;
        const says = async (expected) => assert.equal((await page.locator("p").textContent()).trim(), expected);
        for (const how of ["prefetch", "prerender"]) {
            await page.goto(ORIGIN);
            await page.click(`text=${how}`);
            await page.waitForURL(`${ORIGIN}/from/${how}`);
            await page.waitForTimeout(1_000);
            const waiting = [await cookie("__Host-flash"), await cookie("__Host-login")];
            assert.ok(waiting[0] && waiting[1]);

            const seen = page.waitForResponse(`${ORIGIN}/seen`);
            await page.click("text=News");
            assert.equal((await seen).status(), 204);
            await says("News, fetched ahead. Saved.");
            console.log(`ok: ${how}: the browser showed the page that it had fetched ahead, with the message`);
            assert.equal(await cookie("__Host-flash"), undefined);
            assert.notEqual(await cookie("__Host-login"), waiting[1]);
            console.log(`ok: ${how}: the message waited until then; one request took it and renewed the login`);

            await page.goto(`${ORIGIN}/news`);
            await says("News, asked for.");
            console.log(`ok: ${how}: the next page shows no message`);
        }
    });
}

main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
});
