// What a test sees of the plugin gate.ts, and does with it.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** For the list of plugins of a scenario. */
export const gatePlugin = fileURLToPath(new URL('./gate.ts', import.meta.url));

/** Waits until so many different processes, or threads of them, have come to the gate, or nobody can come any more. */
export async function arrivals(
  folder: string,
  wanted: number,
  of: 'processes' | 'threads',
  isOver: () => boolean,
): Promise<void> {
  const here = () =>
    readdirSync(folder).flatMap((file) => /^here-(\d+)-(\d+)$/.exec(file)?.[of === 'processes' ? 1 : 0] ?? []);
  while (!isOver() && new Set(here()).size < wanted) await new Promise((resolve) => setTimeout(resolve, 5));
}

export function openGate(folder: string): void {
  writeFileSync(join(folder, 'open'), '');
}
