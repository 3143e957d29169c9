// Claims: how several processes, also on several machines with a shared file system, compute the runs of one folder
// without computing any of them twice.
//
// A process is a writer with a name of its own. `claims/<writer>.json` says who it is; rewriting it is its heartbeat.
// How a run is claimed, and taken over from a writer that has ended, is in claim-protocol.ts.
//
// Should a process that was believed dead come back (a laptop that slept), a run is computed twice and stored twice, with
// the same bytes.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { explainFileError } from '../files/file-error.js';
import {
  createHeld,
  findHeld,
  listHeld,
  makeHeldFolder,
  overwriteHeld,
  removeEmptyHeld,
  removeHeld,
} from '../files/held-files.js';
import { hasEnded, identifyProcess, type ProcessIdentity } from '../files/process-identity.js';
import {
  type ClaimFiles,
  type ClaimWitness,
  giveBackClaim,
  type HeldClaim,
  parseClaimFile,
  sweepLinks,
  takeClaim,
} from './claim-protocol.js';

export interface ClaimTimes {
  /** Seconds between two heartbeats. Default 15. */
  readonly heartbeat?: number;
  /** Seconds without a heartbeat after which a writer of another machine counts as dead. Default 120. */
  readonly stale?: number;
}

/** A process that writes to the folder. */
export interface Writer extends ProcessIdentity {
  readonly name: string;
}

export interface Claims {
  readonly writer: Writer;
  /**
   * Claims a run, or whatever else has a name of letters, digits and hyphens.
   *
   * @returns undefined when it is this writer's now, else the name of the living writer that has it
   * @throws EigenflowError `file`
   */
  claim(what: string): string | undefined;
  /** Gives a claim back; one that is not held is left alone. */
  release(what: string): void;
  /** The other writers that live. */
  others(): Writer[];
  isAlive(writer: string): boolean;
  /** Clears away what dead writers have left: their signs of life, and their claims on `ended` runs. */
  sweep(ended: ReadonlySet<string>): void;
  /** Gives everything back. */
  close(): void;
}

/** Seconds for which the answer to whether a writer lives is not asked for again. */
const ANSWER_HOLDS = 1;

/** Far above what any writer writes. */
const MOST_BYTES = 4096;
/** Names of writers and of what they claim. */
const NAME = /^[A-Za-z0-9-]+$/;

export const claimsFolder = (folder: string) => join(folder, 'claims');
const writerPath = (folder: string, writer: string) => join(claimsFolder(folder), `${writer}.json`);

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code;

/** A file that is gone already, or cannot be removed any more, is nobody's loss. */
function remove(folder: string, path: string): void {
  try {
    removeHeld(folder, path);
  } catch {
    // As said.
  }
}

/** A sign of life or a claim; undefined when there is no such file. @throws EigenflowError `file` */
function readSmall(folder: string, path: string): { text: string; changed: number } | undefined {
  const found = findHeld(folder, path, { maxBytes: MOST_BYTES });
  return found && { text: found.bytes.toString(), changed: found.changed };
}

function parseWriter(name: string, text: string): Writer | undefined {
  try {
    const { host, pid, machine, began } = JSON.parse(text) as Record<string, unknown>;
    if (typeof host !== 'string' || typeof machine !== 'string' || typeof began !== 'string') return undefined;
    return Number.isSafeInteger(pid) && (pid as number) > 0
      ? { name, host, pid: pid as number, machine, began }
      : undefined;
  } catch {
    return undefined;
  }
}

const listClaimsFolder = (folder: string) => listHeld(folder, claimsFolder(folder));

/** Names of the writers, living or dead, that have left a sign of life or a table of rows in the folder. */
export function listWriters(folder: string): string[] {
  const files = listClaimsFolder(folder).map((file) => /^([A-Za-z0-9-]+)\.(?:json|csv)$/.exec(file)?.[1]);
  return [...new Set(files.filter((name) => name !== undefined))];
}

/**
 * Says of writers whether they live. Both times that are compared come from the clock of the file system, so clocks of
 * machines need not agree.
 *
 * @param now the file system's time, in milliseconds
 */
