import { z } from 'zod';

const environment = z.object({
  /** The platform's balance service, host:port. */
  STEELYARD_GRPC: z.string().min(1).default('localhost:50051'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  /** Tables and the client's journal. Of this process alone, on a disk that survives a restart. */
  DATA_DIR: z.string().min(1).default('.data/poker-table'),
  /** A player waits for the answer: better to learn soon that the platform is away. */
  PLATFORM_DEADLINE_MS: z.coerce.number().int().min(100).max(60_000).default(3_000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface Config {
  readonly grpcAddress: string;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly platformDeadlineMs: number;
  readonly logLevel: string;
}

/** @throws Error that names the variable at fault */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) throw new Error(`the environment is wrong:\n${z.prettifyError(parsed.error)}`);
  const { STEELYARD_GRPC, HOST, PORT, DATA_DIR, PLATFORM_DEADLINE_MS, LOG_LEVEL } = parsed.data;
  return {
    grpcAddress: STEELYARD_GRPC,
    host: HOST,
    port: PORT,
    dataDir: DATA_DIR,
    platformDeadlineMs: PLATFORM_DEADLINE_MS,
    logLevel: LOG_LEVEL,
  };
}
