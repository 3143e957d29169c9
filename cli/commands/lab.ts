// `eigenflow lab`: the page that runs the engine in the browser, served on loopback or written to be passed on.
import { Command, InvalidArgumentError } from 'commander';
import { EigenflowError } from '../../core/errors.js';
import type { PageFiles } from '../../lab/host/page-files.js';
import type { Selection } from '../../lab/host/selection.js';
import type { LabStudy, PackedStudy } from '../../lab/host/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { byteCount } from '../byte-count.js';
import { positive } from '../options.js';
import { print, printError } from '../print.js';
import { STOPS } from '../terminal-end.js';

interface LabArguments {
  readonly port?: number;
  readonly open: boolean;
  readonly export?: string;
  readonly static?: string;
  readonly data?: number;
  readonly force?: boolean;
}

/** Unit: MB. */
const USUAL_DATA = 50;

/** Options of the one way that say nothing in another. @throws EigenflowError `parameter` */
function refuseIdle(options: LabArguments): void {
  const { export: page, static: site, open, port, data, force } = options;
  if (page !== undefined && site !== undefined) {
    throw new EigenflowError(
      'parameter',
      '--static',
      'a page is exported alone, without a folder; leave out one of the two',
    );
  }
  const isWritten = page !== undefined || site !== undefined;
  const idle = isWritten
    ? [port !== undefined && '--port', !open && '--no-open', force && page === undefined && '--force']
    : [data !== undefined && '--data', force && '--force'];
  const found = idle.find((option) => option);
  if (!found) return;
  const why =
    isWritten && found !== '--force' ? 'nothing is served where --export or --static writes' : 'is for --export';
  throw new EigenflowError(
    'parameter',
    String(found),
    `${why}${found === '--data' ? ' and --static' : ''}; leave it out`,
  );
}

async function execute(target: string | undefined, options: LabArguments): Promise<void> {
  refuseIdle(options);
  // Loaded when asked for: no other command needs what serves and packs.
  const { readPageFiles, readShippedStudy } = await import('../../lab/host/page-files.js');
  const { openStudy } = await import('../../lab/host/open-study.js');
  const page = readPageFiles();
  const study = target === undefined ? readShippedStudy(page) : await openStudy(target, builtinPlugins);
  if ('foreignPlugins' in study && study.foreignPlugins.length > 0) {
    const names = study.foreignPlugins.join(', ');
    printError(`note: the page has the plugins that come with eigenflow, and not ${names}\n`);
  }
  if (options.export !== undefined) await exportPage(page, study, target, options.export, options);
  else if (options.static !== undefined) await writeStatic(page, study, target, options.static, options);
  else await serve(page, study, options);
}

async function serve(page: PageFiles, study: LabStudy, { port, open }: LabArguments): Promise<void> {
  const { serveLab } = await import('../../lab/host/server.js');
  const server = await serveLab(page, study, port);
  let stop: () => void;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  for (const signal of STOPS) process.once(signal, () => stop());
  // Alone on its line, for scripts.
  print(`${server.url}\n`);
  const { openBrowser } = await import('../../lab/host/open-browser.js');
  const how = open && openBrowser(server.url) ? 'opened in your browser' : 'open this address in a browser';
  printError(`${study.name}: ${how}; Ctrl-C stops\n`);
  await stopped;
  await server.close();
}

type Chosen = { readonly selection?: Selection; readonly packed: () => PackedStudy };

async function choose(study: LabStudy, target: string | undefined, data = USUAL_DATA): Promise<Chosen> {
  if ('zip' in study) return { packed: () => study };
  const { pack, select } = await import('../../lab/host/selection.js');
  const selection = select(study, study.kind === 'folder' ? target : undefined, data * 1e6);
  return { selection, packed: () => pack(selection) };
}

/** Said before anything is written. */
function sayWhatGoesAlong({ runs, runsInside }: Selection): string {
  if (runs === 0) return '';
  const inside = `${runsInside} of ${runs} run files inside`;
  const rest = 'of all others their digests, which prove a replay; --data takes more along';
  return runsInside === runs ? `, ${inside}` : `, ${inside}, ${rest}`;
}

async function exportPage(
  page: PageFiles,
  study: LabStudy,
  target: string | undefined,
  path: string,
  { data, force = false }: LabArguments,
): Promise<void> {
  const { checkPagePath, makePage, writeLabPage } = await import('../../lab/host/export-page.js');
  checkPagePath(path, force);
  const { selection, packed } = await choose(study, target, data);
  const zipped = packed();
  const made = makePage(page, zipped);
  printError(`${path}: ${byteCount(made.length)}${selection ? sayWhatGoesAlong(selection) : ''}\n`);
  await writeLabPage(path, made, zipped);
  print(`${path}\n`);
}

async function writeStatic(
  page: PageFiles,
  study: LabStudy,
  target: string | undefined,
  path: string,
  { data }: LabArguments,
): Promise<void> {
  const { checkSitePath, writeSite } = await import('../../lab/host/static-site.js');
  checkSitePath(path, page);
  const { selection, packed } = await choose(study, target, data);
  const files = [...page.files.values(), ...(selection ? selection.files.values() : [packed().zip])];
  const size = files.reduce((sum, { length }) => sum + length, 0);
  printError(`${path}: ${byteCount(size)}${selection ? sayWhatGoesAlong(selection) : ''}\n`);
  await writeSite(path, page, selection ?? packed());
  print(`${path}\n`);
}

/** The largest number that a port can have. */
const MOST_PORT = 65_535;

function portNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= MOST_PORT) return value;
  throw new InvalidArgumentError(`expected a whole number from 0 to ${MOST_PORT}.`);
}

export function labCommand(): Command {
  return new Command('lab')
    .description('a page in which results are looked at, and runs are computed again, in the browser')
    .argument('[target]', 'results folder, map, or scenario (default: the study that comes with eigenflow)')
    .option(
      '-p, --port <n>',
      'on which the page is served, to this machine alone (default: one that is free)',
      portNumber,
    )
    .option('--no-open', 'open no browser')
    .option('--export <page.html>', 'write one file that needs no server and no network, and serve nothing')
    .option('--static <folder>', 'write a folder for a static host, and serve nothing')
    .option(
      '--data <MB>',
      `run files that go along with --export or --static; beyond that, digests (default: ${USUAL_DATA})`,
      positive,
    )
    .option('--force', 'replace a file that is no page of eigenflow lab')
    .action(execute);
}
