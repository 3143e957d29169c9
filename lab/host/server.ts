// Serves the page and one study to the browser of whoever started it: on loopback, to pages of its own address alone, and
// nothing but the files that belong to either. Names in requests are looked up, never joined to a path as they come.
import { createHash } from 'node:crypto';
import { closeSync, createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { EigenflowError, isEigenflowError } from '../../core/errors.js';
import type { PageFiles } from './page-files.js';
import { HEADERS } from './policy.js';
import { type Content, describeStudy, FOLDER, isBytes, isPacked, type LabStudy, SIZE, ZIP } from './study.js';

export interface LabServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** Names of the own address that a browser may have used. Any other leads here by a trick of a name server. */
const HOSTS = [LOOPBACK, 'localhost', '[::1]'];
const HTTP_PORT = 80;

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  zip: 'application/zip',
};
const BINARY = 'application/octet-stream';

const typeOf = (path: string) => TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? BINARY;
const isText = (type: string) =>
  type.startsWith('text/') || type.startsWith('application/json') || type.endsWith('xml');

/** Unit: bytes. Below this, compressing costs more than it saves. */
const LEAST_COMPRESSED = 1024;
/** Fast: the way to the browser is short. */
const GZIP_LEVEL = 4;

export interface ServeOptions {
  /** Default: one that is free. */
  readonly port?: number;
  /** Hears why a file of the study could not be given. Whoever asked is told no more than that there is none. */
  readonly onRefused?: (error: EigenflowError) => void;
}

/**
 * @throws EigenflowError `parameter` when the port is not to be had
 */
