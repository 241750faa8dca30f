/** What a launcher must know of one application to run it on this machine. */
export interface AppDescription {
  /** Compiled entry point, relative to the repository. */
  readonly main: string;
  readonly httpPort: PortVariable;
  /** The gateway serves no gRPC. */
  readonly grpcPort?: PortVariable;
  /** Answers 200 once the application can work. */
  readonly readyPath: string;
}

/** A port and the environment variable that moves it. */
export interface PortVariable {
  readonly variable: string;
  readonly defaultPort: number;
}

export const APPS = {
  balance: app('balance', 'BALANCE', { http: 3002, grpc: 50051 }),
  ledger: app('ledger', 'LEDGER', { http: 3003, grpc: 50052 }),
  notifications: app('notifications', 'NOTIFICATIONS', { http: 3004, grpc: 50053 }),
  analytics: app('analytics', 'ANALYTICS', { http: 3005, grpc: 50054 }),
  gateway: {
    main: mainOf('gateway'),
    httpPort: { variable: 'PORT', defaultPort: 3000 },
    readyPath: '/api/ready',
  },
} as const satisfies Record<string, AppDescription>;

export type AppName = keyof typeof APPS;

/**
 * The groups in which applications start; those of one group start at the same time. Balance comes first,
 * because its migrations create the tables that the others read. Stopping goes the other way.
 */
export const START_ORDER: readonly (readonly AppName[])[] = [
  ['balance'],
  ['ledger', 'notifications', 'analytics', 'gateway'],
];

/** All port variables of an application. */
export function portVariablesOf(name: AppName): readonly PortVariable[] {
  const description: AppDescription = APPS[name];
  return description.grpcPort === undefined
    ? [description.httpPort]
    : [description.httpPort, description.grpcPort];
}

function app(name: string, prefix: string, ports: { readonly http: number; readonly grpc: number }) {
  return {
    main: mainOf(name),
    httpPort: { variable: `${prefix}_HTTP_PORT`, defaultPort: ports.http },
    grpcPort: { variable: `${prefix}_GRPC_PORT`, defaultPort: ports.grpc },
    readyPath: '/ready',
  } as const;
}

function mainOf(name: string): string {
  return `apps/${name}/dist/main.js`;
}
