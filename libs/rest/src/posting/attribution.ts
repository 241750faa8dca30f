import { callerName, isSelfCaller, type Caller } from '../access/caller.js';
import { refused, type Refused } from '../refusals/refused.js';

/** Who a request says did it, and for which agent. */
export interface AttributionRequest {
  readonly performedBy?: string | undefined;
  readonly agentId?: string | undefined;
}

/** Who is written down. */
export interface Attribution {
  readonly performedBy: string;
  /** Empty: nobody. */
  readonly agentId: string;
}

/**
 * Who is written down as the one who did it: whom the request names, for callers with a role or a key, else the
 * caller. FORBIDDEN when a caller without a role tries to write down somebody else.
 */
export function attribute(caller: Caller, request: AttributionRequest): Attribution | Refused {
  const name = callerName(caller);
  if (isSelfCaller(caller)) {
    if (request.performedBy !== undefined && request.performedBy !== name) {
      return refused('FORBIDDEN', 'performedBy can only name yourself', 'performedBy');
    }
    if (request.agentId !== undefined) return refused('FORBIDDEN', 'You may not name an agent', 'agentId');
  }
  return { performedBy: request.performedBy ?? name, agentId: request.agentId ?? '' };
}
