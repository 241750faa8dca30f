import { fileURLToPath } from 'node:url';

/** The workspace's root, with a trailing separator: this file lies in tools/cli/src or tools/cli/dist. */
export const REPOSITORY_ROOT = fileURLToPath(new URL('../../../', import.meta.url));
