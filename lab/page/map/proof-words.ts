// What came of a replay, and of a check of a map, in sentences that say no more than was proved.
import type { Replay } from '../../protocol.js';
import type { MapCheck } from './check-map.js';

const counted = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export function replayWords(replay: Replay | { readonly verdict: 'computing'; readonly part: number }): string {
  switch (replay.verdict) {
    case 'computing':
      return `computing again: ${Math.floor(100 * replay.part)} %`;
    case 'same bits': {
      const { proof, numbers } = replay;
      if (proof === 'trajectory') return 'its weights went the stored way to the last bit';
      const by = proof === 'digest' ? ', by their digest' : '';
      return `the bits of the stored run (${counted(numbers, 'number')}${by})`;
    }
    case 'same digits':
      return `agrees to the ${replay.digits} digits that the map holds (${counted(replay.numbers, 'number')})`;
    case 'other bits':
      return replay.proof === 'digits'
        ? `disagrees with the map: ${replay.message}`
        : `not the stored bits: ${replay.message}`;
    case 'other label': {
      const { classifier, stored, found } = replay;
      return `its numbers are those that are stored, but ${classifier} says "${found}" of them, not "${stored}"`;
    }
    case 'not comparable':
      return `cannot be compared: ${replay.message}`;
    case 'stopped':
      return 'stopped';
  }
}

export const isSame = ({ verdict }: Pick<Replay, 'verdict'>) => verdict === 'same bits' || verdict === 'same digits';

/** @returns the sentence, and whether all is as it should be */
export function checkWords({ going, planned, found }: MapCheck): {
  readonly sentence: string;
  readonly sound: boolean;
} {
  const same = found.filter(({ replay }) => isSame(replay)).length;
  const count = (verdict: Replay['verdict']) => found.filter(({ replay }) => replay.verdict === verdict).length;
  const other = count('other bits');
  const labels = count('other label');
  const unclear = found.length - same - other - labels;
  const digits = found.some(({ replay }) => replay.verdict === 'same digits');
  const numbers = found.reduce((sum, { replay }) => sum + ('numbers' in replay ? replay.numbers : 0), 0);
  const proved = digits ? 'agree to the digits that the map holds' : 'have the bits of the stored runs';
  const parts = [
    ...(other > 0
      ? [`${other} of ${found.length} runs ${digits ? 'disagree with the map' : 'do not have the stored bits'}`]
      : []),
    ...(labels > 0 ? [`${labels} of ${found.length} have another label than the map says`] : []),
    ...(unclear > 0 ? [`${unclear} cannot be compared`] : []),
    ...(same > 0 || found.length === 0
      ? [`${same} of ${going ? planned : found.length} runs ${proved} (${counted(numbers, 'number')})`]
      : []),
  ];
  const broken = !going && found.length < planned ? `; stopped after ${found.length} of ${planned}` : '';
  return { sentence: `${parts.join(', ')}${broken}`, sound: other + labels + unclear === 0 };
}
