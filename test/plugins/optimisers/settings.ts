// The settings of a reference trajectory as a scenario would write them.
import type { Component } from '../../../core/contracts/component.js';
import type { NpzArrays } from '../../../node/files/npz.js';
import { adagrad } from '../../../plugins/optimisers/adagrad.js';
import { adam } from '../../../plugins/optimisers/adam.js';
import { adamw } from '../../../plugins/optimisers/adamw.js';
import { amsgrad } from '../../../plugins/optimisers/amsgrad.js';
import { gradientFlow } from '../../../plugins/optimisers/gradient-flow.js';
import { lion } from '../../../plugins/optimisers/lion.js';
import { muon } from '../../../plugins/optimisers/muon.js';
import { rmsprop } from '../../../plugins/optimisers/rmsprop.js';
import { sam } from '../../../plugins/optimisers/sam.js';
import { signSgd } from '../../../plugins/optimisers/sign-sgd.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { nesterov } from '../../../plugins/sgd/nesterov.js';
import { sgd } from '../../../plugins/sgd/sgd.js';

type Params = Record<string, unknown>;

interface Setting {
  readonly component: Component<'optimiser'>;
  readonly params: Params;
}

/** PyTorch's `1-sqrt` and the like by our names. */
const SHAPES: Readonly<Record<string, string>> = { '1-sqrt': 'root', linear: 'linear', cosine: 'cosine' };

export function settingOf(file: NpzArrays, blocks: readonly string[]): Setting {
  const has = (name: string) => file.has(name);
  const numberOf = (name: string) => file.get(name).data[0];
  const under = (prefix: string, names: Readonly<Record<string, string>>): Params =>
    Object.fromEntries(
      Object.entries(names).flatMap(([ours, theirs]) => {
        return has(`${prefix}${theirs}`) ? [[ours, numberOf(`${prefix}${theirs}`)]] : [];
      }),
    );
  const betas = (prefix: string, first = 'beta1', second = 'beta2'): Params => {
    if (!has(`${prefix}betas`)) return {};
    const [one, two] = file.get(`${prefix}betas`).data;
    return { [first]: one, [second]: two };
  };
  const o = 'optimiser_';
  const isOn = (name: string) => has(name) && numberOf(name) !== 0;
  const learningRate = scheduled(file, numberOf(has(`${o}lr`) ? `${o}lr` : `${o}base_lr`));
  const common = { learningRate, ...under(o, { weightDecay: 'weight_decay', clip: 'clip' }) };
  const kind = file.text(`${o}kind`);
  switch (kind) {
    case 'sgd':
    case 'sgld': {
      if (!has(`${o}momentum`)) return { component: sgd, params: common };
      const component = isOn(`${o}nesterov`) ? nesterov : momentum;
      return { component, params: { ...common, ...under(o, { momentum: 'momentum' }) } };
    }
    case 'adam': {
      const params = { ...common, ...betas(o), ...under(o, { epsilon: 'eps' }) };
      const decoupled = isOn(`${o}decoupled`);
      if (!isOn(`${o}amsgrad`)) return { component: decoupled ? adamw : adam, params };
      return { component: amsgrad, params: { ...params, decay: decoupled ? 'decoupled' : 'gradient' } };
    }
    case 'rmsprop':
      return {
        component: rmsprop,
        params: {
          ...common,
          ...under(o, { smoothing: 'alpha', epsilon: 'eps', momentum: 'momentum' }),
          centered: isOn(`${o}centered`),
        },
      };
    case 'adagrad':
      return {
        component: adagrad,
        params: { ...common, ...under(o, { epsilon: 'eps', start: 'initial_accumulator', slowing: 'lr_decay' }) },
      };
    case 'sign-sgd':
      return { component: signSgd, params: { ...common, ...under(o, { momentum: 'momentum' }) } };
    case 'lion':
      return { component: lion, params: { ...common, ...betas(o) } };
    case 'muon':
      return {
        component: muon,
        params: {
          ...common,
          ...under(o, {
            momentum: 'momentum',
            steps: 'ns_steps',
            auxLearningRate: 'aux_lr',
            auxEpsilon: 'aux_eps',
            auxWeightDecay: 'aux_weight_decay',
          }),
          // PyTorch's AdamW, where the file says nothing.
          ...(has(`${o}aux_eps`) ? {} : { auxEpsilon: 1e-8 }),
          ...betas(`${o}aux_`, 'auxBeta1', 'auxBeta2'),
          nesterov: isOn(`${o}nesterov`) || !has(`${o}nesterov`),
          exact: isOn(`${o}exact`),
          shape: file.text(`${o}shape`).replaceAll('_', '-'),
          blocks: [...file.get(`${o}on`).data].map((i) => blocks[i]),
        },
      };
    case 'sam': {
      const base = file.text(`${o}base_kind`);
      const its = has(`${o}base_momentum`) ? 'momentum' : base;
      return {
        component: sam,
        params: {
          learningRate,
          ...under(o, { radius: 'rho' }),
          base: its,
          ...under(`${o}base_`, { weightDecay: 'weight_decay', momentum: 'momentum', epsilon: 'eps' }),
          ...betas(`${o}base_`),
        },
      };
    }
    case 'gradient-flow':
      return { component: gradientFlow, params: common };
  }
  throw new Error(`no optimiser ${kind} here`);
}

function scheduled(file: NpzArrays, rate: number): unknown {
  if (!file.has('schedule_kind')) return rate;
  const steps = (name: string) => file.get(`schedule_${name}`).data[0];
  const optional = (name: string) => (file.has(`schedule_${name}`) ? steps(name) : undefined);
  const kind = file.text('schedule_kind');
  const warmUp = optional('warmup');
  const given = (params: Params) =>
    Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
  if (kind === 'warmup') return { peak: rate, warmUp };
  if (kind === 'cosine') return given({ peak: rate, warmUp, cosine: steps('total'), floor: optional('floor') });
  const shape = SHAPES[file.text('schedule_shape')];
  return given({ peak: rate, warmUp, stable: steps('stable'), decay: steps('decay'), shape, floor: optional('floor') });
}
