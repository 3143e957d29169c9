// Every term on the page in one sentence, with where it is from. `derived`: follows from the definitions, in no paper.

export interface TermText {
  /** As it stands on the page. */
  readonly title: string;
  readonly text: string;
  readonly cite: string;
}

const terms = {
  temperature: {
    title: 'T, temperature',
    text: 'Learning rate over batch size: the strength of the noise of SGD, which drives levels as heat drives particles.',
    cite: 'arXiv:2509.01349',
  },
  'initial-width': {
    title: 'Initial width σ_W',
    text: 'Standard deviation of a first weight times the root of its inputs; the map runs over 1/σ_W.',
    cite: 'arXiv:2509.01349',
  },
  level: {
    title: 'Level',
    text: 'An eigenvalue of W Wᵀ, the square of a singular value of the weight matrix W.',
    cite: 'arXiv:2509.01349; arXiv:2407.16427',
  },
  'marchenko-pastur': {
    title: 'Marchenko-Pastur law',
    text: 'Density of the levels of an n × m matrix of independent entries of variance v: all lie between v(√n − √m)² and v(√n + √m)².',
    cite: 'doi:10.1070/SM1967v001n04ABEH001994',
  },
  semicircle: {
    title: 'Semicircle',
    text: 'Density of the levels of a large symmetric random matrix, and of a many-fold level that noise has split.',
    cite: 'doi:10.2307/1970008',
  },
  'wigner-surmise': {
    title: 'Wigner surmise',
    text: 'Law of the distance s of neighbouring levels that repel each other, (π/2) s exp(−π s²/4), s in units of its mean.',
    cite: 'Mehta, Random Matrices, section 1.5; arXiv:2407.16427',
  },
  spacing: {
    title: 'Spacing',
    text: 'Distance of two neighbouring levels over its own mean, pair by pair; near zero where levels would not mind to meet.',
    cite: 'arXiv:2407.16427',
  },
  repulsion: {
    title: 'Level repulsion',
    text: 'A force like that of equal charges on a line, T over the distance of two levels, which keeps them from meeting.',
    cite: 'arXiv:2407.16427',
  },
  teacher: {
    title: 'Teacher',
    text: 'A network of the same form with fixed random weights, whose outputs are what the student learns.',
    cite: 'arXiv:2509.01349',
  },
  'order-parameter': {
    title: 'Order parameter',
    text: 'A number that tells phases apart by its size: here growth of the levels, saturation, and overlap with the start.',
    cite: 'arXiv:2509.01349',
  },
  overlap: {
    title: 'Overlap q',
    text: 'Mean product of a feature now and at the start, over units and held-out inputs: how much is remembered.',
    cite: 'arXiv:2509.01349',
  },
  features: {
    title: 'Features',
    text: 'Outputs of the last hidden layer on held-out inputs, soft spins between −1 and 1; saturated ones stand at the ends.',
    cite: 'arXiv:2509.01349',
  },
  'tanh-law': {
    title: 'Law of the features',
    text: 'Density of tanh z for a Gaussian z of the measured variance: one hill up to variance 1/2, two beyond.',
    cite: 'arXiv:2509.01349',
  },
  loss: {
    title: 'Loss',
    text: 'What training makes small, over the whole training set; for a teacher-student network half the mean squared error.',
    cite: 'arXiv:2509.01349',
  },
  'learning-time': {
    title: 'Learning time',
    text: 'Sum of the learning rates of all steps: the time in which SGD and its surrogates move alike.',
    cite: 'derived; arXiv:1706.02677',
  },
  step: {
    title: 'Step',
    text: 'One update of the weights, from the gradient of one batch.',
    cite: 'doi:10.1214/aoms/1177729586',
  },
  epoch: {
    title: 'Epoch',
    text: 'As many steps as it takes to go through the training set once.',
    cite: 'arXiv:2509.01349',
  },
  batch: {
    title: 'Batch',
    text: 'The samples whose mean gradient makes one step; the fewer, the stronger the noise.',
    cite: 'arXiv:1706.02677',
  },
  sharpness: {
    title: 'Sharpness',
    text: 'Largest curvature of the loss; gradient descent is stable while learning rate times sharpness is below 2.',
    cite: 'arXiv:2103.00065',
  },
  ordered: {
    title: 'Ordered',
    text: 'The phase in which the network learns: levels grow to those of a solution and stay.',
    cite: 'arXiv:2509.01349',
  },
  jammed: {
    title: 'Jammed',
    text: 'The phase in which large first weights saturate the units: gradients vanish and levels stay where they began.',
    cite: 'arXiv:2509.01349',
  },
  paramagnetic: {
    title: 'Paramagnetic',
    text: 'The phase in which noise wins: levels run away and nothing of the start is remembered.',
    cite: 'arXiv:2509.01349',
  },
  diverged: {
    title: 'Diverged',
    text: 'The run left all bounds and was ended at a known step; that is a result, and no number is put in its place.',
    cite: 'convention: limits of a scenario',
  },
  saturated: {
    title: 'Saturated',
    text: 'The gradient of the whole data set is exactly zero at a loss above zero: nothing can move any more.',
    cite: 'convention: how a run ends',
  },
  probability: {
    title: 'Probability of a label',
    text: 'That another seed would get this label: (n + 1/L)/(N + 1) for n of N seeds and L labels, so it is never quite 1.',
    cite: 'derived: posterior mean for a prior of total weight one',
  },
  boundary: {
    title: 'Boundary',
    text: 'Where half the seeds get one label and half the other, between the cells that were computed.',
    cite: 'derived',
  },
  band: {
    title: 'Band',
    text: 'Where the boundary lies with 68 %: from seeds drawn again with replacement, and from what lies between two cells.',
    cite: 'derived: bootstrap, doi:10.1214/aos/1176344552',
  },
  n: {
    title: 'N',
    text: 'Number of runs that a cell counts: its seeds, without those that failed or got no label.',
    cite: 'convention',
  },
  seed: {
    title: 'Seed',
    text: 'Number from which all that is drawn follows: teacher, data, first weights, batches; the same seed gives the same bits.',
    cite: 'convention',
  },
  classifier: {
    title: 'Classifier',
    text: 'A rule that names the phase of a run from what was measured; different rules draw different boundaries.',
    cite: 'arXiv:2509.01349',
  },
  observable: {
    title: 'Observable',
    text: 'A number that is measured along a run; a map shows it at the end.',
    cite: 'convention',
  },
  cell: {
    title: 'Cell',
    text: 'One place of the sweep, with all runs that differ in the seed alone.',
    cite: 'convention',
  },
  bits: {
    title: 'Bits',
    text: 'The run is computed again here, and every number is held against the stored one in all of its 64 bits.',
    cite: 'IEEE 754',
  },
  surrogate: {
    title: 'Surrogate',
    text: 'A simpler process from the same first weights, such as the Langevin equation, that should move as SGD does.',
    cite: 'arXiv:2509.01349; arXiv:2407.16427',
  },
  langevin: {
    title: 'Langevin equation',
    text: 'Gradient descent with Gaussian noise whose covariance is that of a batch, in small steps.',
    cite: 'arXiv:1511.06251',
  },
  dyson: {
    title: 'Dyson equation',
    text: 'Brownian motion of the levels themselves: drift of the mean gradient, noise T, and repulsion.',
    cite: 'doi:10.1063/1.1703862; arXiv:2407.16427',
  },
  realisation: {
    title: 'Realisation',
    text: 'One run of many that differ in the noise alone, from the same weights on the same data.',
    cite: 'convention',
  },
  contrast: {
    title: 'Difference in standard deviations',
    text: 'Mean under SGD minus mean under the surrogate, over the error of that difference; beyond about 2 it is no chance.',
    cite: 'derived',
  },
  power: {
    title: 'Power',
    text: 'Whether so many realisations could have seen a difference that matters; if not, the answer is “cannot tell”.',
    cite: 'derived',
  },
  weights: {
    title: 'Weights',
    text: 'The trained matrix as an image, one square an entry, coloured by its sign and size.',
    cite: 'convention',
  },
} as const satisfies Readonly<Record<string, TermText>>;

export type TermName = keyof typeof terms;

export const TERMS: Readonly<Record<TermName, TermText>> = terms;
