// What a page from elsewhere, open in the same browser, can find out from the server of the lab: nothing.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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

beforeAll(async () => {
  const { out } = await compute({ ...smallMap, sweep: { seeds: 1 } });
  lab = await serve(out);
  stranger = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>elsewhere</title><link rel="icon" href="data:,">');
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

for (const kind of BROWSERS) {
  describe.skipIf(!has(kind.program))(`in ${kind.name}`, () => {
    let open: OpenBrowser;
    beforeAll(async () => {
      open = await openBrowser(kind);
    });
    afterAll(() => open?.close());

    it('cannot be fetched, run, shown in a picture or in a frame, or reached through its window', async () => {
      const { page } = await openPage(open.browser);
      await page.goto(strangerUrl);
      const found = await page.evaluate(async (url) => {
        const outcome = (promise: Promise<unknown>) =>
          promise.then(
            () => 'had',
            () => 'refused',
          );
        const loaded = (tag: 'script' | 'link' | 'img', from: string) =>
          outcome(
            new Promise((resolve, reject) => {
              const element = document.createElement(tag);
              element.onload = resolve;
              element.onerror = reject;
              Object.assign(element, tag === 'link' ? { rel: 'stylesheet', href: from } : { src: from });
              document.head.append(element);
            }),
          );
        const framed = async () => {
          const frame = Object.assign(document.createElement('iframe'), { src: url });
          const over = new Promise((resolve) => {
            frame.onload = resolve;
            setTimeout(resolve, 5000);
          });
          document.body.append(frame);
          await over;
          // A page that answers would say so; a refused one is empty, and says nothing.
          return frame.contentWindow?.length === 0 && frame.contentDocument === null ? 'refused' : 'had';
        };
        return {
          fetched: await outcome(fetch(`${url}study.json`)),
          opaque: await outcome(fetch(`${url}study.json`, { mode: 'no-cors' })),
          withCredentials: await outcome(fetch(`${url}study/runs.csv`, { credentials: 'include' })),
          script: await loaded('script', `${url}app.js`),
          style: await loaded('link', `${url}style.css`),
          picture: await loaded('img', `${url}index.html`),
          framed: await framed(),
        };
      }, lab.url);
      // Servers at one address are one site to a browser, which may hand out what it does not let be read.
      expect(found).toMatchObject({
        fetched: 'refused',
        withCredentials: 'refused',
        picture: 'refused',
        framed: 'refused',
      });
      expect(found).toMatchObject({ opaque: 'refused', script: 'refused', style: 'refused' });
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
