// What a page from elsewhere, open in the same browser, can find out from the server of the lab: nothing.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabServer } from '../../../lab/host/server.js';
import { has } from '../../analysis/programs.js';
import { BROWSERS, type OpenBrowser, openBrowser, openPage } from '../../browser/browsers.js';
import { smallMap } from '../../node/small-map.js';
import { compute } from '../../node/studies.js';
import { serve } from './lab.js';

let lab: LabServer;
/** Another origin: the same address at another port. */
let stranger: Server;
let strangerUrl: string;

/** Framed, it says so. */
const PAGE =
  '<!doctype html><title>elsewhere</title><link rel="icon" href="data:,"><script>parent.postMessage("here", "*")</script>';

beforeAll(async () => {
  const { out } = await compute({ ...smallMap, sweep: { seeds: 1 } });
  lab = await serve(out);
  stranger = createServer(({ url }, response) => {
    const [type, body] = /\.(js|css)$/.test(url ?? '')
      ? [url?.endsWith('.js') ? 'text/javascript' : 'text/css', '']
      : ['text/html', PAGE];
    response.setHeader('content-type', type);
    response.end(body);
  });
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  strangerUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await lab?.close();
  stranger?.close();
  stranger?.closeAllConnections();
});

/** Fetched in three ways, run, used as a style, framed. */
function attempts(page: Page, url: string): Promise<string[]> {
  return page.evaluate(async (from) => {
    const outcome = (promise: Promise<unknown>) =>
      promise.then(
        () => 'had',
        () => 'refused',
      );
    const loaded = (tag: 'script' | 'link', source: string) =>
      outcome(
        new Promise((resolve, reject) => {
          const element = document.createElement(tag);
          element.onload = resolve;
          element.onerror = reject;
          Object.assign(element, tag === 'link' ? { rel: 'stylesheet', href: source } : { src: source });
          document.head.append(element);
        }),
      );
    const framed = async () => {
      const frame = Object.assign(document.createElement('iframe'), { src: from });
      // Whether a frame of another origin was refused is told to nobody: only a page that answers is seen.
      const answered = new Promise((resolve) => addEventListener('message', () => resolve('had'), { once: true }));
      const silent = new Promise((resolve) => setTimeout(resolve, 3000, 'refused'));
      document.body.append(frame);
      return (await Promise.race([answered, silent])) as string;
    };
    return [
      await outcome(fetch(`${from}study.json`)),
      await outcome(fetch(`${from}study.json`, { mode: 'no-cors' })),
      await outcome(fetch(`${from}study/runs.csv`, { credentials: 'include' })),
      await loaded('script', `${from}app.js`),
      await loaded('link', `${from}style.css`),
      await framed(),
    ];
  }, url);
}

for (const kind of BROWSERS) {
  describe.skipIf(!has(kind.program))(`in ${kind.name}`, () => {
    let open: OpenBrowser;
    beforeAll(async () => {
      open = await openBrowser(kind);
    });
    afterAll(() => open?.close());

    it('cannot be fetched, run, used as a style or framed, as the own pages of that page can', async () => {
      const { page } = await openPage(open.browser);
      await page.goto(strangerUrl);
      expect(await attempts(page, strangerUrl)).toEqual(Array(6).fill('had'));
      expect(await attempts(page, lab.url)).toEqual(Array(6).fill('refused'));
      await page.close();
    });

    it('is given by its own name alone', async () => {
      const { page } = await openPage(open.browser);
      const byName = await page.goto(lab.url.replace('127.0.0.1', 'localhost'));
      expect(byName?.status()).toBe(200);
      await page.close();
    });
  });
}
