// Who a process is, told so that another one, perhaps on another machine, can say whether it still lives.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Processes with the same value see each other's numbers: they share a kernel and, in containers, its numbering. */
  readonly machine: string;
  /** When the process began, in the system's own unit; empty where it does not say. Numbers are given out again. */
  readonly began: string;
}

function systemFile(read: () => string): string | undefined {
  try {
    return read().trim();
  } catch {
    return undefined;
  }
}

/** State and start of a process as Linux tells them in /proc; undefined elsewhere, and where they are hidden. */
function statusOf(pid: number): { state: string; began: string } | undefined {
  const text = systemFile(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  // The second field, the name in brackets, may hold spaces and brackets itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], began: fields[19] ?? '' };
}

function machineOf(host: string): string {
  const boot = systemFile(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const numbering = systemFile(() => readlinkSync('/proc/self/ns/pid'));
  return boot === undefined ? host : `${boot} ${numbering ?? ''}`;
}

export function identifyProcess(): ProcessIdentity {
  const host = hostname();
  return { host, pid: process.pid, machine: machineOf(host), began: statusOf(process.pid)?.began ?? '' };
}

/** @returns whether `other` has certainly ended; false for a process of another machine, of which nothing is known */
export function hasEnded(other: ProcessIdentity, self: ProcessIdentity): boolean {
  if (other.machine !== self.machine) return false;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const now = statusOf(other.pid);
  if (now === undefined) return false;
  return now.state === 'Z' || now.state === 'X' || (other.began !== '' && now.began !== other.began);
}
