// Advice as a practitioner reads it: the phase, how far it is to the others, what to change, and what is not known.
import type { Advice, Change } from '../analysis/advice/advice.js';
import type { Objection, OtherAnswer } from '../analysis/advice/definitions.js';
import type { Band, Exit } from '../analysis/advice/lines.js';
import { coordinateOf, INITIAL_WIDTH, ratioName } from '../analysis/advice/map-data.js';
import type { ReadableMap } from '../analysis/advice/reading.js';
import type { Banded } from '../core/contracts/classifier.js';

/** Three digits, without an exponent where it can be. */
const figure = (value: number) => String(Number(value.toPrecision(3)));
const short = (value: number) => String(Number(value.toPrecision(2)));
const share = (p: number) => (p > 0.995 ? 'above 0.99' : p < 0.005 ? 'below 0.01' : p.toFixed(2));
/** With its band, unless both ends are as near to 0 or 1 as is told. */
const chance = ({ value, low, high }: Banded) =>
  share(low) === share(high) ? share(value) : `${share(value)} (${share(low)} to ${share(high)})`;

/** `3.2 times higher`, `2 times lower`. */
const asFactor = (factor: number) =>
  factor >= 1 ? `${short(factor)} times higher` : `${short(1 / factor)} times lower`;

function list(words: readonly string[], last: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words[words.length - 1]}`;
}

const span = ([low, high]: readonly [number, number]) =>
  low === high ? figure(low) : `${figure(low)} to ${figure(high)}`;

/** The coordinate of the map in one word: `width`, or its path. */
function shortName({ data }: ReadableMap): string {
  const coordinate = coordinateOf(data);
  return coordinate === undefined || coordinate.path === INITIAL_WIDTH.path ? 'width' : coordinate.name;
}

/** ` at this width`, as far as the map has any. */
const here = (map: ReadableMap) => (coordinateOf(map.data) ? ` at this ${shortName(map)}` : '');

function ask({ question, setting }: Advice, map: ReadableMap): string {
  const { learningRate, batchSize, initialWidth } = question;
  const coordinate = coordinateOf(map.data);
  const width = coordinate ? ` ${coordinate.name} ${figure(initialWidth)};` : '';
  return `learning rate ${figure(learningRate)}, batch size ${batchSize}: ${ratioName(map.data)} = ${figure(setting.temperature)};${width} after ${figure(setting.length)} ${map.data.conditions.lengthUnit}`;
}

/** Runs of this very setting, as far as the map has any. */
function ownRuns({ counts }: Advice): string[] {
  const all = Object.entries(counts);
  const n = all.reduce((sum, [, count]) => sum + count, 0);
  return n === 0
    ? []
    : [`runs of this very setting: ${all.map(([label, count]) => `${count} ${label}`).join(', ')} (N = ${n})`];
}

function verdict({ label, probabilities, certainty }: Advice, map: ReadableMap): string[] {
  if (!label || !probabilities) return [];
  const others = map.labels.filter((name) => name !== label).map((name) => `${name} ${chance(probabilities[name])}`);
  const never = map.data.labels.filter((name) => !map.labels.includes(name));
  return [
    `${label}, with probability ${chance(probabilities[label])}, by ${map.data.conditions.classifier}`,
    ...(others.length > 0 ? [others.join(', ')] : []),
    ...(never.length > 0 ? [`${list(never, 'and')}: in none of the ${map.runs} runs of the map`] : []),
    `probability that ${label} is the most probable: ${share(certainty)}`,
  ];
}

function exitLine(
  { along, direction, to, value, nearest, farthest, factor }: Exit,
  { question, setting }: Advice,
  map: ReadableMap,
): string {
  const name = along === 'temperature' ? ratioName(map.data) : shortName(map);
  const longest = Math.max(ratioName(map.data).length, shortName(map).length);
  const move = `${direction === 'up' ? 'raise' : 'lower'} ${name}`.padEnd(longest + 'lower  '.length);
  if (to === undefined) return `${move} none to the edge of the map, ${name} = ${figure(value)}`;
  const rate = along === 'temperature' ? `, learning rate ${figure(value * question.batchSize)}` : '';
  const [a, b] = [nearest, farthest].map((end) => end / setting[along]);
  const band = factor >= 1 ? `${short(a)} to ${short(b)}` : `${short(1 / a)} to ${short(1 / b)}`;
  return `${move} ${to} at ${name} = ${figure(value)}${rate}: ${asFactor(factor)} (${band})`;
}

function bandLine(band: Band | undefined, { question, safe, confidence }: Advice, map: ReadableMap): string {
  const ratio = ratioName(map.data);
  if (!band) return `no ${ratio} of the map makes ${safe} as probable as ${confidence}${here(map)}`;
  const from = band.isCutBelow ? `${figure(band.low)} (where the map begins)` : figure(band.low);
  const to = band.isCutAbove ? `${figure(band.high)} (where the map ends)` : figure(band.high);
  const rates = [band.low, band.high].map((value) => figure(value * question.batchSize));
  return `${ratio} from ${from} to ${to}: learning rates ${rates[0]} to ${rates[1]} at batch size ${question.batchSize}`;
}

/** `jammed by dyson-boundary and lyapunov, paramagnetic by stability`. */
function objectionText(objections: readonly Objection[]): string {
  const labels = [...new Set(objections.map(({ label }) => label))];
  return list(
    labels.map((label) => {
      const names = objections.filter((one) => one.label === label).map(({ name }) => name);
      return `${label} by ${list(names, 'and')}`;
    }),
    'and',
  );
}

function changeLine({ of, to, factor, objections }: Change, { question }: Advice, map: ReadableMap): string[] {
  const change =
    of === 'initialWidth'
      ? `${coordinateOf(map.data)?.name} ${figure(to)}: ${asFactor(factor)}`
      : `learning rate ${figure(to * question.batchSize)} (${ratioName(map.data)} = ${figure(to)}): ${asFactor(factor)}`;
  return objections.length === 0 ? [change] : [change, `   but there it is ${objectionText(objections)}`];
}

function bandObjections({ bandObjections: all }: Advice, map: ReadableMap): string[] {
  const ratio = ratioName(map.data);
  return all.map(({ name, label, between }) => {
    const [low, high] = between ?? [Number.NaN, Number.NaN];
    return `but ${label} by ${name} ${low === high ? `at ${ratio} = ${figure(low)}` : `from ${ratio} = ${figure(low)} to ${figure(high)}`}`;
  });
}

/** What other definitions make of the setting; conventions of the classifier itself as a range of probabilities. */
function others({ others: all, setting, safe }: Advice, map: ReadableMap): string[] {
  const { classifier, lengthUnit } = map.data.conditions;
  const where = ({ at }: OtherAnswer) => {
    if (!at) return '';
    const parts = [
      ...(at.length === setting.length ? [] : [`${at.length} ${lengthUnit}`]),
      ...(at.batchSize === setting.batchSize ? [] : [`batch size ${at.batchSize}`]),
    ];
    return parts.length === 0 ? '' : ` (known at ${parts.join(' and ')})`;
  };
  const line = (one: OtherAnswer, told: Banded | undefined) => {
    if (one.label === undefined || !told) return `${one.name}: not known here`;
    const edge = one.widest === undefined ? '' : `; ${safe} ends at ${shortName(map)} ${figure(one.widest)}`;
    return `${one.name}: ${one.label} ${chance(told)}${edge}${where(one)}`;
  };
  const definitions = all.filter(({ isConvention }) => !isConvention);
  const conventions = all.filter(({ isConvention }) => isConvention);
  return [
    ...definitions.flatMap((one) => [
      line(one, one.probability),
      ...(one.meaning === undefined ? [] : [`   (${one.meaning})`]),
    ]),
    ...(conventions.length > 0 ? [`${classifier} with other thresholds, which are conventions:`] : []),
    ...conventions.map((one) => {
      const least = one.label === safe || !one.safe ? '' : `, ${safe} ${chance(one.safe)}`;
      return `  ${line(one, one.probability)}${least}`;
    }),
  ];
}

function changes(advice: Advice, map: ReadableMap): string[] {
  if (advice.changes.length > 0) {
    return advice.changes.flatMap((change, i) => {
      const [first, ...rest] = changeLine(change, advice, map);
      return [`${i === 0 ? 'to' : 'or'} ${first}`, ...rest];
    });
  }
  const isSafe = (advice.probabilities?.[advice.safe]?.value ?? 0) >= advice.confidence;
  return [
    isSafe
      ? 'nothing'
      : `no change of ${ratioName(map.data)} alone${coordinateOf(map.data) ? `, or of ${shortName(map)} alone,` : ''} makes ${advice.safe} that probable in this map`,
  ];
}

/** Why there is no number. */
function refusal(advice: Advice, map: ReadableMap): string[] {
  const { setting, candidates, differences, bracket } = advice;
  const { lengthUnit } = map.data.conditions;
  const slice = map.at(setting.batchSize);
  const ratio = ratioName(map.data);
  const coordinate = coordinateOf(map.data);
  const isWidth = coordinate?.path === INITIAL_WIDTH.path;
  const widths = (range: readonly [number, number]) =>
    coordinate ? `${isWidth ? 'initial widths' : `${coordinate.name} from`} ${span(range)}, ` : '';
  switch (advice.refusal) {
    case 'other network':
      return [
        'No answer: the map is of another network.',
        ...differences.map(
          ({ name, map: has, asked }) => `${name} is ${JSON.stringify(has)} in the map, ${JSON.stringify(asked)} here`,
        ),
      ];
    case 'outside the map':
      return [
        'No answer: outside the map.',
        ...(slice
          ? [
              `At batch size ${setting.batchSize} it has ${widths(slice.widths)}${ratio} from ${span(slice.temperatures)}, and runs of ${span(slice.lengths)} ${lengthUnit}.`,
            ]
          : []),
      ];
    case 'other batch size':
      return [
        `No number: the map has batch size ${span([map.batchSizes[0], map.batchSizes[map.batchSizes.length - 1]])}, and beyond it ${ratio} alone does not decide.`,
        `At batch size ${bracket?.batchSize} and the same ${ratio} the map has ${bracket?.sameTemperature ?? 'no clear answer'}; at the same learning rate, ${bracket?.sameRate ?? 'no clear answer'}.`,
        ...(bracket?.sameTemperature !== undefined && bracket.sameTemperature === bracket.sameRate
          ? [
              `Both agree on ${bracket.sameTemperature}, and the stability of a minimum lies between the two (derived, not measured).`,
            ]
          : []),
      ];
    case 'undecided':
      return [
        `No number: the map does not decide between ${list(candidates, 'and')} here`,
        `(${coordinate ? `${coordinate.name} ${figure(setting.initialWidth)}, ` : ''}${ratio} = ${figure(setting.temperature)}).`,
      ];
    default:
      return [];
  }
}

/** Whether a teacher has made the targets, by the name of the model. */
const isTaught = ({ data }: ReadableMap) => /teacher/.test(String(data.conditions.model.use));

/** What every reader should know before acting on it. */
function basis(map: ReadableMap): string[] {
  const { conditions, title } = map.data;
  const { use, ...parameters } = conditions.model;
  const given = Object.entries(parameters).map(([name, value]) => `${name} ${String(value)}`);
  const { use: noise, batchSize: _batch, ...order } = conditions.noise;
  return [
    `${title} (${map.data.source})`,
    `${map.runs} runs of ${map.settings} settings on ${map.instances} instances (${isTaught(map) ? 'teacher, ' : ''}data, initial draw)`,
    `labels by ${conditions.classifier} after ${list(map.lengths.map(String), 'and')} ${conditions.lengthUnit}; probabilities are smoothed over neighbouring settings`,
    `network: ${use}${given.length > 0 ? `, ${given.join(', ')}` : ''}`,
    `training: ${conditions.optimiser.use}, ${noise} ${Object.values(order).join(' ')} of batch size ${list(map.batchSizes.map(String), 'and')}`.replace(
      / {2,}/g,
      ' ',
    ),
  ];
}

function unknown(map: ReadableMap): string[] {
  const { lengthUnit } = map.data.conditions;
  const sizes = span([map.batchSizes[0], map.batchSizes[map.batchSizes.length - 1]]);
  const longest = map.lengths[map.lengths.length - 1];
  const ratio = ratioName(map.data) === 'T' ? 'T = learning rate / batch size' : ratioName(map.data);
  return [
    `other networks, data, losses and optimisers${isTaught(map) ? ': a teacher-student network is no language model' : ''}`,
    `batch sizes beyond ${sizes}: nothing was run there, and ${ratio} decides nowhere alone`,
    `longer training than ${figure(longest)} ${lengthUnit}: slow runs still move then`,
    `more than ${map.instances} instances tell: bands hold 68 %, of instances like these`,
  ];
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

/** @param next how to compute what is missing; printed where the map does not answer */
export function adviceReport(advice: Advice, map: ReadableMap, next: readonly string[]): string {
  const known = advice.refusal === undefined || advice.refusal === 'undecided';
  const wanted = `${advice.safe} with probability ${advice.confidence} or more`;
  const lines = [
    ask(advice, map),
    '',
    ...(advice.refusal === undefined ? verdict(advice, map) : refusal(advice, map)),
    ...ownRuns(advice),
    ...section('by other definitions of the phases', known ? others(advice, map) : []),
    ...section(
      `boundaries, where ${advice.label} stops being more probable than not (bands: 68 %)`,
      advice.exits.map((exit) => exitLine(exit, advice, map)),
    ),
    ...section(
      `safe${here(map)}: ${wanted}`,
      known ? [bandLine(advice.safeBand, advice, map), ...bandObjections(advice, map)] : [],
    ),
    ...section('what to change', known ? changes(advice, map) : []),
    ...section('what to run next', advice.refusal === undefined ? [] : next),
    ...section('this rests on', basis(map)),
    ...section('it does not know', unknown(map)),
  ];
  return `${lines.join('\n')}\n`;
}
