import { fileURLToPath } from 'node:url';
import { differencesOf, GENERATED_SOURCES } from './generated-sources.js';

const REPOSITORY_DIR = fileURLToPath(new URL('../../../../', import.meta.url));

// Generated code is committed so that it can be read and built without its generator; this proves that nobody
// edited it and that nobody forgot to generate.
for (const source of GENERATED_SOURCES) {
  const differences = differencesOf(source, REPOSITORY_DIR);
  const verdict = differences.length === 0 ? 'is current' : `is out of date, run "${source.command}":`;
  process.stdout.write(
    `${[`${source.title} ${verdict}`, ...differences.map((line) => `  ${line}`)].join('\n')}\n`,
  );
  if (differences.length > 0) process.exitCode = 1;
}
