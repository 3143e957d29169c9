// A folder is a layer, and arrows point one way: cli, lab -> analysis -> node -> core; plugins and scenarios -> what the package
// exports. See CONTRIBUTING.md. test/core/dependencies.test.ts plants a breach of every rule.
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      // Types too: what two files take from each other belongs below both.
      to: { circular: true },
    },
    {
      name: 'core-stands-alone',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(node|analysis|plugins|cli|scenarios|lab)/' },
    },
    {
      name: 'node-does-not-read-results-for-people',
      severity: 'error',
      from: { path: '^node/' },
      to: { path: '^(analysis|plugins|cli|scenarios|lab)/' },
    },
    {
      name: 'analysis-knows-no-plugin',
      severity: 'error',
      from: { path: '^analysis/' },
      to: { path: '^(plugins|cli|scenarios|lab)/' },
    },
    {
      name: 'contracts-stand-on-the-ground',
      severity: 'error',
      from: { path: '^core/contracts/' },
      to: { path: '^core/', pathNot: '^core/(contracts/|errors\\.ts|kernels/kernels\\.ts)' },
    },
    {
      // The interface of the kernels is part of what a component is given.
      name: 'contracts-import-types-of-kernels',
      severity: 'error',
      from: { path: '^core/contracts/' },
      to: { path: '^core/kernels/kernels\\.ts', dependencyTypesNot: ['type-only'] },
    },
    {
      // What a value has to be says nothing of what is done with it.
      name: 'schema-stands-on-contracts',
      severity: 'error',
      from: { path: '^core/schema/' },
      to: { path: '^core/', pathNot: '^core/(schema/|contracts/|errors\\.ts|whole-number\\.ts)' },
    },
    {
      name: 'plugins-are-independent',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/' },
      to: { path: '^plugins/', pathNot: '^plugins/$1/' },
    },
    {
      // Whoever writes a plugin can import no more than these.
      name: 'plugins-import-what-is-public',
      severity: 'error',
      from: { path: '^plugins/[^/]+/' },
      to: { path: '^(core|node|analysis|cli|lab)/', pathNot: '^core/(index|theory|testing)\\.ts$' },
    },
    {
      name: 'scenarios-import-what-is-public',
      severity: 'error',
      from: { path: '^scenarios/' },
      to: { path: '^(core|node|analysis|cli|lab|plugins)/', pathNot: '^core/index\\.ts$' },
    },
    {
      // What serves the page and writes it is handed the plugins, as everything below the fronts is.
      name: 'host-of-the-lab-knows-no-front-and-no-plugin',
      severity: 'error',
      from: { path: '^lab/host/' },
      to: { path: '^(plugins|cli|scenarios|lab/(page|worker))/' },
    },
    {
      name: 'cli-knows-the-host-of-the-lab-alone',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^lab/', pathNot: '^lab/host/' },
    },
    {
      // What runs in a tab. Modules of node/ that it reads results with ask for Node; the builder puts others in its place.
      name: 'no-host-in-the-page',
      severity: 'error',
      from: { path: '^lab/', pathNot: '^lab/host/' },
      to: { path: '^(cli|lab/host)/' },
    },
    {
      name: 'no-node-in-the-page',
      severity: 'error',
      from: { path: '^lab/', pathNot: '^lab/host/' },
      // A package of this name is there for browsers.
      to: { dependencyTypes: ['core'], pathNot: '^buffer$' },
    },
    {
      name: 'no-host-in-core-and-plugins',
      severity: 'error',
      from: { path: '^(core|plugins)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      // Files of a results folder may be somebody else's: they are read and written through node/files/held-files.ts, and
      // what the user names through node/files/named-file.ts. The others read files of this package or code of the user's,
      // build a library for this machine, try out a disk, put a whole site in its place, or close what was opened there.
      name: 'files-are-opened-in-one-place',
      severity: 'error',
      from: {
        path: '^(node|analysis|cli|lab/host)/',
        pathNot: [
          '^node/(files/|machine-check\\.ts|native/(build-player|player-file)\\.ts|scenario/load-(module|scenario)\\.ts)',
          '^analysis/figures/fonts\\.ts',
          '^cli/(known-plugins|standard-streams|commands/(new|submit))\\.ts',
          '^lab/host/(open-study|page-files|selection|server|static-site)\\.ts',
        ],
      },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      // Only there it is known whether links are followed.
      name: 'files-are-written-as-held-or-named',
      severity: 'error',
      from: { path: '^(node|analysis|cli|lab/host)/', pathNot: '^node/files/' },
      to: { path: '^node/files/(atomic|plain)-file\\.ts' },
    },
    {
      name: 'inversify-in-the-composition-root',
      severity: 'error',
      from: { path: '^(core|node|analysis|plugins|cli|lab)', pathNot: '^core/(container|services)\\.ts$' },
      // With or without the folder: whether the package is resolved depends on the resolver.
      to: { path: '(^|node_modules/)inversify(/|$)' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
