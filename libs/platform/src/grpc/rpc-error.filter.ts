import { status } from '@grpc/grpc-js';
import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { Logger } from '../observability/index.js';
import { statusOfFailure } from '../rpc/failure-status.js';

/** Answers a failed gRPC call with a status; what callers must not see is logged, once, and stays here. */
@Catch()
export class RpcErrorFilter implements RpcExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(exception: unknown): Observable<never> {
    if (exception instanceof RpcException) return throwError(() => exception.getError());
    const failure = statusOfFailure(exception, this.#logger);
    return throwError(() => ({
      code: status[failure.status],
      details: failure.message,
      message: failure.message,
    }));
  }
}
