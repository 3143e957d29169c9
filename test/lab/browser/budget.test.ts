// What the page costs: bytes on the way to the reader, and memory however long it is used. How fast it is, a busy machine
// cannot say: see `npm run bench`.
import { brotliCompressSync } from 'node:zlib';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabServer } from '../../../lab/host/server.js';
import { has } from '../../analysis/programs.js';
import { CHROMIUM, type OpenBrowser, openBrowser, openPage } from '../../browser/browsers.js';
import { ask } from '../requests.js';
import { heapAtRest, visitCells } from './heap.js';
import { serve } from './lab.js';
import { visit } from './user.js';

/** Bytes, compressed as well as a static host can: on the way from this machine to itself it does not matter. */
const MOST_BYTES = 270_000;
/** Changes of cell. */
const FEW = 12;
const MANY = 48;

describe.skipIf(!has(CHROMIUM.program))('the page', () => {
  let open: OpenBrowser;
  let server: LabServer;
  let page: Page;
  let requests: readonly string[];
  beforeAll(async () => {
    [open, server] = await Promise.all([openBrowser(CHROMIUM), serve()]);
    ({ page, requests } = await openPage(open.browser));
    await visit(page, server.url);
  });
  afterAll(async () => {
    await open?.close();
    await server?.close();
  });

  it('with the engine and the plugins that its study needs comes in at most 270 kB', async () => {
    const paths = [...new Set(requests.map((url) => new URL(url).pathname))].filter((path) => path !== '/study.zip');
    expect(paths).toEqual(expect.arrayContaining(['/', '/app.js', '/worker.js', '/style.css']));
    const sizes: number[] = [];
    for (const path of paths) {
      const { body } = await ask(server.port, path, { headers: { 'Accept-Encoding': 'identity' } });
      sizes.push(brotliCompressSync(body).length);
    }
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('keeps nothing of the cells that were looked at before', async () => {
    await visitCells(page, FEW);
    const before = await heapAtRest(page);
    await visitCells(page, MANY);
    const after = await heapAtRest(page);
    for (const [i, bytes] of after.entries()) expect(bytes).toBeLessThan(1.1 * before[i]);
  });
});
