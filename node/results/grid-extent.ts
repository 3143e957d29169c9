// The grid of a folder beside that of a scenario of the same study. A stored grid never shrinks: whoever asks for a part
// of it computes that part, and the folder goes on to hold, and to show, all of it.

import type { ChannelRecord } from '../../core/engine/run.js';
import { EigenflowError } from '../../core/errors.js';
import { planAdaptive } from '../../core/phases/plan.js';
import { canonical } from '../../core/scenario/identity.js';
import { expandSweep } from '../../core/scenario/sweep.js';
import type { Manifest } from './results-folder.js';

type Extent = Pick<Manifest, 'axes' | 'seeds'>;

/** By the names of axes that vary together: the values that they take, one text for each step. */
function stepsOf({ axes }: Extent): Map<string, Set<string>> {
  const groups = new Map<number, Extent['axes'][number][]>();
  for (const axis of axes) groups.set(axis.group, [...(groups.get(axis.group) ?? []), axis]);
  return new Map(
    [...groups.values()].map((group) => {
      const members = [...group].sort((a, b) => (a.name < b.name ? -1 : 1));
      const steps = members[0].values.map((_, i) => canonical(members.map(({ values }) => values[i])));
      return [canonical(members.map(({ name }) => name)), new Set(steps)];
    }),
  );
}

/** Whether every run of `part` is one of `whole`, cells and seeds. */
export function holdsGrid(whole: Extent, part: Extent): boolean {
  const [ours, theirs] = [stepsOf(whole), stepsOf(part)];
  if (ours.size !== theirs.size || part.seeds > whole.seeds) return false;
  return [...theirs].every(([names, steps]) => {
    const known = ours.get(names);
    return known !== undefined && [...steps].every((step) => known.has(step));
  });
}

/** Runs that a study asks for: those of its grid, or of its adaptive map. */
export function runsAskedFor({ scenario }: Pick<Manifest, 'scenario'>): number {
  const grid = expandSweep(scenario);
  const { adaptive } = scenario.sweep ?? {};
  return adaptive ? planAdaptive(adaptive, grid).runs : grid.cells.length * grid.seeds;
}

/** Where cells differ in shape, a channel has the largest. */
function largest(own: Manifest['channels'], stored: Manifest['channels']): Record<string, ChannelRecord> {
  const grown = Object.entries(own).map(([name, record]): [string, ChannelRecord] => {
    const known = Object.hasOwn(stored, name) ? stored[name].shape : [];
    if (known.length !== record.shape.length) return [name, record];
    return [name, { ...record, shape: record.shape.map((length, i) => Math.max(length, known[i])) }];
  });
  return Object.fromEntries(grown);
}

/** @returns whether the folder keeps its own sweep, as the larger of the two */
function keepsItsSweep(stored: Manifest, own: Manifest): boolean {
  if (!holdsGrid(own, stored)) return true;
  if (!holdsGrid(stored, own)) return false;
  const [before, now] = [stored.scenario.sweep?.adaptive, own.scenario.sweep?.adaptive];
  if (now === undefined || canonical(now) === canonical(before)) return false;
  return before === undefined || runsAskedFor(stored) > runsAskedFor(own);
}

/** @throws EigenflowError `results` when neither grid holds the other */
export function checkGrid(folder: string, stored: Manifest, own: Manifest): void {
  if (holdsGrid(own, stored) || holdsGrid(stored, own)) return;
  const missing = [...stepsOf(stored)].flatMap(([names, steps]) => {
    const ours = stepsOf(own).get(names);
    if (ours === undefined) return [`axes that vary together: ${names}`];
    const lacking = [...steps].filter((step) => !ours.has(step));
    return lacking.length > 0
      ? [`${names}: ${lacking.slice(0, 3).join(', ')}${lacking.length > 3 ? ', ...' : ''}`]
      : [];
  });
  if (stored.seeds > own.seeds) missing.push(`${stored.seeds} seeds`);
  throw new EigenflowError(
    'results',
    folder,
    'holds another grid of this study, and neither grid is a part of the other. ' +
      `Add to the scenario what only the folder has (${missing.join('; ')}), or choose another --out folder`,
  );
}

/** What a folder says once this study is computed into it. @param own a study that `checkGrid` lets pass */
export function settleManifest(stored: Manifest, own: Manifest): Manifest {
  const code = { ...stored.versions.code, ...own.versions.code };
  const versions = Object.keys(code).length > 0 ? { ...own.versions, code } : own.versions;
  if (!keepsItsSweep(stored, own)) return { ...own, versions };
  return {
    ...own,
    versions,
    scenario: { ...own.scenario, sweep: stored.scenario.sweep },
    axes: stored.axes,
    seeds: stored.seeds,
    channels: largest(own.channels, stored.channels),
  };
}
