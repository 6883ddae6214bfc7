// Plays the demonstration through: each button, with JavaScript and without, by keyboard, on a phone; and asks axe-core about every state
// of the page. Fails at the first thing that is not so. The address is the argument.
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { withBrowser } = require("./chromium.cjs");

const URL = process.argv[2];
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/// The last event and reason that the operator is told of each attempt.
const ATTEMPTS = {
    version: ["held", "Version"],
    suite: ["held", "Suite"],
    "key-id": ["held", "UnknownKey"],
    nonce: ["refused", "Authentication"],
    ciphertext: ["refused", "Authentication"],
    tag: ["refused", "Authentication"],
    encoding: ["refused", "Encoding"],
    short: ["refused", "TooShort"],
    long: ["refused", "TooLong"],
    idle: ["refused", "IdleTimeout"],
    absolute: ["refused", "AbsoluteTimeout"],
    "logged-out": ["refused", "Revoked"],
    "gone-key": ["refused", "KeyNotUsable"],
    future: ["held", "NotYetValid"],
    stranger: ["held", "UnknownKey"],
    service: ["refused", "Authentication"],
    schema: ["held", "Schema"],
    payload: ["held", "Layout"],
    five: ["refused", "TooManyCookies"],
    two: ["refused", "ConflictingCookies"],
    header: ["refused", "HeaderTooLong"],
    "cross-site": [undefined, "NotSent"],
    check: ["held", "CheckFailed"],
};

const messages = (page) => page.locator("#messages");
const heading = (page) => page.locator("#session h2").textContent();
const press = (page, id) => page.locator(`#${id}`).click();
const says = (page, text) => messages(page).filter({ hasText: text }).waitFor();
const ok = (text) => console.log(`ok: ${text}`);

async function logIn(page, name = "Ada <Lovelace>") {
    await page.goto(URL);
    await page.fill("#name", name);
    await press(page, "log-in");
    await page.locator("#visit").waitFor();
}

/// No rule of axe-core is broken, serious or not.
async function accessible(page, state) {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => window.axe.run());
    const found = violations.map(({ id, impact, nodes }) => `${impact}: ${id}: ${nodes.map((node) => node.target).join(", ")}`);
    assert.deepEqual(found, [], state);
}

