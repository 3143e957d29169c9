// All that several writers can do to each other on the way to a claim: every order of their steps on files, with writers
// that are killed at any step. The steps are those of the code itself, which is run again and again with the answers that
// it has had so far, up to the next step; a file system of a few names answers that one.
import {
  type ClaimFiles,
  type ClaimWitness,
  giveBackClaim,
  type HeldClaim,
  parseClaimFile,
  sweepLinks,
  takeClaim,
} from '../../node/results/claim-protocol.js';

/** A step on files, or a question whose answer depends on when it is asked. */
export type Step =
  | { readonly do: 'create' | 'read' | 'remove'; readonly file: string }
  | { readonly do: 'write'; readonly file: string; readonly text: string }
  | { readonly do: 'list' }
  | { readonly do: 'ask'; readonly writer: string }
  | { readonly do: 'askTime'; readonly changed: number }
  /** The claim is held from here, to the step `leave`. */
  | { readonly do: 'enter' | 'leave' };

interface File {
  readonly text: string;
  /** When it was created: no two files have the same. */
  readonly changed: number;
  readonly creator: string;
}

type Answer = boolean | undefined | readonly string[] | { readonly text: string; readonly changed: number };

/** What a writer does, as often as it says: takes the claim, holds it, gives it back. */
export interface Writer {
  readonly name: string;
  readonly times: number;
  /** Whether it sweeps afterwards, as a study does that is complete. */
  readonly sweeps?: boolean;
}

interface State {
  readonly files: ReadonlyMap<string, File>;
  /** What each writer has been answered so far, its next step after that, and both as text. */
  readonly answers: readonly (readonly Answer[])[];
  readonly steps: readonly (Step | undefined)[];
  readonly told: readonly string[];
  readonly killed: readonly boolean[];
  readonly inside: readonly boolean[];
  /** Files that are gone, as a flawed file system may still show them. */
  readonly gone: ReadonlyMap<string, File>;
}

/** Changes what a step sees: for a file system that does not keep its promises. */
export type Flaw = (
  step: Step,
  files: ReadonlyMap<string, File>,
  removed: ReadonlyMap<string, File>,
) => Answer | 'as it is';

export interface Explored {
  readonly states: number;
  /** Orders of steps that ended with all writers done or killed. */
  readonly ends: number;
  /** The first order in which two held the claim, step by step; empty where there is none. */
  readonly twoHolders: readonly string[];
  /** Ends without a kill after which files were left. */
  readonly leftovers: readonly string[][];
  /** Ends after which a newcomer did not get the claim, or left something behind when it gave it back and swept. */
  readonly stuck: readonly string[][];
}

/** Thrown where the answers end. */
class NextStep {
  constructor(readonly step: Step) {}
}

const WHAT = 'run';

/** Writers whose claims are there at the start. */
const killedBefore = (writer: string) => writer.startsWith('dead');

/** Runs a writer with the answers that it has had. @returns its next step; undefined at its end */
function nextStep({ name, times, sweeps }: Writer, answers: readonly Answer[]): Step | undefined {
  let at = 0;
  const ask = (step: Step): Answer => {
    if (at === answers.length) throw new NextStep(step);
    return answers[at++];
  };
  const files: ClaimFiles = {
    createExclusive(file, text) {
      if (!ask({ do: 'create', file })) return false;
      ask({ do: 'write', file, text });
      return true;
    },
    read: (file) => ask({ do: 'read', file }) as { text: string; changed: number } | undefined,
    remove: (file) => void ask({ do: 'remove', file }),
  };
  const witness: ClaimWitness = {
    isAlive: (writer) => writer === name || (!killedBefore(writer) && (ask({ do: 'ask', writer }) as boolean)),
    isAbandoned: (changed) => ask({ do: 'askTime', changed }) as boolean,
  };
  const give = (held: HeldClaim) => giveBackClaim(WHAT, held, files);
  try {
    for (let i = 1; i <= times; i++) {
      const outcome = takeClaim(WHAT, `${name}.${i}`, files, witness);
      if ('holder' in outcome) continue;
      ask({ do: 'enter' });
      ask({ do: 'leave' });
      give(outcome.held);
    }
    if (sweeps) {
      const present = ask({ do: 'list' }) as readonly string[];
      const outcome = takeClaim(WHAT, `${name}.0`, files, witness);
      if ('held' in outcome) give(outcome.held);
      const links = present.filter((file) => parseClaimFile(file)?.isLink);
      sweepLinks(WHAT, links, files);
    }
    return undefined;
  } catch (thrown) {
    if (thrown instanceof NextStep) return thrown.step;
    throw thrown;
  }
}

const textOf = (step: Step) => Object.values(step).join(' ').trim();
const textOfFiles = (files: ReadonlyMap<string, File>) =>
  [...files]
    .map(([name, { text, changed }]) => `${name}=${text}${changed}`)
    .sort()
    .join('|');
const replaced = <T>(values: readonly T[], place: number, value: T) =>
  values.map((old, i) => (i === place ? value : old));

