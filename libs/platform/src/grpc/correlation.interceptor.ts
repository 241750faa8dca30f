import { Metadata } from '@grpc/grpc-js';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { acceptCorrelationId, CORRELATION_HEADER, withCorrelationId } from '../observability/index.js';

/** Handles each gRPC call under the correlation id of its metadata, or a fresh one. HTTP requests pass: a hook does it for them. */
@Injectable()
export class CorrelationInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'rpc') return next.handle();
    const metadata: unknown = context.switchToRpc().getContext();
    const offered = metadata instanceof Metadata ? metadata.get(CORRELATION_HEADER)[0] : undefined;
    const correlationId = acceptCorrelationId(offered);
    // The handler runs when it is subscribed to, so that has to happen inside.
    return new Observable((subscriber) =>
      withCorrelationId(correlationId, () => next.handle().subscribe(subscriber)),
    );
  }
}
