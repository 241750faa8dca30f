import type { Readable } from 'node:stream';
import type { TextOutput } from '../text-output.js';

/** What commands touch of the process around them. */
export interface CommandContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly input: Readable;
  readonly output: TextOutput;
  readonly errors: TextOutput;
  /** The exit code when the command ends without an error. */
  readonly setExitCode: (code: number) => void;
}
