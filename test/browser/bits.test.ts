// The same scenario and seed give the same bits in a browser's worker as in Node: in Chromium, whose JavaScript engine is
// Node's own, and in Firefox, whose engine has other authors.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { HEADLESS, has } from '../analysis/programs.js';
import { temporaryFolder } from '../node/files/temporary-folder.js';
import { digests } from './digests.js';

const PAGE = '<!doctype html><title>bits</title><script>new Worker("worker.js")</script>';

/** The engine and its plugins as one file for a browser: fails where one of them needs Node. */
async function workerCode(): Promise<string> {
  const entry = fileURLToPath(new URL('worker.ts', import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, platform: 'browser', write: false });
  return outputFiles[0].text;
}

interface Browser {
  readonly name: string;
  readonly program: string;
  /** Opens a page without a window, with a new and empty profile. */
  command(profile: string, url: string): readonly string[];
}

/** Firefox asks nothing of the network and of whoever starts it for the first time. */
const FIREFOX_SETTINGS = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': '',
  'toolkit.telemetry.enabled': false,
};

const BROWSERS: readonly Browser[] = [
  {
    name: 'Chromium',
    program: 'chromium',
    command: (profile, url) => [...HEADLESS, `--user-data-dir=${profile}`, url],
  },
  {
    name: 'Firefox',
    program: 'firefox-esr',
    command(profile, url) {
      const lines = Object.entries(FIREFOX_SETTINGS).map(
        ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
      );
      writeFileSync(join(profile, 'user.js'), lines.join(''));
      return ['--headless', '--no-remote', '--profile', profile, url];
    },
  },
];

/** Milliseconds for a browser to start and to compute. */
const PATIENCE = 200_000;

/** What the worker sends, from a page that a browser without windows opens. */
async function digestsInBrowser({ name, program, command }: Browser, code: string): Promise<unknown> {
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
  const profile = temporaryFolder();
  // Settings and caches of whoever runs the test are left alone.
  const env = { ...process.env, HOME: profile, XDG_CACHE_HOME: profile, XDG_CONFIG_HOME: profile };
  const browser = spawn(program, command(profile, `http://127.0.0.1:${port}/`), {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  browser.stderr.on('data', (part) => {
    said = `${said}${part}`.slice(-2000);
  });
  const ended = new Promise<void>((resolve) => {
    browser.once('exit', () => resolve());
    browser.once('error', () => resolve());
  });
  let late: NodeJS.Timeout | undefined;
  const silence = new Promise<void>((resolve) => {
    late = setTimeout(resolve, PATIENCE);
  });
  const failure = (what: string) => () => JSON.stringify({ error: `${name} ${what}. It said: ${said}` });
  try {
    return JSON.parse(
      await Promise.race([
        answer,
        ended.then(failure('ended without an answer')),
        silence.then(failure(`did not answer in ${PATIENCE / 1000} s`)),
      ]),
    );
  } finally {
    clearTimeout(late);
    browser.kill();
    await ended;
    server.close();
    server.closeAllConnections();
  }
}

describe('runs in a browser leave the bits of runs in Node', () => {
  for (const browser of BROWSERS) {
    it.skipIf(!has(browser.program))(`in ${browser.name}`, async () => {
      const inNode = await digests();
      expect(new Set(Object.values(inNode)).size).toBe(25);
      expect(await digestsInBrowser(browser, await workerCode())).toEqual(inNode);
    });
  }
});
