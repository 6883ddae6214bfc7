// Screenshots of the demonstration. The address and a directory are the arguments. With `light` or `dark` behind them it takes the one
// picture of the README.
const { join } = require("node:path");
const { withBrowser } = require("./chromium.cjs");

const [, , URL, DIRECTORY, COLORS] = process.argv;
const SCREENS = {
    desktop: { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1 },
    phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
};

/// Each state of the page, on this screen and in these colours.
async function shoot(screen, colorScheme) {
    const path = (name) => join(DIRECTORY, `${screen}-${colorScheme}-${name}.png`);
    await withBrowser(async ({ page }) => {
        const part = async (id, name) => page.locator(id).screenshot({ path: path(name) });
        await page.goto(URL);
        await page.screenshot({ path: path("nobody"), fullPage: true });
        await logInAndVisit(page);
        await page.screenshot({ path: path("session"), fullPage: true });

        for (const id of await page.locator("#attempts button").evaluateAll((all) => all.map((button) => button.value))) {
            await page.locator(`#try-${id}`).click();
            await page.waitForURL(`**/?try=${id}`);
            await part("#attempts", `refusal-${id}`);
        }
        await page.locator("#copy").click();
        await page.locator("#thief .result").waitFor();
        await part("#thief", "theft");
        await page.locator("#ahead-20").click();
        await page.locator("#messages .message").waitFor();
        await page.locator("#use-copy").click();
        await page.locator("#thief .result .refusal").first().waitFor();
        await part("#thief", "theft-fails");
    }, { ...SCREENS[screen], colorScheme });
}

/// The picture of the README: the visitor, the cookie, and the events, a refusal among them.
async function picture(colorScheme) {
    await withBrowser(async ({ page }) => {
        await page.goto(`${URL}/?try=tag`);
        await logInAndVisit(page);
        const bottom = await page.locator("#cookie details").evaluate((end) => end.getBoundingClientRect().top);
        const height = Math.ceil(bottom);
        await page.setViewportSize({ width: SCREENS.desktop.viewport.width, height });
        await page.screenshot({ path: join(DIRECTORY, `readme-${colorScheme}.png`) });
    }, { ...SCREENS.desktop, colorScheme });
}

async function logInAndVisit(page) {
    await page.fill("#name", "Ada");
    await page.locator("#log-in").click();
    await page.locator("#visit").click();
    await page.locator("#messages .message", { hasText: "Visit" }).waitFor();
    await page.mouse.move(0, 0);
    await page.evaluate(() => {
        document.activeElement.blur();
        scrollTo(0, 0);
    });
    // Events that arrive are lit for a moment.
    await page.waitForTimeout(1_200);
}

async function main() {
    if (COLORS) return picture(COLORS);
    for (const screen of Object.keys(SCREENS)) {
        for (const colorScheme of ["light", "dark"]) await shoot(screen, colorScheme);
    }
}

main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
});
