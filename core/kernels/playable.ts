// The kernels that a tape can hold, and what each does with the addresses that it is given.
import type { KernelCall } from './kernels.js';

/**
 * With the kinds of their arguments: a an address that is read, A one that is written or both, i a count, d a double. The
 * place in this list is the number by which assembly/play.ts knows the kernel.
 */
export const PLAYABLE: readonly (readonly [name: string, kinds: string])[] = [
  ['activate', 'iaiA'],
  ['activationGradient', 'iaaiaA'],
  ['dense', 'aiiaaiA'],
  ['denseTransposed', 'aiiaiA'],
  ['outer', 'aiaiaiA'],
  ['outerDescend', 'aiaiaiAdA'],
  ['gather', 'aiaiA'],
  ['halfMeanSquare', 'aaaiiAA'],
  ['sgdStep', 'Aaidd'],
  ['momentumStep', 'AaAiddd'],
  ['nesterovStep', 'AaAiddd'],
  ['dotInto', 'aaiA'],
  ['axpy', 'daiA'],
  ['scale', 'dAi'],
  ['copy', 'aiA'],
  ['crossEntropy', 'daaaiiAA'],
  ['outputLoss', 'idaaaiiAA'],
  ['addRow', 'daiiA'],
  ['adamStep', 'AaAAAidddddddd'],
  ['rmspropStep', 'AaAAAiddddd'],
  ['adagradStep', 'AaAiddddd'],
  ['signStep', 'AaAidddd'],
  ['clipNorm', 'aidA'],
  ['normalise', 'aidA'],
  ['ascend', 'aaidA'],
  // Not a kernel of its own: an `outer` that is made together with the update behind it, see ./fuse.ts.
  ['outerForNext', 'aiaiaiA'],
];

const kindsByName = new Map(PLAYABLE);

const numbersOfKind = ({ name, numbers }: KernelCall, kinds: string): number[] => {
  const known = kindsByName.get(name) ?? '';
  // Address 0 stands for "no index".
  return numbers.filter((number, i) => known[i] !== undefined && kinds.includes(known[i]) && number !== 0);
};

/** Addresses that a call reads or writes, in the order of its arguments; none for a kernel that no tape holds. */
export const addressesOf = (call: KernelCall): number[] => numbersOfKind(call, 'aA');

/** Addresses that a call writes to. */
export const writesOf = (call: KernelCall): number[] => numbersOfKind(call, 'A');
