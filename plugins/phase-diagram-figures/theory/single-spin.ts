// The law of a single soft spin, drawn from its closed form.
import { elementary, type GivenCurve, type PanelsDeclaration } from 'eigenflow';
import { CRITICAL_VARIANCE, tanhDensity } from 'eigenflow/theory';

function grid(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}

function density(variance: number): GivenCurve {
  // Not the ends themselves, where a broad law diverges.
  const x = grid(-0.999, 0.999, 401);
  return { label: `σ_z² = ${variance}`, x, y: x.map((phi) => tanhDensity(phi, variance)) };
}

const activation = grid(-10, 10, 401);

/**
 * Figure 1 of arXiv:2509.01349: the law of tanh(z) for normal z, unimodal below the critical variance, and the two
 * regimes of tanh.
 */
export const singleSpin: Omit<PanelsDeclaration, 'name'> = {
  kind: 'panels',
  title: 'A soft spin φ = tanh z, z normal with variance σ_z²',
  panels: [
    {
      kind: 'curves',
      title: 'Density of φ',
      curves: [2, CRITICAL_VARIANCE, 0.1].map(density),
      xLabel: 'φ',
      yLabel: 'density',
      limits: [0, 2.5],
      note: 'Two modes above σ_z² = 1/2, one below.',
    },
    {
      kind: 'curves',
      title: 'Regimes of the activation',
      curves: [{ label: 'tanh z', x: activation, y: activation.map(elementary.tanh) }],
      xLabel: 'z',
      yLabel: 'φ',
      // Room for the names of the regimes.
      limits: [-1.25, 1.4],
      regions: [
        { from: -1, to: 1, label: 'linear' },
        { from: -10, to: -5, label: 'jamming' },
        { from: 5, to: 10, label: 'jamming' },
      ],
    },
  ],
};
