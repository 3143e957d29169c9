// `npm run gallery [-- IMAGE ...]`: computes the named pictures of docs/gallery.md anew, from their scenarios, and writes
// the page from the list below. Without a name it writes the page alone; a test holds the page to the list.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Pictures of docs/images by section, each with a sentence and the page that says more. A picture is the `figure` of what
 * `scenario` computes, with so many `seeds` and these `classifiers` where they are not those of the scenario; or
 * `validation` draws it.
 */
export const SECTIONS = {
  'The phases of arXiv:2509.01349': [
    {
      image: 'phase-diagram-preview',
      sentence: 'The loss at the end falls into three regimes over initial width and temperature.',
      scenario: 'phase-diagram-preview',
      figure: 'loss',
      page: 'README.md',
    },
    {
      image: 'spectral-flow',
      sentence: 'Levels of W Wᵀ grow to those of the teacher, stand still, or run away.',
      scenario: 'three-phases',
      figure: 'spectral-flow',
      page: 'README.md',
    },
    {
      image: 'fig3',
      sentence: 'Figure 3: training loss and gradient at the end against temperature.',
      scenario: 'phase-diagram-preview',
      seeds: 8,
      figure: 'fig3',
      page: 'docs/figures.md',
    },
    {
      image: 'fig6',
      sentence: 'Figure 6: levels over time in one setting of each regime, with the levels of the teacher.',
      scenario: 'phase-diagram-preview',
      seeds: 8,
      figure: 'fig6',
      page: 'docs/figures.md',
    },
    {
      image: 'fig8',
      sentence: 'Figure 8: the gradient against temperature, with the critical temperature of the criterion.',
      scenario: 'phase-diagram-preview',
      seeds: 8,
      classifiers: 'dyson-boundary-published',
      figure: 'fig8',
      page: 'docs/figures.md',
    },
    {
      image: 'fig9',
      sentence: 'Figure 9: four order parameters with the boundaries of the phases.',
      scenario: 'phase-diagram-preview',
      seeds: 8,
      classifiers: 'dyson-boundary-published',
      figure: 'fig9',
      page: 'docs/figures.md',
    },
    {
      image: 'lyapunov',
      sentence: 'Training turns chaotic at a temperature that rises with the initial width.',
      scenario: 'lyapunov-map',
      figure: 'lyapunov',
      page: 'docs/validation/lyapunov.md',
    },
    {
      image: 'optimiser-phases',
      sentence: 'Where the paramagnet begins under SGD, momentum, NAG-GS and Adam, at equal effective learning rate.',
      validation: 'optimiser-phases',
      page: 'docs/optimisers.md',
    },
  ],
  'Theory beside simulation': [
    {
      image: 'linear-scaling-rule',
      sentence: 'The linear scaling rule holds until learning rate x sharpness nears 2.',
      scenario: 'linear-scaling-rule',
      figure: 'scaling',
      page: 'docs/solvable-models.md',
    },
  ],
  'Stationary states and their fluctuations': [
    {
      image: 'mean-square-displacement',
      sentence:
        'At the bottom of a loss SGD keeps moving: displacement over time at three momenta, with its law (2107.09133).',
      scenario: 'mean-square-displacement',
      figure: 'mean-square-displacement',
      page: 'docs/limiting-dynamics.md',
    },
    {
      image: 'fluctuation-dissipation',
      sentence:
        'Fluctuation and dissipation balance in linear learning, up to corrections that are known (2106.02220).',
      scenario: 'fluctuation-dissipation',
      figure: 'fluctuation-dissipation',
      page: 'docs/fluctuation-dissipation.md',
    },
    {
      image: 'digits-fluctuation-dissipation',
      sentence: 'The same balance on the digits.',
      scenario: 'digits-fluctuation-dissipation',
      figure: 'digits-fluctuation-dissipation',
      page: 'docs/fluctuation-dissipation.md',
    },
    {
      image: 'nonequilibrium',
      sentence: 'SGD with minibatches produces entropy, and obeys the fluctuation theorem (2306.03521).',
      scenario: 'fluctuation-theorem',
      figure: 'fluctuation-theorem',
      page: 'docs/nonequilibrium.md',
    },
    {
      image: 'nonequilibrium-replacement',
      sentence: 'Batches without replacement make far less noise over an epoch than fresh ones.',
      scenario: 'replacement',
      figure: 'replacement',
      page: 'docs/nonequilibrium.md',
    },
    {
      image: 'nonequilibrium-samplers',
      sentence: 'Sampling a posterior: SGWORLD is nearer to it than SGLD.',
      scenario: 'posterior-sampling',
      figure: 'posterior-sampling',
      page: 'docs/nonequilibrium.md',
    },
  ],
  'Regimes of networks': [
    {
      image: 'two-layer-relu',
      sentence:
        'Linear, critical and condensed: two-layer networks over the exponents of their initial scales (2007.07497).',
      scenario: 'two-layer-relu-map',
      figure: 'two-layer-relu-map',
      page: 'docs/two-layer-relu.md',
    },
    {
      image: 'condensation',
      sentence: 'Directions of hidden units stay spread, or condense.',
      scenario: 'condensation',
      figure: 'condensation',
      page: 'docs/two-layer-relu.md',
    },
    {
      image: 'kernel-and-rich',
      sentence:
        'From the kernel to the rich regime: diagonal linear networks against their initial scale, with theory (2002.09277).',
      scenario: 'kernel-and-rich',
      figure: 'kernel-and-rich',
      page: 'docs/kernel-and-rich.md',
    },
    {
      image: 'noise-and-rich',
      sentence: 'Label noise shrinks the effective initial scale.',
      scenario: 'noise-and-rich',
      figure: 'noise-and-rich',
      page: 'docs/kernel-and-rich.md',
    },
    {
      image: 'matrix-factorisation',
      sentence: 'Symmetric factorisation with fewer columns than needed, as many, and more (2411.15972).',
      scenario: 'matrix-factorisation',
      figure: 'factorisation-loss',
      page: 'docs/matrix-factorisation.md',
    },
  ],
  'High dimensions': [
    {
      image: 'online-learning',
      sentence:
        'Committees learn from a stream of samples: runs beside the exact equations of many inputs (Saad and Solla).',
      scenario: 'online-learning',
      figure: 'learning-curves',
      page: 'docs/online-learning.md',
    },
    {
      image: 'gaussian-mixture',
      sentence: 'SGD on a Gaussian mixture beside its dynamical mean-field theory (2006.06098).',
      scenario: 'mixture-masks',
      figure: 'mixture-masks',
      page: 'docs/gaussian-mixture.md',
    },
    {
      image: 'random-matrix-response',
      sentence: 'Response of a random linear flow to a kick, with its law (2601.01010).',
      scenario: 'random-matrix-response',
      figure: 'random-matrix-response',
      page: 'docs/disordered-dynamics.md',
    },
    {
      image: 'regression-test-error',
      sentence: 'Regression on random inputs overfits in time: test error with its law.',
      scenario: 'regression-test-error',
      figure: 'regression-test-error',
      page: 'docs/disordered-dynamics.md',
    },
    {
      image: 'non-normal-bump',
      sentence: 'Random features: a flow that is not normal has a bump that its symmetric twin has not.',
      scenario: 'non-normal-bump',
      figure: 'non-normal-bump',
      page: 'docs/disordered-dynamics.md',
    },
  ],
  'Optimisers on hard problems': [
    {
      image: 'nag-gs',
      sentence: 'NAG-GS: decay and noise against the step, with theory (2209.14937).',
      scenario: 'nag-gs',
      figure: 'nag-gs',
      page: 'docs/nag-gs.md',
    },
    {
      image: 'stiff-poisson',
      sentence: 'A stiff problem of two scales: explicit descent fails where implicit steps converge (2303.01767).',
      scenario: 'stiff-poisson',
      figure: 'stiff-poisson',
      page: 'docs/implicit-sgd.md',
    },
  ],
  'Real data': [
    {
      image: 'digits-phase-map',
      sentence: 'Phases of a network that reads digits.',
      scenario: 'digits-phase-map',
      figure: 'phases',
      page: 'docs/digits.md',
    },
    {
      image: 'optimisers-on-digits',
      sentence: 'The same boundary under SGD, momentum, Adam and Muon.',
      scenario: 'optimisers-on-digits',
      figure: 'boundaries',
      page: 'docs/digits.md',
    },
    {
      image: 'width-transfer',
      sentence: 'Loss against learning rate at three widths, and the best rate against the width, standard and mup.',
      scenario: 'width-transfer',
      figure: 'width-transfer',
      page: 'docs/digits.md',
    },
  ],
};

