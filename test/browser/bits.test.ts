// The same scenario and seed give the same bits in a browser's worker as in Node: in Chromium, whose JavaScript engine is
// Node's own, and in Firefox, whose engine has other authors.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { has } from '../analysis/programs.js';
import { BROWSERS, type BrowserKind, openBrowser, openPage } from './browsers.js';
import { digests } from './digests.js';

const PAGE = '<!doctype html><title>bits</title><link rel="icon" href="data:,">';

/** The engine and its plugins as one file for a browser: fails where one of them needs Node. */
async function workerCode(): Promise<string> {
  const entry = fileURLToPath(new URL('worker.ts', import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, platform: 'browser', write: false });
  return outputFiles[0].text;
}

/** What the worker sends, to a page that a browser without windows has open. */
async function digestsInBrowser(kind: BrowserKind, code: string): Promise<unknown> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/worker.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? code : PAGE);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { browser, close } = await openBrowser(kind);
  try {
    const { page } = await openPage(browser);
    await page.goto(`http://127.0.0.1:${port}/`);
    return await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker('worker.js');
          worker.addEventListener('message', ({ data }) => resolve(data));
          worker.addEventListener('error', ({ message }) => reject(new Error(message)));
        }),
    );
  } finally {
    await close();
    server.close();
    server.closeAllConnections();
  }
}

describe('runs in a browser leave the bits of runs in Node', () => {
  for (const kind of BROWSERS) {
    it.skipIf(!has(kind.program))(`in ${kind.name}`, async () => {
      const inNode = await digests();
      expect(new Set(Object.values(inNode)).size).toBe(25);
      expect(await digestsInBrowser(kind, await workerCode())).toEqual(inNode);
    });
  }
});
