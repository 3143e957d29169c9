// The same scenario and seed give the same bits in a browser's worker as in Node.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { HEADLESS, has } from '../results/programs.js';
import { temporaryFolder } from '../results/temporary-folder.js';
import { digests } from './digests.js';

const PAGE = '<!doctype html><title>bits</title><script>new Worker("worker.js")</script>';

/** The engine and its plugins as one file for a browser: fails where one of them needs Node. */
async function workerCode(): Promise<string> {
  const entry = fileURLToPath(new URL('worker.ts', import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, platform: 'browser', write: false });
  return outputFiles[0].text;
}

/** What the worker sends, from a page that a browser without windows opens. */
async function digestsInBrowser(code: string): Promise<unknown> {
  let received: (body: string) => void;
  const answer = new Promise<string>((resolve) => {
    received = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => received(body));
      response.end();
    } else {
      const script = request.url === '/worker.js';
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
      response.end(script ? code : PAGE);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const flags = [...HEADLESS, `--user-data-dir=${temporaryFolder()}`];
  const browser = spawn('chromium', [...flags, `http://127.0.0.1:${port}/`], { stdio: 'ignore' });
  const ended = once(browser, 'exit');
  try {
    return JSON.parse(
      await Promise.race([answer, ended.then(() => '{"error":"the browser ended without an answer"}')]),
    );
  } finally {
    browser.kill();
    await ended;
    server.close();
  }
}

test.skipIf(!has('chromium'))('runs in a browser leave the bits of runs in Node', async () => {
  const inNode = await digests();
  expect(new Set(Object.values(inNode)).size).toBe(6);
  expect(await digestsInBrowser(await workerCode())).toEqual(inNode);
});
