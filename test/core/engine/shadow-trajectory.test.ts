// Shadow trajectories: they go where the run goes, to the last bit, and the run does not notice.
import { describe, expect, it } from 'vitest';
import { defineObserver } from '../../../core/contracts/component.js';
import type { ShadowSchedules, ShadowTrajectory } from '../../../core/contracts/shadow-trajectory.js';
import { type Prop, simulate } from '../../../core/testing/stage.js';
import { langevin } from '../../../plugins/langevin/langevin.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { meanOutput } from '../../../plugins/sgd/mean-output.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { gaussianRbm } from '../../../plugins/solvable/gaussian-rbm.js';
import { persistentChains } from '../../../plugins/solvable/persistent-chains.js';
import { teacherStudent } from '../../../plugins/teacher-student/teacher-student.js';

/** Takes two shadows and measures nothing. */
const idle = (found: ShadowTrajectory[], schedules?: ShadowSchedules) =>
  defineObserver({
    name: 'idle',
    summary: 'Two shadow trajectories',
    params: {},
    cite: [],
    create(_params, { run }) {
      found.push(run.shadowTrajectory(schedules), run.shadowTrajectory(schedules));
      return { channels: {}, observe() {} };
    },
  });

type Stage = Partial<Record<'model' | 'loss' | 'noise' | 'optimiser', Prop>>;

const ramp = { ramp: [0.02, 0.001], over: 50 };
const STAGES: readonly (readonly [string, Stage])[] = [
  ['cyclic minibatches', {}],
  [
    'momentum that follows a schedule, reshuffled batches',
    {
      noise: { component: minibatch, params: { batchSize: 5, order: 'reshuffled' } },
      optimiser: { component: momentum, params: { learningRate: ramp } },
    },
  ],
  [
    'captured steps of the network',
    {
      model: { component: teacherStudent, params: { samples: 24, testSamples: 1 } },
      loss: { component: halfMeanSquare },
      noise: { component: minibatch, params: { batchSize: 4, order: 'cyclic' } },
      optimiser: { component: sgd, params: { learningRate: 0.5 } },
    },
  ],
  [
    'captured steps of the network with a schedule, and batches that straddle epochs',
    {
      model: { component: teacherStudent, params: { samples: 24, testSamples: 1 } },
      loss: { component: halfMeanSquare },
      noise: { component: minibatch, params: { batchSize: 5, order: 'reshuffled' } },
      optimiser: { component: momentum, params: { learningRate: ramp, momentum: { ramp: [0.5, 0.9], over: 30 } } },
    },
  ],
  [
    'Langevin noise',
    {
      noise: { component: langevin, params: { temperature: 0.01, subset: 7 } },
      optimiser: { component: sgd, params: { learningRate: ramp } },
    },
  ],
  [
    'noise with a state',
    {
      model: { component: gaussianRbm },
      loss: { component: meanOutput },
      noise: { component: persistentChains, params: { chains: 4 } },
      optimiser: { component: sgd, params: { learningRate: 0.01 } },
    },
  ],
];

function open(stage: Stage, place: 0 | 1, schedules?: ShadowSchedules) {
  const found: ShadowTrajectory[] = [];
  const { simulation, arena } = simulate({ component: idle(found, schedules), options: { stage } }, place);
  arena.seal();
  return { simulation, shadows: found };
}

describe.each(STAGES)('with %s', (_what, stage) => {
  const [from, to] = [11, 42];
  const alone = open(stage, 1).simulation;
  alone.advance(from);
  alone.advance(to);
  const end = alone.view.theta.slice();
  const state = Object.values(alone.view.optimiserState).map((vector) => vector.slice());
  const { time } = alone.clock;

  it('two shadows reach the state of the run ahead of it, and the run comes to the same', () => {
    const { simulation, shadows } = open(stage, 0);
    simulation.advance(from);
    for (const shadow of shadows) shadow.reset();
    for (let step = from; step < to; step += 3) {
      for (const shadow of shadows) shadow.advance(Math.min(3, to - step));
    }
    for (const shadow of shadows) {
      expect(shadow.theta).toEqual(end);
      expect(shadow.optimiserState).toEqual(state);
      expect(shadow.clock.time).toBe(time);
      // One gradient a step, captured or not.
      expect(shadow.evaluations[0]).toBe(to - from);
    }
    expect(simulation.clock.step).toBe(from);
    simulation.advance(to);
    expect(simulation.view.theta).toEqual(end);
  });

  it('goes beyond the end of one excursion and back to the start of another', () => {
    const { simulation, shadows } = open(stage, 0);
    const [shadow] = shadows;
    shadow.reset();
    shadow.advance(30);
    simulation.advance(from);
    shadow.reset();
    expect(shadow.theta).toEqual(simulation.view.theta);
    shadow.advance(to - from);
    expect(shadow.theta).toEqual(end);
  });
});

describe('a shadow that holds scheduled parameters', () => {
  const optimiserOf = (learningRate: unknown, rate: unknown): Prop => ({
    component: momentum,
    params: { learningRate, momentum: rate } as Prop['params'],
  });
  const heating = { ramp: [0.02, 0.3], over: 50 } as const;
  const friction = { pieces: [0, 30].map((step, i) => [step, [0.5, 0.9][i]]) };
  const rateAt = (step: number) => 0.02 + (0.3 - 0.02) * (step / 50);
  const stages: readonly (readonly [string, Stage])[] = [
    ['step by step', {}],
    [
      'in captured steps',
      {
        model: { component: teacherStudent, params: { samples: 24, testSamples: 1 } },
        loss: { component: halfMeanSquare },
        noise: { component: minibatch, params: { batchSize: 5, order: 'reshuffled' } },
      },
    ],
  ];

  it.each(stages)('goes where a run with the values of the frame would go, to the last bit, %s', (_, stage) => {
    const scheduled = { ...stage, optimiser: optimiserOf(heating, friction) };
    const alone = open(scheduled, 1).simulation;
    const states = new Map(
      [11, 42, 60].map((at) => {
        alone.advance(at);
        return [at, alone.view.theta.slice()];
      }),
    );
    const { simulation, shadows } = open(scheduled, 0, 'hold');
    for (const at of [11, 42]) {
      simulation.advance(at);
      const [held] = shadows;
      held.reset();
      for (let done = 0; done < 30; done += 10) held.advance(10);

      const constant = open({ ...stage, optimiser: optimiserOf(rateAt(at), at < 30 ? 0.5 : 0.9) }, 1);
      constant.simulation.advance(at);
      const [expected] = constant.shadows;
      expected.reset();
      expected.theta.set(simulation.view.theta);
      expected.optimiserState.forEach((vector, i) => {
        vector.set(Object.values(simulation.view.optimiserState)[i]);
      });
      expected.advance(30);
      expect(held.theta).toEqual(expected.theta);
      // The run does not notice.
      expect(simulation.view.theta).toEqual(states.get(at));
    }
    simulation.advance(60);
    expect(simulation.view.theta).toEqual(states.get(60));
  });
});