/**
 * @param dead ids of claims that killed writers have left, the first at the head
 * @param kills how many writers may be killed, each before any of its steps
 */
export function explore(writers: readonly Writer[], dead: readonly string[], kills: number, flaw?: Flaw): Explored {
  const seen = new Set<string>();
  const concluded = new Map<string, boolean>();
  let ends = 0;
  let twoHolders: readonly string[] = [];
  const leftovers: string[][] = [];
  const stuck: string[][] = [];

  /** Does a step of this writer. @returns the answer; `files` and `gone` are changed */
  const perform = (
    step: Step,
    name: string,
    time: number,
    isAlive: (writer: string) => boolean,
    files: Map<string, File>,
    gone: Map<string, File>,
  ): Answer => {
    const flawed = flaw ? flaw(step, files, gone) : 'as it is';
    if (flawed !== 'as it is') return flawed;
    switch (step.do) {
      case 'create':
        if (files.has(step.file)) return false;
        files.set(step.file, { text: '', changed: time, creator: name });
        return true;
      case 'write': {
        const file = files.get(step.file);
        if (file?.creator === name) files.set(step.file, { ...file, text: step.text });
        return undefined;
      }
      case 'read': {
        const file = files.get(step.file);
        return file && { text: file.text, changed: file.changed };
      }
      case 'remove': {
        const file = files.get(step.file);
        if (file) gone.set(step.file, file);
        files.delete(step.file);
        return undefined;
      }
      case 'list':
        return [...files.keys()].sort();
      case 'ask':
        return isAlive(step.writer);
      case 'askTime': {
        const file = [...files.values()].find(({ changed }) => changed === step.changed);
        return file !== undefined && !isAlive(file.creator);
      }
      default:
        return undefined;
    }
  };

  /** Whether a newcomer, alone, gets the claim, and leaves nothing behind when it has given it back and swept. */
  const canGoOn = (left: ReadonlyMap<string, File>): boolean => {
    const files = new Map(left);
    const newcomer = { name: 'newcomer', times: 1, sweeps: true };
    const answers: Answer[] = [];
    let hasEntered = false;
    for (let time = 1e6; ; time++) {
      const step = nextStep(newcomer, answers);
      if (step === undefined) return hasEntered && files.size === 0;
      hasEntered ||= step.do === 'enter';
      answers.push(perform(step, newcomer.name, time, () => false, files, new Map()));
    }
  };

  const conclude = ({ files, killed }: State, path: readonly string[]) => {
    ends += 1;
    if (!killed.includes(true) && dead.length === 0 && files.size > 0) leftovers.push([...path, ...files.keys()]);
    const left = textOfFiles(files);
    if (!concluded.has(left)) concluded.set(left, canGoOn(files));
    if (!concluded.get(left)) stuck.push([...path, `left: ${left}`]);
  };

  const visit = (state: State, path: readonly string[]): void => {
    if (twoHolders.length > 0) return;
    const { told, killed, steps } = state;
    const key = `${textOfFiles(state.files)}#${told.join('#')}#${killed}#${flaw ? textOfFiles(state.gone) : ''}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (steps.every((step, i) => step === undefined || killed[i])) {
      conclude(state, path);
      return;
    }
    for (const [i, step] of steps.entries()) {
      if (step === undefined || killed[i]) continue;
      const { name } = writers[i];
      const [files, gone] = [new Map(state.files), new Map(state.gone)];
      const isAlive = (writer: string) => writers.some((other, k) => other.name === writer && !killed[k]);
      // As many as one writer makes, beside as many others.
      const time = 1000 * (i + 1) + state.answers[i].length;
      const answer = perform(step, name, time, isAlive, files, gone);
      const inside = replaced(state.inside, i, step.do === 'enter' || (state.inside[i] && step.do !== 'leave'));
      const line = `${name}: ${textOf(step)} -> ${JSON.stringify(answer)}`;
      if (inside.filter((is, k) => is && !killed[k]).length > 1) {
        twoHolders = [...path, line];
        return;
      }
      const had = [...state.answers[i], answer];
      const next = {
        files,
        gone,
        inside,
        killed,
        answers: replaced(state.answers, i, had),
        steps: replaced(steps, i, nextStep(writers[i], had)),
        told: replaced(told, i, `${told[i]};${JSON.stringify(answer)}`),
      };
      visit(next, [...path, line]);
      if (killed.filter(Boolean).length < kills) {
        visit({ ...state, killed: replaced(killed, i, true) }, [...path, `${name}: killed`]);
      }
    }
  };

  const links = dead.map((_, i) => (i === 0 ? `${WHAT}.0` : `${WHAT}.after.${dead[i - 1]}`));
  const files = new Map(links.map((file, i) => [file, { text: `${dead[i]}\n`, changed: i, creator: 'dead' }]));
  const nobody = writers.map(() => false);
  const steps = writers.map((writer) => nextStep(writer, []));
  const told = writers.map(() => '');
  visit({ files, gone: new Map(), answers: writers.map(() => []), steps, told, killed: nobody, inside: nobody }, []);
  return { states: seen.size, ends, twoHolders, leftovers, stuck };
}
