import type { Command } from 'commander';
import { readDevelopmentSecret, signDevelopmentToken } from '../auth/development-token.js';
import { collect } from './parse-flags.js';
import type { CommandContext } from './command-context.js';

interface TokenFlags {
  readonly sub: string;
  readonly role?: readonly string[];
  readonly expires: string;
}

/** `steelyard token`: a token for curl, made with the development secret. */
export function addTokenCommand(program: Command, context: CommandContext): void {
  program
    .command('token')
    .description(
      'print a development token (HS256, signed with JWT_HS256_SECRET or the secret that npm start wrote)',
    )
    .option('--sub <id>', 'account or holder id of the bearer', 'developer')
    .option('--role <role>', 'operator, auditor or service; repeat for more', collect)
    .option('--expires <span>', 'how long it is valid', '12h')
    .action(async (flags: TokenFlags) => {
      const secret = await readDevelopmentSecret(context.environment);
      const token = await signDevelopmentToken(secret, {
        subject: flags.sub,
        roles: flags.role ?? [],
        expiresIn: flags.expires,
      });
      context.output.write(`${token}\n`);
    });
}
