// Is the paramagnet of arXiv:2509.01349 chaotic? The largest Lyapunov exponent of the training map over initial width
// and temperature: 500 epochs of training, then 500 epochs of measurement, two realisations a cell.
import { defineScenario } from 'eigenflow';
import { endObservers, publishedAxes, publishedMapAxes, publishedNetwork } from './published.js';

export default defineScenario({
  ...publishedNetwork,
  plugins: [...publishedNetwork.plugins, 'stability'],
  title: 'Largest Lyapunov exponent of the training map',
  epochs: 500,
  observers: {
    ...endObservers,
    exponent: { use: 'lyapunov-exponent', transient: 100, length: 500, blocks: 20, when: 'end' },
  },
  sweep: { axes: publishedAxes, seeds: 2 },
  figures: [
    {
      kind: 'heat-map',
      name: 'lyapunov',
      title: 'Largest Lyapunov exponent per epoch',
      value: 'exponent.perEpoch',
      valueLabel: 'exponent per epoch',
      statistic: 'mean',
      // Of either sign, over four decades.
      color: 'symlog',
      contours: { levels: [0], label: 'exponent' },
      note: '500 epochs of training, 500 epochs of measurement, 2 realisations',
      ...publishedMapAxes,
    },
  ],
});