/** The commands that compute it, as lists of words. @param out folder of the results; as `run` chooses it where absent */
function commandsOf({ scenario, seeds, classifiers, figure }, out) {
  const results = out ?? `results/${scenario}`;
  return [
    [
      ...['run', `scenarios/${scenario}.ts`],
      ...(seeds === undefined ? [] : ['--set', `sweep.seeds=${seeds}`]),
      ...(out === undefined ? [] : ['--out', out]),
    ],
    ...(classifiers === undefined ? [] : [['analyse', results, '--classifiers', classifiers]]),
    ['figures', results, '--only', figure],
  ];
}

const textOf = (entry) =>
  entry.validation === undefined
    ? commandsOf(entry).map((words) => ['npx eigenflow', ...words].join(' '))
    : [`npm run validate -- ${entry.validation}`];

const linkTo = (page) => (page.startsWith('docs/') ? page.slice('docs/'.length) : `../${page}`);

const entryText = (entry) =>
  [
    `![${entry.sentence}](images/${entry.image}.png)`,
    '',
    `${entry.sentence} [More](${linkTo(entry.page)})`,
    '',
    '```',
    ...textOf(entry),
    '```',
  ].join('\n');

/** The text of docs/gallery.md. */
export function galleryPage() {
  const sections = Object.entries(SECTIONS).map(([title, entries]) =>
    [`## ${title}`, ...entries.map(entryText)].join('\n\n'),
  );
  return [
    '# Gallery',
    'Pictures, each with the command that computes it. Where pages say how long that takes and what was measured, "More"\nleads there. `npm run gallery -- NAME` makes a picture of this page anew.',
    ...sections,
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function make(entry) {
  const run = (program, ...words) => execFileSync(program, words, { cwd: root, stdio: 'inherit' });
  if (entry.validation !== undefined) {
    run('npm', 'run', '--silent', 'validate', '--', entry.validation);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-gallery-'));
  try {
    const results = join(folder, 'results');
    for (const words of commandsOf(entry, results)) run(process.execPath, 'dist/cli/main.js', ...words);
    copyFileSync(join(results, 'figures', `${entry.figure}.png`), join(root, 'docs/images', `${entry.image}.png`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && basename(process.argv[1]) === 'gallery.mjs') {
  const entries = Object.values(SECTIONS).flat();
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !entries.some(({ image }) => image === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `no picture called ${unknown.join(', ')}; there are ${entries.map(({ image }) => image).join(', ')}\n`,
    );
    process.exit(2);
  }
  for (const entry of entries.filter(({ image }) => wanted.includes(image))) make(entry);
  writeFileSync(join(root, 'docs/gallery.md'), galleryPage());
}
