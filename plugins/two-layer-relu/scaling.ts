// How the initialisation scales with the width: the two numbers that are left of alpha, beta1 and beta2.
import { choice, EigenflowError, number, type ParameterValues, power } from 'eigenflow';

export const scalingParams = {
  scaling: choice({
    doc:
      "What fixes kappa = beta1 beta2/alpha and kappa' = beta1/beta2. exponents: m^-gamma and m^-gammaPrime; " +
      'constants: alpha, beta1 and beta2 as given; or a usual initialisation, with D inputs, bias included: ntk ' +
      '(alpha = sqrt m), mean-field (alpha = m), lecun (beta1 = m^-1/2, beta2 = D^-1/2), he (sqrt 2 times these), ' +
      'xavier (beta1 = sqrt(2/(m + 1)), beta2 = sqrt(2/(m + D)))',
    values: ['exponents', 'constants', 'ntk', 'mean-field', 'lecun', 'he', 'xavier'],
    default: 'exponents',
  }),
  gamma: number({ doc: 'of exponents: gamma in kappa = m^-gamma', unit: '1', default: 0.5 }),
  gammaPrime: number({ doc: "of exponents: gamma' in kappa' = m^-gamma'", unit: '1', default: 0 }),
  alpha: number({ doc: 'of constants: what the output is divided by', unit: '1', default: 1, above: 0 }),
  beta1: number({ doc: 'of constants: standard deviation of the output weights a', unit: '1', default: 1, above: 0 }),
  beta2: number({ doc: 'of constants: standard deviation of the input weights w', unit: '1', default: 1, above: 0 }),
} as const;

export type ScalingParameters = ParameterValues<typeof scalingParams>;

/** What the dynamics of weights of unit variance depend on. */
export interface Scaling {
  /** Scale of the output, beta1 beta2/alpha. */
  readonly output: number;
  /** Ratio of the layers, beta1/beta2. */
  readonly ratio: number;
}

/** @throws EigenflowError `parameter` for what the scaling has no use for */
function checkVoid(params: ScalingParameters): void {
  const users = {
    gamma: 'exponents',
    gammaPrime: 'exponents',
    alpha: 'constants',
    beta1: 'constants',
    beta2: 'constants',
  };
  for (const [name, user] of Object.entries(users) as [keyof typeof users, string][]) {
    if (params[name] === scalingParams[name].default || params.scaling === user) continue;
    const message = `has no effect: the scaling is "${params.scaling}", and "${user}" has one. Leave it out`;
    throw new EigenflowError('parameter', `model.${name}`, message);
  }
}

/**
 * With m the width and D the inputs, bias included. Definitions of kappa, kappa', gamma and gamma': arXiv:2007.07497.
 *
 * @throws EigenflowError `parameter` for what the scaling has no use for, and where kappa or kappa' is no normal number
 */
export function scalingOf(params: ScalingParameters, width: number, inputs: number): Scaling {
  checkVoid(params);
  const of = (alpha: number, beta1: number, beta2: number): Scaling => ({
    output: (beta1 * beta2) / alpha,
    ratio: beta1 / beta2,
  });
  const scalings: Readonly<Record<ScalingParameters['scaling'], () => Scaling>> = {
    exponents: () => ({ output: power(width, -params.gamma), ratio: power(width, -params.gammaPrime) }),
    constants: () => of(params.alpha, params.beta1, params.beta2),
    ntk: () => of(Math.sqrt(width), 1, 1),
    'mean-field': () => of(width, 1, 1),
    lecun: () => of(1, Math.sqrt(1 / width), Math.sqrt(1 / inputs)),
    he: () => of(1, Math.sqrt(2 / width), Math.sqrt(2 / inputs)),
    xavier: () => of(1, Math.sqrt(2 / (width + 1)), Math.sqrt(2 / (width + inputs))),
  };
  const scaling = scalings[params.scaling]();
  const isUsable = (value: number) => value > 1e-100 && value < 1e100;
  if (!isUsable(scaling.output) || !isUsable(scaling.ratio)) {
    throw new EigenflowError(
      'parameter',
      'model.scaling',
      `gives kappa = ${scaling.output} and kappa' = ${scaling.ratio} at width ${width}; ` +
        'both have to lie between 1e-100 and 1e100: take smaller exponents, or other constants',
    );
  }
  return scaling;
}
