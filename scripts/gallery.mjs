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
      sentence: 'The best learning rate falls as one over the width in the standard form, and stays with mup.',
      validation: 'width-transfer',
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
    'Every picture with the command that computes it. Where pages say how long that takes and what was measured, "More"\nleads there. `npm run gallery -- NAME` makes a picture of this page anew.',
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
