/** Why the platform cannot run, told to the person at the terminal: message only, no stack. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}
