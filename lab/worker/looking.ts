// What a page looks at in a run, beside what the run leaves: levels, loss, features and weights, by observers of eigenflow as far
// as the model has them. They change no bit of the run.
import type { Registry } from '../../core/container.js';
import { inspect } from '../../core/engine/preflight.js';
import type { ChannelRecord, RunManifest } from '../../core/engine/run.js';
import { messageOf } from '../../core/errors.js';
import type { Memory } from '../../core/kernels/arena.js';
import { checkParameters } from '../../core/plugin/check-parameters.js';
import type { ArrayLoader, ResolvedObserver, RunConfig } from '../../core/scenario/resolve.js';
import type { LiveStart, Roles } from '../protocol.js';

/** Names of observers that only look begin so; no scenario may use it. */
const PREFIX = 'look-';

export const isLooking = (observer: string) => observer.startsWith(PREFIX);

/** Says nothing to whoever has not named the observer. */
const OWN_PATH = /^\S*look-\S+: /;

/** An observer for each thing to see; the first of each that the model takes is used. */
const CANDIDATES: Readonly<
  Record<string, readonly { readonly use: string; readonly params: Readonly<Record<string, unknown>> }[]>
> = {
  levels: [
    { use: 'gram-spectrum', params: {} },
    { use: 'levels', params: {} },
  ],
  loss: [{ use: 'full-loss', params: {} }],
  test: [{ use: 'test-loss', params: {} }],
  overlap: [{ use: 'overlap', params: {} }],
  features: [{ use: 'feature-distribution', params: {} }],
  weights: [{ use: 'weights', params: {} }],
  target: [{ use: 'target-spectrum', params: {} }],
};

interface Tools {
  readonly registry: Registry;
  readonly memory: Memory;
  readonly load: ArrayLoader;
}

type LookedAt = NonNullable<LiveStart['block']>;

export interface Looking {
  /** The run with the observers that look; those of the scenario come first and are as they were. */
  readonly config: RunConfig;
  readonly manifest: RunManifest;
  readonly roles: Roles;
  /** Names of the observers that look, in the order of their cost as it is expected. */
  readonly observers: readonly string[];
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  /** Why something cannot be seen, by what it is. */
  readonly missing: Readonly<Record<string, string>>;
  /** The matrix whose levels are seen. */
  readonly block?: LookedAt;
}

/** @param blocks that the user may mean, in the order in which they are tried */
export function prepareLooking(config: RunConfig, tools: Tools, blocks: readonly LookedAt[]): Looking {
  let observers = config.observers;
  const found: Record<string, string> = {};
  const missing: Record<string, string> = {};
  let seen: LookedAt | undefined;
  let manifest = inspect(config, tools);
  for (const [role, candidates] of Object.entries(CANDIDATES)) {
    const name = `${PREFIX}${role}`;
    for (const { use, params } of candidates) {
      for (const block of blocks.length > 0 ? blocks : [undefined]) {
        if (found[role]) break;
        try {
          const component = tools.registry.find('observer', use, name);
          const ofBlock = 'block' in component.params && block !== undefined;
          const given = ofBlock ? { ...params, block: block.name } : params;
          const resolved: ResolvedObserver = {
            use,
            params: checkParameters(name, given, component.params),
            when: 'end',
          };
          const trial = { ...observers, [name]: resolved };
          manifest = inspect({ ...config, observers: trial }, tools);
          observers = trial;
          found[role] = name;
          delete missing[role];
          if (role === 'levels' && ofBlock) seen = { name: block.name, rows: block.rows, cols: block.cols };
        } catch (error) {
          missing[role] ??= messageOf(error).replace(OWN_PATH, '');
        }
      }
    }
  }
  const channels = Object.fromEntries(
    Object.entries(manifest.channels).filter(([channel]) => isLooking(channel.split('.')[0])),
  );
  return {
    config: { ...config, observers },
    manifest,
    observers: Object.values(found),
    channels,
    missing,
    ...(seen && { block: seen }),
    roles: rolesOf(channels),
  };
}

function rolesOf(channels: Looking['channels']): Roles {
  const names = Object.keys(channels);
  const firstOf = (role: string, dimensions: number) =>
    names.find((name) => name.startsWith(`${PREFIX}${role}.`) && channels[name].shape.length === dimensions);
  const named = (channel: string) => names.find((name) => name === `${PREFIX}${channel}`);
  const roles = {
    levels: named('levels.levels') ?? firstOf('levels', 1),
    loss: firstOf('loss', 0),
    overlap: named('overlap.q'),
    features: firstOf('features', 1),
    weights: firstOf('weights', 2),
  };
  const taken = new Set<string | undefined>(Object.values(roles));
  return {
    ...roles,
    numbers: names.filter((name) => channels[name].shape.length === 0 && !taken.has(name)),
  };
}
