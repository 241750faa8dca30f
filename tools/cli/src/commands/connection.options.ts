import { type Command } from 'commander';
import { readDevelopmentSecret, signDevelopmentToken } from '../auth/development-token.js';
import type { Connection } from '../api/steelyard-api.js';
import { usageError } from '../cli-error.js';

const PORT_DEFAULT = '3000';
// Long enough for any import; a development token is made anew for every command.
const OWN_TOKEN_LIFE = '12h';

/** As commander hands them over. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly token?: string;
}

/** Adds the options that say where the platform is and who asks. */
export function withConnection(command: Command): Command {
  return command
    .option('--url <url>', 'base of the REST API (default: STEELYARD_URL, else http://127.0.0.1:$PORT/api)')
    .option(
      '--token <token>',
      'JWT, or "ApiKey <id>.<secret>" (default: STEELYARD_TOKEN, else a development token)',
    );
}

/** Where to connect, from flags, environment and, in development, the secret that `npm start` wrote. */
export async function connect(flags: ConnectionFlags, environment: NodeJS.ProcessEnv): Promise<Connection> {
  const fallback = `http://127.0.0.1:${environment['PORT'] ?? PORT_DEFAULT}/api`;
  const url = (flags.url ?? environment['STEELYARD_URL'] ?? fallback).replace(/\/+$/, '');
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw usageError(`"${url}" is not an address such as ${fallback}: check --url and STEELYARD_URL`);
  }
  const token = flags.token ?? environment['STEELYARD_TOKEN'];
  return { url, authorization: token ? toHeader(token) : toHeader(await signOwnToken(environment)) };
}

function toHeader(token: string): string {
  return /^(ApiKey|Bearer) /.test(token) ? token : `Bearer ${token}`;
}

async function signOwnToken(environment: NodeJS.ProcessEnv): Promise<string> {
  const secret = await readDevelopmentSecret(environment);
  return signDevelopmentToken(secret, {
    subject: 'steelyard-cli',
    roles: ['operator'],
    expiresIn: OWN_TOKEN_LIFE,
  });
}
