// The page's HTML with its policy, its mark and, for the single file, its parts inside.
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { EigenflowError } from '../../core/errors.js';
import { escapeXml } from '../../node/files/xml.js';
import { packageVersion } from '../../node/scenario/load-module.js';
import type { PageFiles } from './page-files.js';
import { STATIC_POLICY, singleFilePolicy } from './policy.js';
import type { PackedStudy } from './study.js';

const MARK = '<meta name="generator" content="eigenflow lab';

/** Bytes at the start of a page that hold its mark. */
const MARKED = 4096;

/** Whether this is a page that `eigenflow lab` has written. */
export const isLabPage = (page: Uint8Array): boolean =>
  Buffer.from(page.subarray(0, MARKED)).toString('utf8').includes(MARK);

const POLICY = /\s*<meta\b[^>]*\bhttp-equiv="?content-security-policy"?[^>]*>/gi;
const STYLE = /<link\b[^>]*\bhref="(?:\.\/)?style\.css"[^>]*>/g;
const SCRIPT = /<script\b[^>]*\bsrc="(?:\.\/)?app\.js"[^>]*>\s*<\/script>/g;
const TITLE = /<title>[^<]*<\/title>/g;
const HEAD = /<head>(?:\s*<meta charset="?utf-8"?\s*\/?>)?/gi;
/** What would be fetched. */
const ASKS =
  /<(?:link|script|img|iframe|source|object|embed)\b[^>]*\s(?:src|href|data)\s*=\s*(?!\s|["']?(?:data:|#))[^>]*>/i;

/** Puts text in the one place that has this form. @throws EigenflowError `contract` when the page has another form */
function replaceOne(html: string, place: RegExp, name: string, by: (found: string) => string): string {
  const count = html.match(place)?.length ?? 0;
  if (count === 1) return html.replace(place, by);
  throw new EigenflowError('contract', 'index.html', `has ${count} places for ${name} where one is needed`);
}

const textOf = ({ files }: PageFiles, name: string) => (files.get(name) as Buffer).toString('utf8');

/** With a policy in place of any other, before everything that it is about. */
function withPolicy(html: string, policy: string): string {
  const generator = `${MARK} ${escapeXml(packageVersion())}">`;
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">\n${generator}`;
  return replaceOne(html.replaceAll(POLICY, ''), HEAD, 'its policy (<head>)', (head) => `${head}\n${meta}`);
}

/** index.html for a static host. */
export const staticPage = (page: PageFiles): string => withPolicy(textOf(page, 'index.html'), STATIC_POLICY);

/**
 * Ends of lines as the parser of HTML makes them, so that a hash fits; what would end the script is written as an escape.
 * It can only stand in texts and regular expressions: the builder of scripts puts a space between `<` and what follows
 * elsewhere.
 */
export const inlineScript = (code: string): string =>
  code.replaceAll(/\r\n?/g, '\n').replaceAll(/<(?=\/script|!--)/gi, '\\x3c');

/** As `inlineScript`, where an escape is `\/`. */
export const inlineStyle = (style: string): string => style.replaceAll(/\r\n?/g, '\n').replaceAll('</', '<\\/');

/** The worker with all its parts, which are files of their own elsewhere. */
function wholeWorker({ folder }: PageFiles): string {
  const entry = join(folder, 'worker.js');
  const options = { bundle: true, minify: true, format: 'iife', platform: 'browser', legalComments: 'none' } as const;
  const { outputFiles } = buildSync({ entryPoints: [entry], ...options, write: false, logLevel: 'silent' });
  return outputFiles[0].text;
}

/**
 * One page that needs nothing but itself.
 *
 * @returns its bytes: the archive alone may be larger than the longest text
 */
export function singleFile(page: PageFiles, { name, kind, zip }: PackedStudy): Buffer {
  const script = inlineScript(textOf(page, 'app.js'));
  const style = inlineStyle(textOf(page, 'style.css'));
  const worker = inlineScript(wholeWorker(page));
  let html = withPolicy(textOf(page, 'index.html'), singleFilePolicy(script, style));
  html = replaceOne(html, TITLE, 'its title', () => `<title>${escapeXml(name)} - eigenflow lab</title>`);
  html = replaceOne(html, STYLE, 'style.css', () => '');
  html = replaceOne(html, SCRIPT, 'app.js', () => '');
  const asks = ASKS.exec(html);
  if (asks)
    throw new EigenflowError('contract', 'index.html', `would fetch ${asks[0]}, and a single file can fetch nothing`);
  html = replaceOne(html, /<\/head>/gi, 'its style (</head>)', (end) => `<style>${style}</style>\n${end}`);
  // Data before the script that reads them; in place of the end of the body, which no text inside can be taken for.
  const end = [...html.matchAll(/<\/body>/gi)].at(-1)?.index;
  if (end === undefined) throw new EigenflowError('contract', 'index.html', 'has no </body>');
  const attributes = `id="study" type="application/zip;base64" data-name="${escapeXml(name)}" data-kind="${kind}"`;
  const after =
    `</script>\n<script id="worker" type="text/plain">${worker}</script>\n` +
    `<script type="module">${script}</script>\n${html.slice(end)}`;
  return Buffer.concat([
    Buffer.from(`${html.slice(0, end)}<script ${attributes}>`),
    Buffer.from(Buffer.from(zip).toString('base64'), 'latin1'),
    Buffer.from(after),
  ]);
}

/** The archive in a page of this program. @throws EigenflowError `file` when there is none */
export function studyInPage(page: Buffer, path: string): Buffer {
  const opening = '<script id="study"';
  const start = page.indexOf('>', page.indexOf(opening)) + 1;
  const end = page.indexOf('</script>', start);
  if (!page.includes(opening) || end < 0) throw new EigenflowError('file', path, 'holds no study');
  return Buffer.from(page.subarray(start, end).toString('latin1'), 'base64');
}
