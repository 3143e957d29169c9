import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What plugins and scenarios import by name is this checkout, as tsconfig.json has it. */
const entries = {
  eigenflow: 'core/index.ts',
  'eigenflow/theory': 'core/theory.ts',
  'eigenflow/testing': 'core/testing.ts',
};

/**
 * Files that take longest, or wait longest for something else than a processor. They begin first: whatever takes long and
 * begins last is waited for with the other processors idle.
 */
const LONGEST = [
  'test/reliability/slurm.test.ts',
  'test/reliability/faults.test.ts',
  'test/package/package.test.ts',
  'test/lab/browser/budget.test.ts',
  'test/native/bits.test.ts',
  'test/allocation/allocation.test.ts',
  'test/cli/advise.test.ts',
  'test/cli/compare.test.ts',
  'test/cli/packages.test.ts',
  'test/node/interruption.test.ts',
  'test/plugins/conformance.test.ts',
  'test/documents/notebook.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  resolve: {
    alias: Object.entries(entries).map(([name, file]) => ({
      find: new RegExp(`^${name}$`),
      replacement: fileURLToPath(new URL(file, import.meta.url)),
    })),
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: [
      'test/property-seed.ts',
      // The same tests, with the native player in place of WebAssembly.
      ...(process.env.EIGENFLOW_TEST_PLAYER === 'native' ? ['test/native/played-by-native.ts'] : []),
    ],
    // Only against tests that hang: on a busy machine what takes seconds may take minutes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A process for every file: what a file draws and how fast its code is must not depend on the files before it.
    pool: 'forks',
    // By default vitest keeps a processor for itself, which of two is one half.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
  },
});
