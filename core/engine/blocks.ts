// Weight blocks by name, for the observers that look at one of them, and at several in the same way.
import { filter, map, merge } from 'rxjs';
import type { Block } from '../contracts/model.js';
import type { Channels, Frame, Observer, RunView, Snapshot } from '../contracts/observer.js';
import { text } from '../contracts/parameters.js';
import type { Vector } from '../contracts/vector.js';
import { EigenflowError, suggestOrStop } from '../errors.js';

export const blockParameter = text({ doc: 'name of the weight block, as the model calls it' });

/** As `blockParameter`, for observers that are written with `observeBlocks`. */
export const blocksParameter = text({
  doc: "name of the weight block, as the model calls it; a list of names, or 'all', for several at once",
  several: true,
});

/** @throws EigenflowError `parameter` naming the blocks that the model has. */
export function findBlock(run: RunView, name: string): Block {
  const { layout } = run.model;
  const block = layout.find((candidate) => candidate.name === name);
  if (block) return block;
  const names = layout.map((candidate) => candidate.name);
  throw new EigenflowError(
    'parameter',
    'block',
    `no block called "${name}"${suggestOrStop(name, names)} The model has ${names.join(', ')}`,
  );
}

/** @returns the weights of a block as they stand, rows x cols, row-major; a window on theta, not a copy. */
export function weightsOf(run: RunView, block: Block): Vector {
  return run.theta.subarray(block.offset, block.offset + block.rows * block.cols);
}

/** What `blocksParameter` gives. */
export type BlockNames = string | readonly string[];

/** @throws EigenflowError `parameter` for a block that the model does not have, or where `all` finds none */
function namesOf(
  run: RunView,
  blocks: 'all' | readonly string[],
  isMeant: (block: Block) => boolean,
): readonly string[] {
  if (blocks !== 'all') return blocks.map((name) => findBlock(run, name).name);
  const { layout } = run.model;
  const names = layout.filter(isMeant).map(({ name }) => name);
  if (names.length > 0) return names;
  const known = layout.map(({ name }) => name).join(', ');
  const message = `"all" finds no matrix of at least two rows and two columns; name a block: ${known}`;
  throw new EigenflowError('parameter', 'block', message);
}

/** A matrix that has a spectrum: a row, a column or a vector of biases has a single level. */
const isMatrix = ({ rows, cols }: Block) => rows > 1 && cols > 1;

/**
 * One observer for each of several blocks, as one observer. For a single name it is that observer as it is. For a
 * list of several names, and for 'all', whatever it finds, each channel takes the name of its block: `levels` of
 * block W1 becomes `levels_W1`, in the frames, in `derived` and wherever figures and classifiers name channels.
 *
 * @param create makes the observer of one block
 * @param all what 'all' means: every block with two rows and two columns or more, in the order of the model, or every
 * block that there is
 * @throws EigenflowError `parameter` for a block that the model does not have
 */
export function observeBlocks(
  run: RunView,
  blocks: BlockNames,
  create: (block: string) => Observer,
  all: 'matrices' | 'every block' = 'matrices',
): Observer {
  if (typeof blocks === 'string' && blocks !== 'all') return create(blocks);
  if (blocks !== 'all' && blocks.length === 1) return create(blocks[0]);
  const names = namesOf(run, blocks as 'all' | readonly string[], all === 'matrices' ? isMatrix : () => true);
  const parts = names.map((name) => ({ name, own: create(name) }));
  const renamed = (channels: Channels, name: string) =>
    Object.entries(channels).map(
      ([channel, description]) => [`${channel}_${name}`, labelled(description, name)] as const,
    );
  const of = (pick: (own: Observer) => Channels | undefined) =>
    Object.fromEntries(parts.flatMap(({ name, own }) => renamed(pick(own) ?? {}, name)));
  const channels = of((own) => own.channels);
  const derived = of((own) => own.derived);
  const state = parts.flatMap(({ own }) => own.state ?? []);
  return {
    channels,
    observe(frame: Frame<Channels>) {
      for (const { name, own } of parts) {
        own.observe(
          Object.fromEntries(Object.keys(own.channels).map((channel) => [channel, frame[`${channel}_${name}`]])),
        );
      }
    },
    ...(state.length > 0 && { state }),
    ...(Object.keys(derived).length > 0 && {
      derived,
      derive: (all) =>
        merge(
          ...parts.flatMap(({ name, own }) => {
            const ours = new Set(Object.keys(own.channels).map((channel) => `${channel}_${name}`));
            const isOurs = ({ channel }: Snapshot) => ours.has(channel.slice(channel.indexOf('.') + 1));
            const alone = (snapshot: Snapshot) => ({
              ...snapshot,
              channel: snapshot.channel.slice(0, -name.length - 1),
            });
            const together = (snapshot: Snapshot) => ({ ...snapshot, channel: `${snapshot.channel}_${name}` });
            return own.derive ? [own.derive(all.pipe(filter(isOurs), map(alone))).pipe(map(together))] : [];
          }),
        ),
    }),
  };
}

const labelled = (channel: Channels[string], name: string) =>
  channel.label === undefined ? channel : { ...channel, label: `${channel.label}, ${name}` };