/// Nothing is wider than the screen.
async function fits(page, state) {
    const [page_, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(page_ <= screen, `${state}: ${page_} px on a screen of ${screen}`);
}

async function session({ context, page }) {
    await page.goto(URL);
    assert.equal(await heading(page), "Who are you?");
    await accessible(page, "nobody");
    await logIn(page);
    assert.equal(await heading(page), "Hello, Ada <Lovelace>");
    const [cookie] = (await context.cookies()).filter(({ name }) => name === "__Host-demo");
    assert.ok(cookie.secure && cookie.httpOnly && cookie.expires === -1);
    assert.equal(await page.locator(".value").textContent(), cookie.value);
    assert.equal(await page.evaluate(() => document.cookie), "");
    ok("log in: a session in a cookie that no script can read");

    const sizes = (await page.locator(".parts .size").allTextContents()).map(Number);
    const bytes = Buffer.from(cookie.value, "base64url");
    assert.deepEqual([sizes[0], sizes[1], sizes[2], sizes[4]], [1, 4, 24, 16]);
    assert.equal(sizes.reduce((sum, size) => sum + size), bytes.length);
    assert.equal((await page.locator(".bytes").textContent()).replaceAll(/\s/g, ""), bytes.toString("hex"));
    await accessible(page, "logged in");
    ok("the anatomy shows the cookie's own bytes, and their sizes add up");

    await page.evaluate(() => { window.sameDocument = true; });
    await page.locator("#visit").focus();
    await page.keyboard.press("Enter");
    await says(page, "Visit 1 is counted");
    assert.equal(await page.evaluate(() => document.activeElement.id), "visit");
    assert.ok(await page.evaluate(() => window.sameDocument));
    await page.locator("#events .new").first().waitFor();
    ok("count a visit: no page is loaded, the focus stays, events arrive");

    const left = page.locator(".left").first();
    const before = await left.textContent();
    await page.waitForFunction((before) => document.querySelector(".left").textContent !== before, before);
    ok("the time that is left counts down");

    await press(page, "message");
    await says(page, "waited in a cookie of its own");
    await page.reload();
    assert.equal(await messages(page).textContent(), "");
    ok("a message is shown once");
}

async function stepUp({ page }) {
    await press(page, "transfer");
    await says(page, "The transfer is made");
    await press(page, "ahead-10");
    await says(page, "10 min ahead");
    await press(page, "transfer");
    await page.locator("#confirm").waitFor();
    await accessible(page, "step-up");
    await press(page, "confirm");
    await says(page, "Confirmed");
    await press(page, "transfer");
    await says(page, "The transfer is made");
    ok("step-up: ten minutes after the login a transfer asks for a proof");
}

async function rotation({ page }) {
    const key = () => page.locator(".bytes .key").textContent();
    const before = await key();
    await press(page, "rotate");
    await says(page, "A new key seals");
    assert.notEqual(await key(), before);
    assert.equal(await heading(page), "Hello, Ada <Lovelace>");
    assert.deepEqual(await page.locator(".keys li").evaluateAll((keys) => keys.map((key) => key.className)), ["active", "retiring", "gone"]);
    ok("rotate: another key seals the cookie, and nobody is logged out");
}

async function attempts({ page }) {
    assert.deepEqual(
        await page.locator("#attempts button").evaluateAll((all) => all.map((button) => button.value)),
        Object.keys(ATTEMPTS),
    );
    for (const [id, [event, reason]] of Object.entries(ATTEMPTS)) {
        await press(page, `try-${id}`);
        await page.waitForURL(`**/?try=${id}`);
        const result = page.locator("#attempts .result");
        assert.match(await result.locator("pre").textContent(), /^HTTP\/1.1 401 Unauthorized\n/, id);
        const told = await result.locator("li .detail").allTextContents();
        const names = await result.locator("li strong").allTextContents();
        assert.ok((await result.textContent()).includes(`${reason}: `), id);
        // Another layout is told twice: as held, and with what to do.
        assert.equal(names.filter((name) => name !== "layout_changed").at(-1), event, id);
        assert.ok(!event || told.some((detail) => detail.startsWith(`${reason}: `)), id);
        assert.match(await result.textContent(), /The same bytes as for a request without any cookie/, id);
        assert.equal((await result.textContent()).includes("Held:"), event === "held", id);
    }
    await accessible(page, "an attempt");
    assert.equal(await heading(page), "Hello, Ada <Lovelace>");
    ok(`${Object.keys(ATTEMPTS).length} attempts: the client sees one answer, the operator each reason`);
}

async function theft({ page }) {
    const outcome = page.locator("#thief .result");
    await press(page, "copy");
    await outcome.filter({ hasText: "The thief is in." }).waitFor();
    assert.match(await outcome.locator("pre").textContent(), /Account of Ada/);
    await accessible(page, "theft");
    ok("theft: a copied cookie works in another browser");

    await press(page, "log-out-everywhere");
    await says(page, "Every other session of yours has ended");
    await press(page, "use-copy");
    await outcome.filter({ hasText: "The copy is worth nothing." }).waitFor();
    assert.match(await outcome.textContent(), /Revoked: /);
    assert.equal(await heading(page), "Hello, Ada <Lovelace>");
    ok("theft: it ends with a logout everywhere, and the owner goes on");

    assert.match(await page.locator("#session .hint").first().textContent(), /bound to this device/);
    await press(page, "copy");
    await outcome.filter({ hasText: "The thief is in." }).waitFor();
    await press(page, "ahead-20");
    await says(page, "20 min ahead");
    await press(page, "use-copy");
    await outcome.filter({ hasText: "The copy is worth nothing." }).waitFor();
    assert.match(await outcome.textContent(), /Unproven: /);
    assert.equal(await heading(page), "Hello, Ada <Lovelace>");
    await press(page, "empty");
    await page.getByText("The jar is empty.").waitFor();
    ok("theft: of a device-bound session, the copy is worth nothing when its proof has ended");
}

async function ends({ context, page }) {
    await press(page, "ahead-60");
    await page.getByText("Your browser sent a cookie that was not accepted").waitFor();
    assert.match(await page.locator("#session .message").textContent(), /IdleTimeout/);
    await accessible(page, "refused");
    ok("idle: after an hour nobody is logged in, and the operator knows why");

    await page.check("[name=remember]");
    await page.fill("#name", "Grace");
    await press(page, "log-in");
    await page.locator("#visit").waitFor();
    const [cookie] = (await context.cookies()).filter(({ name }) => name === "__Host-demo");
    assert.ok(cookie.expires > Date.now() / 1000 + 6 * 86400);
    await press(page, "ahead-60");
    await says(page, "1 h ahead");
    assert.equal(await heading(page), "Hello, Grace");
    ok("remember me: the cookie stays with the browser, and an hour ends nothing");

    await press(page, "log-out");
    await says(page, "You are logged out");
    assert.equal(await heading(page), "Who are you?");
    assert.deepEqual((await context.cookies()).filter(({ name }) => name === "__Host-demo"), []);
    ok("log out: the cookie is gone");
}

async function byKeyboard({ page }) {
    await page.goto(URL);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Ada");
    await page.keyboard.press("Enter");
    await page.locator("#visit").waitFor();
    await page.waitForFunction(() => document.activeElement.id === "visit");
    await page.keyboard.press("Space");
    await says(page, "Visit 1 is counted");
    ok("by keyboard: the skip link, a name, Enter, and the first button has the focus");
}

async function withoutScript({ page }) {
    await logIn(page, "Ada");
    await press(page, "visit");
    await says(page, "Visit 1 is counted");
    await press(page, "try-tag");
    assert.match(await page.locator("#attempts .result").textContent(), /Authentication: /);
    await press(page, "copy");
    assert.match(await page.locator("#thief .result").textContent(), /The thief is in/);
    await press(page, "rotate");
    await says(page, "A new key seals");
    assert.ok(await page.locator("#events li").count() > 5);
    await press(page, "log-out");
    assert.equal(await heading(page), "Who are you?");
    ok("without JavaScript: the same, by forms and links");
}

async function inTheDark({ page }) {
    await logIn(page, "Ada");
    await press(page, "try-tag");
    await page.locator("#attempts .result").waitFor();
    await accessible(page, "dark");
    ok("dark: every contrast is enough");
}

async function onAPhone({ page }) {
    await page.goto(URL);
    await fits(page, "nobody");
    await logIn(page, "A name of forty characters, without spac".replaceAll(" ", ""));
    await press(page, "try-header");
    await page.locator("#attempts .result").waitFor();
    await press(page, "copy");
    await page.locator("#thief .result").waitFor();
    await fits(page, "logged in");
    await accessible(page, "phone");
    ok("on a phone: nothing is wider than the screen");
}

async function main() {
    const desktop = { viewport: { width: 1280, height: 900 } };
    await withBrowser(async (run) => {
        for (const step of [session, stepUp, rotation, attempts, theft, ends]) await step(run);
    }, desktop);
    await withBrowser(byKeyboard, desktop);
    await withBrowser(withoutScript, { ...desktop, javaScriptEnabled: false });
    await withBrowser(inTheDark, { ...desktop, colorScheme: "dark" });
    await withBrowser(onAPhone, PHONE);
}

main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
});
