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
import { onStopSignal } from '../stop-signals.js';

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

const NOT_SERVED = 'nothing is served where --export or --static writes';

/** Options that would say nothing. @throws EigenflowError `parameter` */
function refuseIdle({ export: page, static: site, open, port, data, force = false }: LabArguments): void {
  const isServed = page === undefined && site === undefined;
  const idle: [isGiven: boolean, option: string, why: string][] = [
    [page !== undefined && site !== undefined, '--static', 'a page is exported alone, without a folder'],
    [!isServed && port !== undefined, '--port', NOT_SERVED],
    [!isServed && !open, '--no-open', NOT_SERVED],
    [isServed && data !== undefined, '--data', 'is for --export and --static'],
    [page === undefined && force, '--force', 'is for --export'],
  ];
  const [, option, why] = idle.find(([isGiven]) => isGiven) ?? [];
  if (option !== undefined) throw new EigenflowError('parameter', option, `${why}; leave it out`);
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
  const told = new Set<string>();
  const onRefused = ({ message }: EigenflowError) => {
    if (!told.has(message)) printError(`not given to the page: ${message}\n`);
    told.add(message);
  };
  const server = await serveLab(page, study, { port, onRefused });
  const stopped = new Promise<void>((resolve) => {
    onStopSignal(() => resolve());
  });
  // Alone on its line, for scripts.
  print(`${server.url}\n`);
  const { openBrowser } = await import('../../lab/host/open-browser.js');
  const how = open && openBrowser(server.url) ? 'opened in your browser' : 'open this address in a browser';
  printError(`${study.name}: ${how}; Ctrl-C stops\n`);
  await stopped;
  await server.close();
}

/** What goes along; a study that comes packed goes as it is. */
async function choose(
  study: LabStudy,
  target: string | undefined,
  data = USUAL_DATA,
): Promise<Selection | PackedStudy> {
  if ('zip' in study) return study;
  const { select } = await import('../../lab/host/selection.js');
  return select(study, study.kind === 'folder' ? target : undefined, data * 1e6);
}

/** Said before anything is written. */
function announce(path: string, bytes: number, chosen: Selection | PackedStudy): void {
  const { runs, runsInside } = 'zip' in chosen ? { runs: 0, runsInside: 0 } : chosen;
  const inside = runs === 0 ? '' : `, ${runsInside} of ${runs} run files inside`;
  const rest =
    runsInside === runs ? '' : ', of all others their digests, which prove a replay; --data takes more along';
  printError(`${path}: ${byteCount(bytes)}${inside}${rest}\n`);
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
  const chosen = await choose(study, target, data);
  const { pack } = await import('../../lab/host/selection.js');
  const packed = 'zip' in chosen ? chosen : pack(chosen);
  const made = makePage(page, packed);
  announce(path, made.length, chosen);
  await writeLabPage(path, made, packed);
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
  const chosen = await choose(study, target, data);
  const files = [...page.files.values(), ...('zip' in chosen ? [chosen.zip] : chosen.files.values())];
  announce(
    path,
    files.reduce((sum, { length }) => sum + length, 0),
    chosen,
  );
  await writeSite(path, page, chosen);
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
