// Screenshots of the demonstration. The address and a directory are the arguments.
const { join } = require("node:path");
const { withBrowser } = require("./chromium.cjs");

const [, , URL, DIRECTORY] = process.argv;
const SCREENS = {
    desktop: { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1 },
    phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
};

async function shoot(screen, colorScheme) {
    const shot = (page, name, options = {}) => {
        return page.screenshot({ path: join(DIRECTORY, `${screen}-${colorScheme}-${name}.png`), ...options });
    };
    await withBrowser(async ({ page }) => {
        await page.goto(URL);
        await shot(page, "nobody");
        await page.fill("#name", "Ada");
        await page.locator("#log-in").click();
        await page.locator("#visit").waitFor();
        await page.goto(URL);
        await page.locator("#visit").click();
        await page.locator("#messages .message").waitFor();
        await page.mouse.move(0, 0);
        await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
        await page.waitForTimeout(1200);
        await shot(page, "session");
        await shot(page, "whole", { fullPage: true });

        for (const id of await page.locator("#attempts button").evaluateAll((all) => all.map((button) => button.value))) {
            await page.locator(`#try-${id}`).click();
            await page.waitForURL(`**/?try=${id}`);
            await page.locator("#attempts").screenshot({ path: join(DIRECTORY, `${screen}-${colorScheme}-refusal-${id}.png`) });
        }
        await page.locator("#copy").click();
        await page.locator("#thief .result").waitFor();
        await page.locator("#thief").screenshot({ path: join(DIRECTORY, `${screen}-${colorScheme}-theft.png`) });
        await page.locator("#ahead-20").click();
        await page.locator("#messages .message").waitFor();
        await page.locator("#use-copy").click();
        await page.locator("#thief .result .refusal").waitFor();
        await page.locator("#thief").screenshot({ path: join(DIRECTORY, `${screen}-${colorScheme}-theft-fails.png`) });
    }, { ...SCREENS[screen], colorScheme });
}

async function main() {
    for (const screen of Object.keys(SCREENS)) {
        for (const colorScheme of ["light", "dark"]) await shoot(screen, colorScheme);
    }
}

main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
});
