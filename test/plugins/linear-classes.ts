// A linear model of classes with given inputs and labels, outputs W x + b: small enough for everything to be written out.
import { defineModel } from '../../core/contracts/component.js';
import type { Model } from '../../core/contracts/model.js';
import type { Vector } from '../../core/contracts/vector.js';
import type { Prop } from '../../core/testing/stage.js';

type Rows = readonly (readonly number[])[];

export interface Labelled {
  readonly x: Rows;
  /** Rows of targets, as many numbers as outputs. */
  readonly y: Rows;
}

export interface LinearClasses {
  readonly train: Labelled;
  readonly test?: Labelled;
  readonly initial: readonly number[];
  readonly task?: Model['task'];
}

/** Outputs of one sample. */
export function outputsOf(theta: ArrayLike<number>, x: readonly number[], outputs: number): number[] {
  return Array.from({ length: outputs }, (_, k) =>
    x.reduce((sum, value, i) => sum + theta[k * x.length + i] * value, theta[outputs * x.length + k]),
  );
}

export function linearClasses({ train, test, initial, task = 'classes' }: LinearClasses): Prop {
  const inputs = train.x[0].length;
  const outputs = train.y[0].length;
  const W = { name: 'W1', rows: outputs, cols: inputs, offset: 0 };
  const b = { name: 'b1', rows: outputs, cols: 1, offset: outputs * inputs };
  const forward = (theta: Vector, x: Rows, out: Vector) => {
    for (const [s, row] of x.entries()) out.set(outputsOf(theta, row, outputs), s * outputs);
  };
  const component = defineModel({
    name: 'linear-classes',
    summary: 'Linear model of classes',
    params: {},
    cite: [],
    create: () => ({
      layout: [W, b],
      size: outputs * (inputs + 1),
      outputs,
      samples: train.x.length,
      task,
      initialise: (theta) => theta.set(initial),
      open: () => ({
        forward(theta, batch, n, out) {
          const rows = Array.from(batch.subarray(0, n), (index) => train.x[index]);
          forward(theta, rows, out);
        },
        targets(batch, n, out) {
          for (let s = 0; s < n; s++) out.set(train.y[batch[s]], s * outputs);
        },
        backward(_theta, batch, n, dOut, gradient) {
          gradient.fill(0);
          for (let s = 0; s < n; s++) {
            for (let k = 0; k < outputs; k++) {
              const d = dOut[s * outputs + k];
              for (let i = 0; i < inputs; i++) gradient[k * inputs + i] += d * train.x[batch[s]][i];
              gradient[b.offset + k] += d;
            }
          }
        },
        hessianVector: {
          outputs(_theta, direction, batch, n, out) {
            for (let s = 0; s < n; s++) out.set(outputsOf(direction, train.x[batch[s]], outputs), s * outputs);
          },
          gradient(_theta, _direction, batch, n, _dOut, dOutChange, out) {
            out.fill(0);
            for (let s = 0; s < n; s++) {
              for (let k = 0; k < outputs; k++) {
                const d = dOutChange[s * outputs + k];
                for (let i = 0; i < inputs; i++) out[k * inputs + i] += d * train.x[batch[s]][i];
                out[b.offset + k] += d;
              }
            }
          },
        },
        sampleGradients: {
          factors(_theta, batch, n, dOut, block, left, right) {
            for (let s = 0; s < n; s++) {
              for (let k = 0; k < outputs; k++) left[s * outputs + k] = dOut[s * outputs + k];
              if (block.name === 'b1') right[s] = 1;
              else right.set(train.x[batch[s]], s * inputs);
            }
          },
        },
      }),
      ...(test && {
        heldOut: {
          samples: test.x.length,
          features: inputs,
          forward: (theta: Vector, out: Vector) => forward(theta, test.x, out),
          targets: (out: Vector) => out.set(test.y.flat()),
          featuresAt: (_theta: Vector, out: Vector) => out.set(test.x.flat()),
        },
      }),
    }),
  });
  return { component };
}