function watchWriters(folder: string, self: ProcessIdentity, stale: number, now: () => number) {
  const answers = new Map<string, { at: number; writer: Writer | undefined }>();
  const ask = (name: string): Writer | undefined => {
    if (!NAME.test(name)) return undefined;
    const found = readSmall(folder, writerPath(folder, name));
    if (found === undefined || now() - found.changed > 1000 * stale) return undefined;
    const writer = parseWriter(name, found.text) ?? { name, host: 'unknown', pid: 0, machine: '', began: '' };
    return hasEnded(writer, self) ? undefined : writer;
  };
  return (name: string): Writer | undefined => {
    const known = answers.get(name);
    if (known && performance.now() - known.at < 1000 * ANSWER_HOLDS) return known.writer;
    const writer = ask(name);
    answers.set(name, { at: performance.now(), writer });
    return writer;
  };
}

/** The writers at work on a folder, as somebody sees them who only looks. */
export function livingWriters(folder: string, { stale = 120 }: ClaimTimes = {}): Writer[] {
  const find = watchWriters(folder, identifyProcess(), stale, () => Date.now());
  return listWriters(folder).flatMap((name) => find(name) ?? []);
}

/** Signs in as a writer. @throws EigenflowError `file` when the folder cannot be written to */
export function openClaims(folder: string, { heartbeat = 15, stale = 120 }: ClaimTimes = {}): Claims {
  const self = identifyProcess();
  const safeHost = self.host.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 40);
  const name = `${safeHost}-${self.pid}-${randomBytes(4).toString('hex')}`;
  const path = writerPath(folder, name);
  const content = JSON.stringify(self);
  let time = 0;

  /** Overwritten in place: a reader never finds it empty. */
  const beat = () => {
    time = overwriteHeld(folder, path, content);
  };
  const signIn = () => {
    makeHeldFolder(folder, claimsFolder(folder));
    createHeld(folder, path, content);
    beat();
  };
  for (let attempt = 1; time === 0; attempt++) {
    try {
      signIn();
    } catch (error) {
      // Another process may just have left and removed the empty folder.
      if (codeOf((error as Error).cause) !== 'ENOENT' || attempt === 10) {
        throw explainFileError(error, claimsFolder(folder), 'write');
      }
    }
  }
  const find = watchWriters(folder, self, stale, () => time);
  const timer = setInterval(() => {
    try {
      beat();
    } catch {
      try {
        signIn();
      } catch {
        // What cannot be written here cannot be written in runs/ either, and there it is told.
      }
    }
  }, 1000 * heartbeat);
  timer.unref();

  const held = new Map<string, HeldClaim>();
  let taken = 0;
  const claimPath = (file: string) => join(claimsFolder(folder), file);
  const files: ClaimFiles = {
    createExclusive: (file, text) => createHeld(folder, claimPath(file), text),
    read: (file) => readSmall(folder, claimPath(file)),
    remove: (file) => remove(folder, claimPath(file)),
  };
  const isAlive = (writer: string) => writer === name || find(writer) !== undefined;
  const witness: ClaimWitness = { isAlive, isAbandoned: (changed) => time - changed > 1000 * stale };
  const claim = (what: string): string | undefined => {
    taken += 1;
    const outcome = takeClaim(what, `${name}.${taken}`, files, witness);
    if ('holder' in outcome) return outcome.holder;
    held.set(what, outcome.held);
    return undefined;
  };
  const release = (what: string) => {
    const own = held.get(what);
    if (own === undefined) return;
    held.delete(what);
    giveBackClaim(what, own, files);
  };
  const close = () => {
    clearInterval(timer);
    process.off('exit', close);
    for (const what of [...held.keys()]) release(what);
    remove(folder, path);
    removeEmptyHeld(folder, claimsFolder(folder));
  };
  process.on('exit', close);

  return {
    writer: { ...self, name },
    isAlive,
    claim,
    release,
    close,
    sweep(ended) {
      const present = listClaimsFolder(folder);
      const claimed = new Set(present.flatMap((file) => parseClaimFile(file)?.what ?? []));
      for (const what of claimed) {
        if (!ended.has(what) || held.has(what)) continue;
        // Taken as any other, so that it is with nobody else while it is removed.
        if (claim(what) === undefined) release(what);
        const links = present.filter((file) => {
          const parsed = parseClaimFile(file);
          return parsed?.what === what && parsed.isLink;
        });
        sweepLinks(what, links, files);
      }
      for (const other of listWriters(folder)) if (!find(other)) remove(folder, writerPath(folder, other));
    },
    others: () =>
      listWriters(folder)
        .filter((other) => other !== name)
        .flatMap((other) => find(other) ?? []),
  };
}
