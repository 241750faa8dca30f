import { Metadata, status } from '@grpc/grpc-js';
import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import { RefusedRpcError } from '../refused-rpc-error.js';

/** Trailing metadata key that carries the error's stable code. */
export const ERROR_CODE_KEY = 'error-code';

/** Answers a refusal with its gRPC status and, in the trailing metadata, its code. */
@Catch(RefusedRpcError)
export class RefusedRpcFilter implements RpcExceptionFilter<RefusedRpcError> {
  catch(refused: RefusedRpcError): Observable<never> {
    const metadata = new Metadata();
    metadata.set(ERROR_CODE_KEY, refused.code);
    const { message } = refused;
    return throwError(() => ({ code: status[refused.status], details: message, message, metadata }));
  }
}
