import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Numbers of tests, over any number of packages. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const RESULTS_FILE = '.test-results.json';

/** Deletes earlier results, so that a package that does not run now counts for nothing. */
export function clearResults(packageDirs: readonly string[]): void {
  for (const dir of packageDirs) rmSync(join(dir, RESULTS_FILE), { force: true });
}

/** Sums what jest wrote for each package; turbo restores the file of a cached run. */
export function sumResults(packageDirs: readonly string[]): Totals {
  return packageDirs.map(readTotals).reduce(add, { passed: 0, failed: 0, skipped: 0 });
}

/**
 * What the run as a whole is reported as. A suite that cannot even be loaded, a crashed runner or a failed build
 * has no failing test to count, but must not look like success.
 */
export function finalTotals(totals: Totals, hasRunnerSucceeded: boolean): Totals {
  return { ...totals, failed: hasRunnerSucceeded ? totals.failed : Math.max(totals.failed, 1) };
}

/** Nothing failed and something ran. */
export function isSuccess(totals: Totals): boolean {
  return totals.failed === 0 && totals.passed > 0;
}

/** The last line of a run, which other programs read. */
export function totalsLine({ passed, failed, skipped }: Totals): string {
  const line = `Tests: ${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

function readTotals(packageDir: string): Totals {
  const report = readReport(join(packageDir, RESULTS_FILE));
  return {
    passed: count(report, 'numPassedTests'),
    failed: count(report, 'numFailedTests') + count(report, 'numRuntimeErrorTestSuites'),
    skipped: count(report, 'numPendingTests') + count(report, 'numTodoTests'),
  };
}

function readReport(file: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    // The package was not selected, or its run ended before it could write.
    return {};
  }
}

function count(report: Record<string, unknown>, name: string): number {
  const value = report[name];
  return typeof value === 'number' ? value : 0;
}

function add(left: Totals, right: Totals): Totals {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}
