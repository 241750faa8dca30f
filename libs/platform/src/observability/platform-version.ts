import { readFileSync } from 'node:fs';

/** The version of this release; apps and libraries of the workspace share it. */
export const PLATFORM_VERSION: string = versionOf(new URL('../../package.json', import.meta.url));

function versionOf(file: URL): string {
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return version;
}
