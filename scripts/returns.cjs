// Fills a cart, goes to a payment page on another site, and comes back by its form. The addresses come from standard input.
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { withBrowser } = require("./chromium.cjs");

const LINES = readFileSync(0, "utf8");
const [, SHOP] = /^the shop: (.*)$/m.exec(LINES);
const [, PAYMENT] = /^the payment page: (.*)$/m.exec(LINES);

async function main() {
    await withBrowser(async ({ context, page }) => {
        const sent = [];
        page.on("request", (request) => request.allHeaders().then((headers) => {
            sent.push([request.method(), new URL(request.url()).pathname, headers]);
        }));
        const says = async (expected) => assert.equal((await page.locator("body").textContent()).replace("Add", ""), expected);

        await page.goto(SHOP);
        await page.click("text=Add");
        await page.click("text=Add");
        await says("2 items, paid: false");
        console.log("ok: two items in the cart");

        // In a tab of its own, since a browser shows an error page of its own for an empty 401.
        const tab = await context.newPage();
        await tab.goto(PAYMENT);
        const [response] = await Promise.all([
            tab.waitForResponse((response) => response.url().endsWith("/paid-wrongly")),
            tab.click("text=/paid-wrongly"),
        ]);
        assert.equal(response.status(), 401);
        assert.equal(await response.headerValue("set-cookie"), null);
        await tab.close();
        await page.goto(SHOP);
        await says("2 items, paid: false");
        console.log("ok: a handler that changes the cart at the form itself gets 401, and the cart stays");

        await page.goto(PAYMENT);
        sent.length = 0;
        await page.getByText("/paid", { exact: true }).click();
        await says("Paid. 2 items.");
        const came = (method, path) => sent.find(([m, p]) => m === method && p === path)[2];
        assert.equal(came("POST", "/paid")["sec-fetch-site"], "cross-site");
        assert.ok(!/__Host-cart=/.test(came("POST", "/paid").cookie ?? ""));
        assert.match(came("GET", "/thanks").cookie, /__Host-cart=/);
        console.log("ok: the form came without the cookie, the redirect after it with the cookie");

        await page.goto(SHOP);
        await says("2 items, paid: true");
        assert.deepEqual((await context.cookies()).map(({ name }) => name), ["__Host-cart"]);
        console.log("ok: paid, and the message was shown once");
    });
}

main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
});
