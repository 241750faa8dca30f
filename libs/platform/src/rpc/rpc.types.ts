/**
 * One method of a service definition that ts-proto generated for grpc-js. `never` in the parameters lets every
 * generated method be assigned to it; RequestOf and ResponseOf get the real types back.
 */
export interface RpcMethod {
  /** /package.Service/Method */
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (value: never) => Buffer;
  readonly requestDeserialize: (value: Buffer) => unknown;
  readonly responseSerialize: (value: never) => Buffer;
  readonly responseDeserialize: (value: Buffer) => unknown;
}

/** A generated service definition, such as `balanceV1.BalanceServiceService`. */
export type RpcDefinition = Readonly<Record<string, RpcMethod>>;

/** Names of the methods that take one message and give one. */
export type UnaryMethodName<Definition extends RpcDefinition> = {
  [Name in keyof Definition & string]: Definition[Name] extends {
    readonly requestStream: false;
    readonly responseStream: false;
  }
    ? Name
    : never;
}[keyof Definition & string];

export type RequestOf<Method extends RpcMethod> = ReturnType<Method['requestDeserialize']>;
export type ResponseOf<Method extends RpcMethod> = ReturnType<Method['responseDeserialize']>;

export interface CallOptions {
  /** Instead of the client's deadline. */
  readonly deadlineMs?: number;
}

/** Calls the unary methods of one service of another process, over whichever transport. */
export interface RpcClient<Definition extends RpcDefinition> {
  /**
   * Sends a request under the current correlation id and waits for the answer, at most until the deadline.
   *
   * @throws OutageError when no answer came: whether the call took effect is unknown.
   * @throws RpcError when the peer answered with an error.
   * @throws RequestTooLargeError when the transport cannot carry the request; nothing was sent.
   */
  call<Name extends UnaryMethodName<Definition>>(
    method: Name,
    request: RequestOf<Definition[Name]>,
    options?: CallOptions,
  ): Promise<ResponseOf<Definition[Name]>>;

  /** Ends the client; calls under way fail. */
  close(): Promise<void>;
}

/** What serves the unary methods of a service. Throw RpcError for a status other than INTERNAL, OutageError for UNAVAILABLE. */
export type RpcHandlers<Definition extends RpcDefinition> = {
  readonly [Name in UnaryMethodName<Definition>]: (
    request: RequestOf<Definition[Name]>,
  ) => Promise<ResponseOf<Definition[Name]>>;
};
