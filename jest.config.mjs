// One configuration for every package: ES modules, sources compiled by swc, workspace packages
// resolved to their sources through the `mono-src` export condition, so no build is needed to test.
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  resolver: '<rootDir>/jest.resolver.cjs',
  testEnvironmentOptions: { customExportConditions: ['mono-src', 'node', 'node-addons'] },
  testMatch: [
    '<rootDir>/{apps,libs,examples,tools}/*/src/**/*.spec.ts',
    '<rootDir>/{apps,libs,examples,tools}/*/test/**/*.spec.ts',
    '<rootDir>/tests/src/**/*.spec.ts',
  ],
  modulePathIgnorePatterns: ['/dist/', '/fixtures/'],
  // Of tests and hooks. A busy machine stands still for seconds, and many of them start processes: only what hangs
  // takes minutes, and nothing is judged by how long it took.
  testTimeout: 300_000,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
};
