// Walks a browser through each change of a cookie, over a fleet of both steps. Reads the addresses from standard input, one line a
// node: "rename, step 1: http://www.shop.localhost:1234/app/". Fails at the first thing that is not so.
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { withBrowser } = require("./chromium.cjs");

const NODES = readFileSync(0, "utf8").split("\n").flatMap((line) => {
    const found = /^(.*), step ([12]): (.*)$/.exec(line);
    return found ? [{ change: found[1], step: Number(found[2]), url: found[3] }] : [];
});

// Each order says which step's node answers the requests, in turn.
const ORDERS = [[1, 2, 1, 2, 1, 2, 1], [2, 1, 2, 1, 2, 1, 2], [1, 1, 2, 2, 2, 2, 2], [2, 2, 2, 1, 1, 1, 1]];

const ACTS = [
    ["log in as 1", "login", "user=1", "user 1, visit 0"],
    ["visit", "visit", "", "user 1, visit 1"],
    ["log out", "logout", "", "nobody"],
    ["log in as 2", "login", "user=2", "user 2, visit 0"],
    ["visit", "visit", "", "user 2, visit 1"],
    ["log in as 3", "login", "user=3", "user 3, visit 0"],
    ["log out", "logout", "", "nobody"],
];

async function act({ page }, node, next, [name, path, form, expected]) {
    await page.goto(node.url);
    const status = await page.evaluate(
        async ([path, form]) => (await fetch(path, {
            method: "POST",
            body: new URLSearchParams(form),
        })).status,
        [path, form],
    );
    assert.equal(status, 200, name);
    await page.goto(next.url);
    return [name, expected, await page.locator("body").textContent()];
}

async function main() {
    assert.equal(NODES.length, 8);
    for (const change of new Set(NODES.map((node) => node.change))) {
        const nodes = [1, 2].map((step) => NODES.find((node) => node.change === change && node.step === step));
        for (const order of ORDERS) {
            await withBrowser(async (run) => {
                const seen = [];
                for (const [index, step] of ACTS.entries()) {
                    const next = nodes[(order[index + 1] ?? order[0]) - 1];
                    const [name, expected, found] = await act(run, nodes[order[index] - 1], next, step);
                    const jar = await run.context.cookies();
                    const held = jar.map((cookie) => `${cookie.name} ${cookie.domain}${cookie.path}`).join(", ");
                    seen.push(`  step ${order[index]}: ${name} -> ${found} [${held}]`);
                    assert.equal(found, expected, seen.join("\n"));
                    assert.ok(jar.length <= 1, seen.join("\n"));
                }
                console.log(`ok: ${change}, nodes ${order.join(" ")}`);
                if (order === ORDERS[0]) console.log(seen.join("\n"));
            });
        }
    }
}

main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
});
