// What the page may do, told to the browser: run its own code and its own workers, draw, and fetch from where it came from.
// It never asks another host for anything, and what stands in a study is never code.
import { createHash } from 'node:crypto';

const policy = (directives: Readonly<Record<string, string>>) =>
  Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');

const NOTHING_ELSE = { 'base-uri': "'none'", 'form-action': "'none'" };

/** The engine is WebAssembly. */
const ENGINE = "'wasm-unsafe-eval'";

/** Of a page that fetches its parts and its study. */
const FETCHING = {
  'default-src': "'none'",
  'script-src': `'self' blob: ${ENGINE}`,
  'worker-src': "'self' blob:",
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'connect-src': "'self'",
  'font-src': "'self'",
  ...NOTHING_ELSE,
};

/** In a page on a static host that sets no headers: it says all but who may frame it, which only a header can. */
export const STATIC_POLICY = policy(FETCHING);

/**
 * No other page may frame one from this server, not even to embed a panel: whoever is lured to a page of somebody else
 * should not find the own results in it. What is to be embedded is exported, or put on a static host.
 */
export const SERVED_POLICY = policy({ ...FETCHING, 'frame-ancestors': "'none'" });

/** Of every response of the server. */
export const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': SERVED_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** As a policy names an inline script or style. */
export const sourceHash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Of a page that has everything inside: it makes no request at all. */
export const singleFilePolicy = (script: string, style: string) =>
  policy({
    'default-src': "'none'",
    'script-src': `${sourceHash(script)} blob: ${ENGINE}`,
    'worker-src': 'blob:',
    'style-src': sourceHash(style),
    'img-src': 'data: blob:',
    'connect-src': "'none'",
    ...NOTHING_ELSE,
  });
