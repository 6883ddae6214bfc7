// Device-bound sessions in Chromium, as scripts/device sets it up; fails at the first thing that is not so. The arguments are two
// instances of the example, and one that reloads links from other sites. Each scenario has a site of its own, since Chromium signs six
// times in nine minutes and site.
const assert = require("node:assert/strict");
const { mkdtempSync, readFileSync } = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const { join } = require("node:path");
const { chromium } = require("playwright-core");

const SCRATCH = process.env.SCRATCH;
const [FIRST, SECOND, RELOADING] = process.argv.slice(2);
const PROOF_SECONDS = 60;
const SKEW_SECONDS = 60;
const started = Date.now();

/// What went over the wire to a host, and what the proxy does to it.
const wires = new Map();
function wire(host) {
    if (!wires.has(host)) wires.set(host, { log: [], spell: false, turn: 0, upstreams: [FIRST, SECOND] });
    return wires.get(host);
}

/// Ends TLS, and gives requests to the instances in turn.
function proxy() {
    const tls = { key: readFileSync(join(SCRATCH, "key.pem")), cert: readFileSync(join(SCRATCH, "cert.pem")) };
    const server = https.createServer(tls, (request, response) => {
        const it = wire(request.headers.host.split(":")[0]);
        const entry = {
            what: `${request.method} ${request.url}`,
            proven: /__Host-login-proof=./.test(request.headers.cookie ?? ""),
            signed: "secure-session-response" in request.headers,
            skipped: request.headers["secure-session-skipped"],
        };
        it.log.push(entry);
        if (it.spell && request.url.endsWith("/refresh")) {
            entry.status = 503;
            response.writeHead(503, { "retry-after": "5" }).end();
            return;
        }
        const upstream = new URL(it.upstreams[it.turn++ % it.upstreams.length]);
        entry.instance = upstream.port;
        const { method, url: path, headers } = request;
        const forward = http.request({ host: upstream.hostname, port: upstream.port, method, path, headers }, (answer) => {
            entry.status = answer.statusCode;
            const chunks = [];
            answer.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
                const body = Buffer.concat(chunks);
                entry.ended = body.includes('"continue":false');
                response.writeHead(answer.statusCode, answer.rawHeaders).end(body);
            });
        });
        forward.on("error", () => response.writeHead(502).end());
        request.pipe(forward);
    });
    return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

let port;

/// A browser with a profile; it can bind unless it is told otherwise.
function browser(profile, binds = true) {
    const features = "DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting";
    return chromium.launchPersistentContext(profile, {
        executablePath: process.env.CHROMIUM,
        headless: true,
        env: { ...process.env, HOME: join(SCRATCH, "home") },
        args: [
            `--${binds ? "enable" : "disable"}-features=${binds ? features : "DeviceBoundSessions"}`,
            "--host-resolver-rules=MAP *.test 127.0.0.1",
            "--no-sandbox",
            "--headless=new",
        ],
        ignoreDefaultArgs: ["--headless", "--disable-features"].concat(binds ? [] : []),
    });
}

const profile = () => mkdtempSync(join(SCRATCH, "profile-"));
const address = (host, path = "/") => `https://${host}:${port}${path}`;
const seconds = (count) => new Promise((resolve) => setTimeout(resolve, count * 1000));

