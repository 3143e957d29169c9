// How a claim is taken and given back: one writer at a time has it, whatever happens in between. Plain steps on files that
// are handed in, so that a test goes through every order of the steps of several writers with this very code.
//
// `<what>.0` is created exclusively, and holds the id of the claim: the writer's name and a number, never used again. That
// is the head. The claim x of a writer that has ended is succeeded by creating `<what>.after.<x>`, which holds the id of the
// successor; that one can be succeeded in turn. The claim is with whoever is at the end of this chain.
//
// The head is removed first, by whoever is at the end and gives the claim back. A chain without its head is nobody's, and
// as ids are never used again no later head is the same. So who has created a link reads the head once more: if it is the
// one from which the chain was followed, it has been there all the time, no link of its chain has gone, and the link was
// put at the end. Otherwise the link hangs on a chain that is over, and is removed.
//
// docs/shared-folders.md has the argument, and what it asks of a file system.

/** Files of one folder, as the protocol needs them. */
export interface ClaimFiles {
  /** Creates the file, which is empty at first and holds `text` then. @returns false when it is there already */
  createExclusive(file: string, text: string): boolean;
  /** @returns undefined when there is no such file, as the file system says it now, not as it was remembered */
  read(file: string): { readonly text: string; readonly changed: number } | undefined;
  /** A file that is gone already is nobody's loss. */
  remove(file: string): void;
}

export interface ClaimWitness {
  /** Whether the writer of a claim may be alive. False is final. */
  isAlive(writer: string): boolean;
  /** Whether a file that does not hold an id yet has been so for longer than any living writer would leave it. */
  isAbandoned(changed: number): boolean;
}

/** A claim that is held: what has to be removed when it is given back. */
export interface HeldClaim {
  readonly id: string;
  /** From the head to the own link. */
  readonly chain: readonly string[];
}

export type ClaimOutcome = { readonly held: HeldClaim } | { readonly holder: string };

/** Said of a holder that has not written its name yet. */
const UNKNOWN = 'unknown';

/** How often the chain is followed anew before somebody else counts as the holder: memories of a file system may lag. */
const MOST_ATTEMPTS = 100;

const headOf = (what: string) => `${what}.0`;
const linkAfter = (what: string, id: string) => `${what}.after.${id}`;
/** An id is complete with the end of its line. */
const lineOf = (id: string) => `${id}\n`;

/** Of what a file in the folder is a claim, and whether it is a link. */
export function parseClaimFile(file: string): { readonly what: string; readonly isLink: boolean } | undefined {
  const [, what, kind] = /^([A-Za-z0-9-]+)\.(0|after\.[A-Za-z0-9.-]+)$/.exec(file) ?? [];
  return what === undefined ? undefined : { what, isLink: kind !== '0' };
}

interface Claimant {
  /** Of a claim that names none: made from the time of the file, which no other file of this chain has. */
  readonly id: string;
  /** Undefined while the file names nobody. */
  readonly writer: string | undefined;
  readonly changed: number;
}

/** Whose claim a file is; undefined where there is no such file. Nothing else in it becomes part of a path. */
function readClaimant(file: string, files: ClaimFiles): Claimant | undefined {
  const found = files.read(file);
  if (found === undefined) return undefined;
  const { text, changed } = found;
  const [, id, writer] = /^(([A-Za-z0-9-]+)(?:\.\d+)?)\n$/.exec(text) ?? [];
  return { id: id ?? `unnamed-${changed}`, writer, changed };
}

/**
 * Takes a claim that nobody has, or whose holder has ended.
 *
 * @param id of the new claim, `<writer>.<number>`; no other claim has it, at any time
 */
export function takeClaim(what: string, id: string, files: ClaimFiles, witness: ClaimWitness): ClaimOutcome {
  const head = headOf(what);
  let file = head;
  let first = '';
  let chain: string[] = [];
  for (let attempt = 0; attempt < MOST_ATTEMPTS; ) {
    if (files.createExclusive(file, lineOf(id))) {
      chain.push(file);
      if (file === head || readClaimant(head, files)?.id === first) return { held: { id, chain } };
      files.remove(file);
      [file, chain] = [head, []];
      attempt += 1;
      continue;
    }
    const found = readClaimant(file, files);
    if (found === undefined) {
      // Given back in the meantime: a link goes with its chain.
      [file, chain] = [head, []];
      attempt += 1;
      continue;
    }
    const { writer, changed } = found;
    const isOver = writer === undefined ? witness.isAbandoned(changed) : !witness.isAlive(writer);
    if (!isOver) return { holder: writer ?? UNKNOWN };
    // Its writer may have named itself just before it ended, and others have read that: what is followed is the last word.
    if (writer === undefined && readClaimant(file, files)?.id !== found.id) {
      attempt += 1;
      continue;
    }
    if (file === head) first = found.id;
    chain.push(file);
    file = linkAfter(what, found.id);
  }
  return { holder: UNKNOWN };
}

/**
 * Gives a claim back. One that has been succeeded, because its writer was believed dead, is its successor's to give back.
 */
export function giveBackClaim(what: string, { id, chain }: HeldClaim, files: ClaimFiles): void {
  if (files.read(linkAfter(what, id)) !== undefined) return;
  for (const file of chain) files.remove(file);
}

/**
 * Removes links of chains that are over, as writers leave them who are killed while they take a claim or give it back.
 *
 * @param links files that were there when this is called
 */
export function sweepLinks(what: string, links: readonly string[], files: ClaimFiles): void {
  // No head now: whichever head these links belong to is gone, and does not come back.
  if (files.read(headOf(what)) !== undefined) return;
  for (const link of links) files.remove(link);
}