export async function serveLab(
  page: PageFiles,
  study: LabStudy,
  { port = 0, onRefused = () => {} }: ServeOptions = {},
): Promise<LabServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explainPort(error, port)));
    server.listen(port, LOOPBACK, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const hosts = new Set(HOSTS.flatMap((host) => [`${host}:${taken}`, ...(taken === HTTP_PORT ? [host] : [])]));
  const look = (path: string) => {
    try {
      return find(path, page, study);
    } catch (error) {
      if (!isEigenflowError(error)) throw error;
      onRefused(error);
      return undefined;
    }
  };
  server.on('request', (request, response) => {
    answer(request, response, hosts, look).catch(() => response.destroy());
  });
  return {
    url: `http://${LOOPBACK}:${taken}/`,
    port: taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function explainPort(error: NodeJS.ErrnoException, port: number): EigenflowError {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there',
    EACCES: 'the system keeps it for others',
  };
  const reason = reasons[error.code ?? ''] ?? error.message;
  return new EigenflowError(
    'parameter',
    `--port ${port}`,
    `cannot be used: ${reason}; leave it out, or name another one`,
  );
}

/** Something to send. */
interface Found {
  readonly content: Content;
  readonly type: string;
  /** May be kept by the browser, which asks each time whether it is still the same. */
  readonly tag?: string;
  /** Bytes of it that are sent. Default: all */
  readonly most?: number;
}

/** @returns undefined where there is nothing for the page. @throws EigenflowError `file` */
function find(path: string, { files }: PageFiles, study: LabStudy): Found | undefined {
  const name = path === '' ? 'index.html' : path;
  const own = files.get(name);
  if (own) return { content: own, type: typeOf(name), tag: tagOfBytes(own) };
  // Never kept: a study under way has new files each time.
  if (name === 'study.json') return { content: Buffer.from(describeStudy(study)), type: TYPES.json };
  if (isPacked(study))
    return name === ZIP ? { content: study.zip, type: TYPES.zip, tag: tagOfBytes(study.zip) } : undefined;
  const content = name.startsWith(FOLDER) ? study.open(name.slice(FOLDER.length)) : undefined;
  return (
    content && { content, type: typeOf(name), tag: isBytes(content) ? tagOfBytes(content) : tagOfFile(content.status) }
  );
}

/** What is in memory does not change: each is hashed once. */
const tags = new WeakMap<Uint8Array, string>();

function tagOfBytes(bytes: Uint8Array): string {
  const known = tags.get(bytes) ?? `W/"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
  tags.set(bytes, known);
  return known;
}

/** A file is replaced as a whole, under a new number. */
const tagOfFile = ({ ino, size, mtimeMs }: { ino: number; size: number; mtimeMs: number }) =>
  `W/"${ino}-${size}-${mtimeMs}"`;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const REFUSED = /[\\\u0000-\u001f\u007f]|(^|\/)\.{1,2}(\/|$)/;

/** The path of a request in the one form that is looked up; undefined for any other way to write one. */
export function pathOfRequest(url: string): string | undefined {
  const [encoded] = url.split(/[?#]/, 1);
  if (!encoded.startsWith('/')) return undefined;
  try {
    const path = decodeURIComponent(encoded.slice(1));
    return REFUSED.test(path) ? undefined : path;
  } catch {
    return undefined;
  }
}

/** How much of a file that grows is asked for. */
function sizeOfRequest(url: string): number | undefined {
  const asked = new URLSearchParams(url.split('?', 2)[1]).get(SIZE);
  return asked !== null && /^\d{1,15}$/.test(asked) ? Number(asked) : undefined;
}

function say(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : `${text}\n`);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  hosts: ReadonlySet<string>,
  look: (path: string) => Found | undefined,
): Promise<void> {
  const { host = '' } = request.headers;
  const isOnce = request.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length === 1;
  if (!isOnce || !hosts.has(host.toLowerCase()))
    return say(response, 403, 'This server answers to its own address alone.');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return say(response, 405, 'This server is read, and nothing else.', { Allow: 'GET, HEAD' });
  }
  const path = pathOfRequest(request.url ?? '');
  if (path === undefined) return say(response, 400, 'This is no path of the page.');
  const found = look(path);
  if (found === undefined) return say(response, 404, 'There is no such file for the page.');
  const most = sizeOfRequest(request.url ?? '');
  await send(request, response, most === undefined ? found : { ...found, tag: undefined, most });
}

async function send(request: IncomingMessage, response: ServerResponse, found: Found): Promise<void> {
  const { content, type, tag, most = Number.POSITIVE_INFINITY } = found;
  const size = Math.min(most, isBytes(content) ? content.length : content.status.size);
  let isOpen = !isBytes(content);
  try {
    const kept = tag === undefined ? { 'Cache-Control': 'no-store' } : { 'Cache-Control': 'no-cache', ETag: tag };
    const headers = { ...HEADERS, ...kept, 'Content-Type': type, ...(isText(type) ? { Vary: 'Accept-Encoding' } : {}) };
    if (tag !== undefined && isKnown(request.headers['if-none-match'], tag)) {
      response.writeHead(304, headers).end();
      return;
    }
    const packs = isText(type) && size >= LEAST_COMPRESSED && takesGzip(request.headers['accept-encoding']);
    response.writeHead(200, { ...headers, ...(packs ? { 'Content-Encoding': 'gzip' } : { 'Content-Length': size }) });
    if (request.method === 'HEAD' || size === 0) {
      response.end();
      return;
    }
    const source = read(content, size);
    isOpen = false;
    const steps: Transform[] = packs ? [createGzip({ level: GZIP_LEVEL })] : [];
    await pipeline([source, ...steps, response]);
  } finally {
    if (isOpen && !isBytes(content)) closeSync(content.file);
  }
}

/** Exactly as many bytes as were announced: a file may have grown since. The stream closes it, however it ends. */
function read(content: Content, size: number): Readable {
  if (isBytes(content)) return Readable.from([content.subarray(0, size)]);
  return createReadStream('', { fd: content.file, start: 0, end: size - 1 });
}

const isKnown = (header: string | undefined, tag: string) =>
  header?.split(',').some((one) => one.trim() === tag || one.trim() === '*') ?? false;

const takesGzip = (header: string | string[] | undefined) =>
  String(header ?? '')
    .split(',')
    .some((one) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(one));