function say(host, text) {
    console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${host.padEnd(12)} ${text}`);
}

async function until(what, condition, limit = 30) {
    for (let waited = 0; waited < limit * 10; waited += 1) {
        if (await condition()) return;
        await seconds(0.1);
    }
    assert.fail(`${what}: not within ${limit} s`);
}

async function logIn(page, host) {
    await page.goto(address(host));
    await page.click("text=Log in");
}

async function whoAmI(page, host) {
    const response = await page.goto(address(host, "/whoami"));
    return response.text();
}

async function registered(host, times = 1) {
    const done = () => wire(host).log.filter((entry) => entry.what.endsWith("/register") && entry.status === 200).length;
    await until(`${host} registers`, () => done() === times);
}

/// A request by hand, with cookies that no browser would keep any longer.
function byHand(host, cookies) {
    const header = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    return new Promise((resolve, reject) => {
        const options = { host: "127.0.0.1", port, path: "/whoami", headers: { host, cookie: header }, rejectUnauthorized: false };
        https.get(options, (response) => {
            const chunks = [];
            response.on("data", (chunk) => chunks.push(chunk)).on("end", () => resolve(Buffer.concat(chunks).toString()));
        }).on("error", reject);
    });
}

const refreshes = (host) => wire(host).log.filter((entry) => entry.what.endsWith("/refresh"));

/// The owner's day: login, refreshes, a deferred POST, theft, a restart, logout.
async function owner() {
    const host = "owner.test";
    const context = await browser(profile());
    const page = context.pages()[0] ?? (await context.newPage());
    await logIn(page, host);
    await registered(host);
    say(host, "logged in and registered");
    await until("bound", async () => /^Ada 0 bound to .{44}$/.test(await whoAmI(page, host)));

    const stolen = (await context.cookies()).filter((cookie) => cookie.name.startsWith("__Host-login"));
    assert.equal(stolen.length, 2);
    const stolenAt = Date.now();
    const thief = await browser(profile(), false);
    await thief.addCookies(stolen);
    const thiefPage = thief.pages()[0] ?? (await thief.newPage());
    assert.match(await whoAmI(thiefPage, host), /^Ada/);
    say(host, "theft: all cookies copied into another browser, where they work for now");

    await seconds(PROOF_SECONDS + 3);
    await page.goto("about:blank");
    const before = refreshes(host).length;
    await page.goto(address(host));
    await page.click("text=Count a visit");
    assert.match(await page.textContent("h1"), /^Ada 1 bound/);
    assert.ok(refreshes(host).length > before);
    say(host, "the proof ended; a request and a POST waited for the refresh and went through");

    const limit = 2 * PROOF_SECONDS + 2 * SKEW_SECONDS;
    const after = () => Math.round((Date.now() - stolenAt) / 1000);
    await until("the thief's browser is out", async () => (await whoAmI(thiefPage, host)) === "nobody", limit);
    say(host, `theft: the second browser is logged out ${after()} s after the copy`);
    await until("the thief is out", async () => (await byHand(host, stolen)) === "nobody", limit);
    say(host, `theft: sent by hand, the copies are worth nothing ${after()} s after they were taken`);
    assert.match(await whoAmI(page, host), /^Ada 1 bound/);
    say(host, "the owner goes on");
    await thief.close();

    await page.goto(address(host));
    await page.click("text=Log out");
    assert.equal(await page.textContent("h1"), "nobody");
    await until("the end is told", async () => {
        await whoAmI(page, host);
        return refreshes(host).some((entry) => entry.ended) || (await context.cookies()).length === 0;
    });
    const instances = new Set(wire(host).log.map((entry) => entry.instance).filter(Boolean));
    assert.equal(instances.size, 2);
    say(host, `logged out; ${refreshes(host).length} refreshes over two instances, states ${refreshes(host).map((e) => e.status).join(" ")}`);
    await context.close();
}

/// A browser that was closed, and forgot its challenge.
async function restart() {
    const host = "restart.test";
    const home = profile();
    let context = await browser(home);
    let page = context.pages()[0] ?? (await context.newPage());
    await logIn(page, host);
    await registered(host);
    await page.goto("about:blank");
    await context.close();
    await seconds(PROOF_SECONDS + 3);
    const from = wire(host).log.length;
    context = await browser(home);
    page = context.pages()[0] ?? (await context.newPage());
    assert.match(await whoAmI(page, host), /^Ada 0 bound/);
    const log = wire(host).log.slice(from).map(({ what, signed, status }) => `${what}${signed ? " signed" : ""} ${status}`);
    assert.match(log[0], /refresh 403$/);
    assert.match(log[1], /refresh signed 200$/);
    say(host, `the browser was restarted, still logged in and bound: ${log.join(", ")}`);
    await context.close();
}

/// A second login in one browser.
async function secondLogin() {
    const host = "login.test";
    const context = await browser(profile());
    const page = context.pages()[0] ?? (await context.newPage());
    await logIn(page, host);
    await registered(host);
    const one = await whoAmI(page, host);
    await logIn(page, host);
    await registered(host, 2);
    const two = await whoAmI(page, host);
    assert.match(one, /bound to/);
    assert.match(two, /bound to/);
    assert.notEqual(one, two);
    assert.ok(wire(host).log.every((entry) => entry.status < 400 || entry.what.includes("/device-session/") || entry.what.includes("favicon")));
    say(host, "a second login is bound to another key; no request was refused");
    await context.close();
}

/// A link from another site, after the proof's end.
async function link(host, upstreams, expected, says) {
    wire(host).upstreams = upstreams;
    const context = await browser(profile());
    const page = context.pages()[0] ?? (await context.newPage());
    await logIn(page, host);
    await registered(host);
    await page.goto("about:blank");
    await seconds(PROOF_SECONDS + SKEW_SECONDS + 3);
    await page.goto(address("elsewhere.test", "/whoami"));
    await page.setContent(`<a href="${address(host, "/whoami")}">there</a>`);
    const from = wire(host).log.length;
    await page.click("a");
    await until(says, async () => expected.test((await page.textContent("body").catch(() => "")) ?? ""));
    const log = wire(host).log.slice(from).filter((entry) => !entry.what.includes("favicon"));
    say(host, `${says}: ${log.map((entry) => `${entry.what} ${entry.status}`).join(", ")}`);
    await context.close();
}

/// Refreshes fail for a while.
async function spell() {
    const host = "spell.test";
    const context = await browser(profile());
    const page = context.pages()[0] ?? (await context.newPage());
    await logIn(page, host);
    await registered(host);
    await page.goto("about:blank");
    await seconds(PROOF_SECONDS + SKEW_SECONDS + 3);
    wire(host).spell = true;
    assert.equal(await whoAmI(page, host), "nobody");
    wire(host).spell = false;
    await until("back after the spell", async () => {
        await seconds(3);
        return /^Ada 0 bound/.test(await whoAmI(page, host));
    }, 150);
    say(host, "refreshes were 503 for a while; the session came back by itself");
    await context.close();
}

/// The control: the same application, and a browser that does not bind.
async function off() {
    const host = "off.test";
    const context = await browser(profile(), false);
    const page = context.pages()[0] ?? (await context.newPage());
    await logIn(page, host);
    assert.equal(await whoAmI(page, host), "Ada 0 unbound");
    await page.goto(address(host));
    await page.click("text=Count a visit");
    await seconds(PROOF_SECONDS + SKEW_SECONDS + 3);
    assert.equal(await whoAmI(page, host), "Ada 1 unbound");
    await page.goto(address(host));
    await page.click("text=Log out");
    assert.equal(await page.textContent("h1"), "nobody");
    assert.ok(wire(host).log.every((entry) => !entry.what.includes("/device-session/")));
    say(host, "control: with the browser's feature off the session is unbound, and all else is the same");
    await context.close();
}

async function main() {
    const server = await proxy();
    port = server.address().port;
    const nobody = /^nobody$/;
    try {
        await Promise.all([
            owner(),
            restart(),
            secondLogin(),
            link("linked.test", [RELOADING], /^Ada 0 bound/, "a link from another site, reloaded"),
            link("plain.test", [FIRST, SECOND], nobody, "a link from another site, without the reload"),
            spell(),
            off(),
        ]);
    } catch (error) {
        for (const [host, { log }] of wires) console.error(host, log);
        throw error;
    } finally {
        server.close();
        server.closeAllConnections();
    }
    console.log("device-bound sessions in Chromium: all as it should be");
}

main().then(
    () => process.exit(0),
    (error) => {
        console.error(error);
        process.exit(1);
    },
);
