import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APPS, freePort, portVariablesOf, type AppName } from '@steelyard/processes';

export const APP_NAMES = Object.keys(APPS).filter((name): name is AppName => name in APPS);

/** A directory that looks like a built repository, whose applications do nothing but report ready and die on request. */
export function fixtureRepository(): string {
  const dir = mkdtempSync(join(tmpdir(), 'steelyard-launcher-'));
  cpSync(fileURLToPath(new URL('../fixtures/app.mjs', import.meta.url)), join(dir, 'app.mjs'));
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }');
  for (const name of APP_NAMES) {
    const { main, httpPort } = APPS[name];
    mkdirSync(join(dir, main, '..'), { recursive: true });
    writeFileSync(
      join(dir, main),
      `import { run } from '../../../app.mjs';\nrun('${name}', '${httpPort.variable}');\n`,
    );
  }
  return dir;
}

/** Free values for every port variable, so that several platforms run on one machine. */
export async function freePorts(): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  for (const { variable } of APP_NAMES.flatMap((name) => portVariablesOf(name)))
    ports[variable] = String(await freePort());
  return ports;
}
