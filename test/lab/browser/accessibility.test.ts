// Nothing serious for axe-core in any view of the page, in light and dark, on a wide screen and on a phone; and the page can
// be used by the keyboard alone.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabServer } from '../../../lab/host/server.js';
import { has } from '../../analysis/programs.js';
import { CHROMIUM, type OpenBrowser, openBrowser, openPage } from '../../browser/browsers.js';
import { serve } from './lab.js';
import { hold, openScenario, press, untilStep, visit } from './user.js';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const SIZES = {
  wide: { width: 1400, height: 900 },
  phone: { width: 390, height: 844, hasTouch: true, isMobile: true },
};

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** What axe-core calls serious or critical, in short. */
async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as { violations: Finding[] };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
}

describe.skipIf(!has(CHROMIUM.program))('the page', () => {
  let open: OpenBrowser;
  let server: LabServer;
  beforeAll(async () => {
    [open, server] = await Promise.all([openBrowser(CHROMIUM), serve()]);
  });
  afterAll(async () => {
    await open?.close();
    await server?.close();
  });

  describe.each(Object.entries(SIZES))('%s', (_size, viewport) => {
    it.each(['light', 'dark'])('in the %s theme: map and run, the tour, what to watch, the scenario', async (theme) => {
      const { page } = await openPage(open.browser);
      await page.setViewport(viewport);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await visit(page, server.url);
      await hold(page);
      expect(await serious(page)).toEqual([]);
      await press(page, 'Tour');
      expect(await serious(page)).toEqual([]);
      await press(page, 'Leave');
      await openScenario(page);
      expect(await serious(page)).toEqual([]);
      await press(page, 'Watch');
      await page.waitForSelector('.preset');
      expect(await serious(page)).toEqual([]);
      await page.close();
    });
  });

  it.each(['light', 'dark'])('tells in forced colours, %s ones, what is pressed from what is not', async (theme) => {
    const { page } = await openPage(open.browser);
    await page.setViewport(SIZES.wide);
    const session = await page.createCDPSession();
    const features = [
      { name: 'forced-colors', value: 'active' },
      { name: 'prefers-color-scheme', value: theme },
    ];
    await session.send('Emulation.setEmulatedMedia', { features });
    await visit(page, server.url);
    await hold(page);
    const { highlight, grounds, adjust } = await page.evaluate(() => {
      const probe = document.createElement('span');
      probe.style.backgroundColor = 'Highlight';
      document.body.append(probe);
      const filled = ['.switch[aria-pressed="true"]', '.transport-play', '.compare .primary'];
      const styles = filled.map((each) => getComputedStyle(document.querySelector(each) as Element));
      return {
        highlight: getComputedStyle(probe).backgroundColor,
        grounds: styles.map(({ backgroundColor }) => backgroundColor),
        // Else words on it have a ground of their own, in the colour of the words.
        adjust: styles.map((style) => style.getPropertyValue('forced-color-adjust')),
      };
    });
    expect(new Set(grounds)).toEqual(new Set([highlight]));
    expect(new Set(adjust)).toEqual(new Set(['none']));
    await page.close();
  });

  it('shows with every stop of the tabulator where it is, and goes round', async () => {
    const { page } = await openPage(open.browser);
    await page.setViewport(SIZES.wide);
    await visit(page, server.url);
    // A run that ends while somebody walks over the buttons would rename one.
    await hold(page);
    // From the beginning of the page.
    await page.evaluate(() => {
      const top = document.querySelector('h1') as HTMLElement;
      top.tabIndex = -1;
      top.focus();
    });
    const stops: string[] = [];
    for (let i = 0; i < 200; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        if (element === document.body) return 'end';
        const { outlineStyle, boxShadow } = getComputedStyle(element);
        const name = element.getAttribute('aria-label') ?? element.innerText.trim() ?? '';
        const { width, height } = element.getBoundingClientRect();
        const isSeen = width > 0 && height > 0 && (outlineStyle !== 'none' || boxShadow !== 'none');
        return `${isSeen ? '' : 'not seen: '}${element.tagName} ${name || element.id || element.className}`;
      });
      if (stop === 'end' || (stops.length > 0 && stop === stops[0])) break;
      stops.push(stop);
    }
    expect(stops.filter((stop) => stop.startsWith('not seen'))).toEqual([]);
    for (const wanted of ['Tour', 'Scenario', 'Share', 'Map:', 'replay', 'Check this map', 'Play', 'Reset']) {
      expect(stops.join('\n')).toContain(wanted);
    }
    await page.close();
  });

  it('takes the tour and leads back by keys', async () => {
    const { page } = await openPage(open.browser);
    await page.setViewport(SIZES.wide);
    await visit(page, server.url);
    await page.focus('.guide-button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.tour');
    const titles = new Set<string>();
    for (let i = 0; i < 12; i++) {
      titles.add(await page.$eval('#tour-title', ({ textContent }) => textContent ?? ''));
      await page.keyboard.press('ArrowRight');
    }
    expect(titles.size).toBeGreaterThanOrEqual(6);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('.tour'));
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('guide-button');
    await untilStep(page, 0);
    await page.close();
  });
});
