import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { RpcErrorFilter } from '../grpc/index.js';
import { ProblemFilter } from '../http/index.js';
import type { Logger } from '../observability/index.js';

/** An app's transports share its global filters, and Nest asks the first that fits: this one knows which edge it is at. */
@Catch()
export class EdgeFilter implements ExceptionFilter {
  readonly #http: ProblemFilter;
  readonly #rpc: RpcErrorFilter;

  constructor(logger: Logger) {
    this.#http = new ProblemFilter(logger);
    this.#rpc = new RpcErrorFilter(logger);
  }

  catch(failure: unknown, host: ArgumentsHost): Observable<never> | undefined {
    if (host.getType() !== 'http') return this.#rpc.catch(failure);
    this.#http.catch(failure, host);
    return undefined;
  }
}
