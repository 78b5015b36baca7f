// Opens a report in Chromium, five times on a screen and five on a phone: node report.mjs FILE [FOLDER FOR PICTURES]
import {chromium} from 'playwright-core';

const [file, pictures] = process.argv.slice(2);
const SCREENS = {
  light: {viewport: {width: 1280, height: 900}, colorScheme: 'light'},
  dark: {viewport: {width: 1280, height: 900}, colorScheme: 'dark'},
  phone: {viewport: {width: 390, height: 844}, colorScheme: 'light', isMobile: true, hasTouch: true, deviceScaleFactor: 2},
};
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const median = values => Math.round(values.sort((one, other) => one - other)[values.length >> 1]);
for (const [name, screen] of Object.entries(SCREENS)) {
  const paints = [];
  const complete = [];
  for (let run = 0; run < 5; run++) {
    const context = await browser.newContext(screen);
    const page = await context.newPage();
    page.on('console', message => console.log(`${name}: the console says ${message.text()}`));
    page.on('pageerror', error => console.log(`${name}: an error, ${error.message}`));
    page.on('request', request => request.url().startsWith('file:') || console.log(`${name}: asks for ${request.url()}`));
    await page.goto(`file://${file}`);
    await page.waitForSelector('html[data-ready=true]');
    complete.push(await page.evaluate(() => performance.now()));
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    const [width, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    if (width > shown) {
      console.log(`${name}: ${width} px wide on ${shown}`);
    }
    if (pictures && run === 0) {
      await page.screenshot({path: `${pictures}/report-${name}.png`, fullPage: true});
      await page.locator('#tiers').screenshot({path: `${pictures}/report-${name}-tiers.png`});
    }
    await context.close();
  }
  console.log(`${name}: first paint after ${median(paints)} ms, complete after ${median(complete)} ms (medians of 5)`);
}
await browser.close();
