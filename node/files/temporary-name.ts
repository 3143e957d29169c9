// Names of files that are not finished yet, all of them. They say which process writes them, as claims do, so that what a
// killed one has left can be told from what a living one is writing, and is cleared away: `.<name>.<writer>.tmp`.
import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { hasEnded, identifyProcess, type ProcessIdentity } from './process-identity.js';

/** Milliseconds after which a file of a process of which nothing is known counts as left: nothing takes a day to write. */
const LEFT = 24 * 3600 * 1000;

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** It never changes, and is asked for with every file. */
let self: ProcessIdentity | undefined;

function identity(): ProcessIdentity {
  self ??= identifyProcess();
  return self;
}

/** A name next to `path` that nothing else uses. @param writer default: this process */
export function temporaryName(path: string, { machine, pid, began }: ProcessIdentity = identity()): string {
  const random = randomBytes(4).toString('hex');
  return join(dirname(path), `.${basename(path)}.${shortHash(machine)}-${pid}-${began}-${random}.tmp`);
}

const OWN = /^\.(.+)\.([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{8}\.tmp$/;
/** As earlier versions named them, without their writer. */
const EARLIER = /^\.(.+)\.[0-9a-f]{12}\.tmp$/;

/** Whether a name is one of a file that is not finished. */
export const isTemporary = (name: string): boolean => OWN.test(name) || EARLIER.test(name);

function isOld(path: string): boolean {
  const written = lstatSync(path, { throwIfNoEntry: false });
  return written !== undefined && Date.now() - written.mtimeMs > LEFT;
}

function isLeft(path: string): boolean {
  const [, , machine, pid, began] = OWN.exec(basename(path)) ?? [];
  const { machine: here, ...rest } = identity();
  // Of another machine, of this one before it was started again, or of an earlier version.
  if (machine !== shortHash(here)) return isOld(path);
  return hasEnded({ ...rest, machine: here, pid: Number(pid), began }, identity());
}

/**
 * Removes what processes that have ended have left in a folder. What cannot be removed is no obstacle: whoever writes there
 * says what is wrong with it.
 *
 * @param names of the finished files. Default: all that are named as this version does
 */
export function sweepTemporary(folder: string, names?: (name: string) => boolean): void {
  for (const file of namesIn(folder)) {
    const of = OWN.exec(file)?.[1] ?? (names && EARLIER.exec(file)?.[1]);
    if (of === undefined || names?.(of) === false) continue;
    const path = join(folder, file);
    try {
      if (isLeft(path)) rmSync(path, { recursive: true, force: true });
    } catch {
      // As said.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const swept = new Set<string>();

/** As `sweepTemporary`, once in the life of the process: for whoever is about to write there, perhaps often. */
export function sweepOnce(folder: string): void {
  const place = resolve(folder);
  if (swept.has(place)) return;
  swept.add(place);
  sweepTemporary(place);
}
