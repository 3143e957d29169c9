// Dependencies point one way: cli -> plugins -> core; scenarios -> types of core; plugins never import each other.
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-imports-no-plugin',
      severity: 'error',
      from: { path: '^core' },
      to: { path: '^(plugins|cli|scenarios|lab)' },
    },
    {
      name: 'plugins-are-independent',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/' },
      to: { path: '^plugins/', pathNot: '^plugins/$1/' },
    },
    {
      name: 'plugins-see-no-host',
      severity: 'error',
      from: { path: '^plugins/[^/]+/' },
      to: { path: '^(core/node|cli)' },
    },
    {
      name: 'node-only-in-core-node',
      severity: 'error',
      from: { path: '^(core|plugins)/', pathNot: '^core/node/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'inversify-in-one-file',
      severity: 'error',
      from: { path: '^(core|plugins|cli)', pathNot: '^core/container\\.ts$' },
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
