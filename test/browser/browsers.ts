// Real browsers for tests and benchmarks: without a window, each with a new and empty profile, and with no network but
// loopback. The one way in which this project starts them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type LaunchOptions, launch, type Page } from 'puppeteer-core';
import { programPath } from '../analysis/programs.js';

export interface BrowserKind {
  readonly name: 'Chromium' | 'Firefox';
  readonly program: string;
  readonly options: LaunchOptions;
}

export const CHROMIUM: BrowserKind = {
  name: 'Chromium',
  program: 'chromium',
  options: {
    browser: 'chrome',
    pipe: true,
    args: [
      // As root, which is what containers run as, it has no sandbox, and little shared memory.
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-quic',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  },
};

/** Nobody listens there. */
const NOWHERE = { host: '127.0.0.1', port: 9 };

export const FIREFOX: BrowserKind = {
  name: 'Firefox',
  program: 'firefox-esr',
  options: {
    browser: 'firefox',
    // It asks nothing of the network and of whoever starts it for the first time.
    extraPrefsFirefox: {
      'app.normandy.enabled': false,
      'app.update.enabled': false,
      'browser.aboutwelcome.enabled': false,
      'browser.shell.checkDefaultBrowser': false,
      'datareporting.policy.dataSubmissionEnabled': false,
      'extensions.getAddons.cache.enabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'network.proxy.type': 1,
      'network.proxy.http': NOWHERE.host,
      'network.proxy.http_port': NOWHERE.port,
      'network.proxy.ssl': NOWHERE.host,
      'network.proxy.ssl_port': NOWHERE.port,
      'network.proxy.no_proxies_on': '127.0.0.1, localhost',
      'services.settings.server': '',
      'toolkit.telemetry.enabled': false,
    },
  },
};

export const BROWSERS = [CHROMIUM, FIREFOX] as const;

/** Milliseconds that anything may take: on a busy machine a browser needs a minute to start. */
export const PATIENCE = 240_000;

export interface OpenBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** @param options beyond those that every browser here is started with */
export async function openBrowser(kind: BrowserKind, options: LaunchOptions = {}): Promise<OpenBrowser> {
  const home = mkdtempSync(join(tmpdir(), 'eigenflow-browser-'));
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  try {
    const browser = await launch({
      timeout: PATIENCE,
      protocolTimeout: PATIENCE,
      ...kind.options,
      ...options,
      args: [...(kind.options.args ?? []), ...(options.args ?? [])],
      executablePath: programPath(kind.program),
      // Settings and caches of whoever runs the tests are left alone.
      env: { ...process.env, HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home },
    });
    const close = async () => {
      await browser.close();
      remove();
    };
    return { browser, close };
  } catch (error) {
    remove();
    throw error;
  }
}

/** A page, and what a user is not told of it. */
export interface WatchedPage {
  readonly page: Page;
  /** Addresses that it has asked for, in order. */
  readonly requests: readonly string[];
  /** Errors that nobody has caught, complaints in the console, and what the page's policy has refused. */
  readonly faults: readonly string[];
}

export async function openPage(browser: Browser): Promise<WatchedPage> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const requests: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => faults.push(`error: ${error instanceof Error ? error.message : String(error)}`));
  page.on('console', (message) => {
    const type = message.type();
    // A refusal by the policy is told in the console of every browser.
    if (type === 'error' || type === 'warn') faults.push(`${type}: ${message.text()}`);
  });
  await page.evaluateOnNewDocument(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} refuses ${blockedURI}`);
    });
  });
  return { page, requests, faults };
}
