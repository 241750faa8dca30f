import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openFixture, type FixtureWorkspace } from './support/fixture-workspace.js';

const LINT_TIMEOUT_MS = 900_000;

interface LintedFile {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

function statements(count: number): string {
  return Array.from({ length: count }, (_, index) => `  total += ${index};`).join('\n');
}

describe('the style rules', () => {
  let workspace: FixtureWorkspace;
  let broken: Record<string, string[]>;

  beforeAll(() => {
    workspace = openFixture('broken-workspace');
    const longFunction = `export function long(): number {\n  let total = 0;\n${statements(70)}\n  return total;\n}\n`;
    writeFileSync(
      join(workspace.dir, 'apps/one/src/long-function.ts'),
      `// breaks: max-lines-per-function\n${longFunction}`,
    );
    const longFile = Array.from({ length: 301 }, (_, index) => `export const value${index} = ${index};`).join(
      '\n',
    );
    writeFileSync(join(workspace.dir, 'apps/one/src/long-file.ts'), `// breaks: max-lines\n${longFile}\n`);
    // nx judges imports by its graph of the workspace, which the lint script makes first too.
    workspace.run('nx', ['graph', '--file=.nx/graph.json']);
    const linted = JSON.parse(workspace.run('eslint', ['apps', 'libs', '--format=json'])) as LintedFile[];
    broken = Object.fromEntries(
      linted.map(({ filePath, messages }) => [
        relative(workspace.dir, filePath),
        [...new Set(messages.map(({ ruleId, message }) => ruleId ?? message))],
      ]),
    );
  }, LINT_TIMEOUT_MS);

  afterAll(() => workspace.remove());

  it('fail on every file that breaks one, and on no other', () => {
    expect(broken).toEqual(workspace.expectations());
  });
});
