// Names of exports under way. They say which process writes them, so that the next export can clear away what one that
// was killed has left: a dataset may have gigabytes.
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hasEnded, identifyProcess, type ProcessIdentity } from '../../node/results/process-identity.js';

/** Milliseconds after which an export of a process of which nothing is known counts as left: no export takes a day. */
const LEFT = 24 * 3600 * 1000;

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** A name next to `path` that no other export uses. */
export function temporaryExport(path: string, { machine, pid, began }: ProcessIdentity = identifyProcess()): string {
  const random = randomBytes(4).toString('hex');
  return join(dirname(path), `.${basename(path)}.${shortHash(machine)}-${pid}-${began}-${random}.tmp`);
}

function isLeft(file: string, writer: string, self: ProcessIdentity): boolean {
  const [, machine, pid, began] = /^([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{8}$/.exec(writer) ?? [];
  if (machine === shortHash(self.machine)) return hasEnded({ ...self, pid: Number(pid), began }, self);
  // Of another machine, or of this one before it was started again.
  const written = statSync(file, { throwIfNoEntry: false });
  return written !== undefined && Date.now() - written.mtimeMs > LEFT;
}

/** Removes what processes that have ended have left of exports to `path`. What cannot be removed is no obstacle. */
export function sweepExports(path: string): void {
  const self = identifyProcess();
  const [prefix, suffix] = [`.${basename(path)}.`, '.tmp'];
  try {
    for (const name of readdirSync(dirname(path))) {
      if (!name.startsWith(prefix) || !name.endsWith(suffix)) continue;
      const writer = name.slice(prefix.length, -suffix.length);
      if (!/^[0-9a-f]{12}$|^[0-9a-f]{8}-\d+-\d*-[0-9a-f]{8}$/.test(writer)) continue;
      const file = join(dirname(path), name);
      if (isLeft(file, writer, self)) rmSync(file, { recursive: true, force: true });
    }
  } catch {
    // The export itself says what is wrong with the folder.
  }
}
