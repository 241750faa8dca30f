import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openFixture, type FixtureWorkspace } from './support/fixture-workspace.js';

const CRUISE_TIMEOUT_MS = 900_000;

interface CruiseReport {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
  readonly modules: readonly { readonly source: string }[];
}

describe('the layer rules', () => {
  let workspace: FixtureWorkspace;

  beforeAll(() => {
    workspace = openFixture('broken-layers');
  });

  afterAll(() => workspace.remove());

  it(
    'fail on every file that breaks one, and on no other',
    () => {
      const output = workspace.run('depcruise', [
        'apps',
        'libs',
        '--config',
        '.dependency-cruiser.cjs',
        '--output-type',
        'json',
      ]);
      const report = JSON.parse(output) as CruiseReport;
      const violations = report.summary.violations;
      const broken = Object.fromEntries(
        Object.keys(workspace.expectations()).map((file) => [
          file,
          [...new Set(violations.filter(({ from }) => from === file).map(({ rule }) => rule.name))],
        ]),
      );
      expect(broken).toEqual(workspace.expectations());
    },
    CRUISE_TIMEOUT_MS,
  );
});
