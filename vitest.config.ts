import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What plugins and scenarios import by name is this checkout, as tsconfig.json has it. */
const entries = {
  eigenflow: 'core/index.ts',
  'eigenflow/theory': 'core/theory.ts',
  'eigenflow/testing': 'core/testing.ts',
};

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
    pool: 'forks',
  },
});
