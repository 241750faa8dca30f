// The part of autocannon's interface that is used here; the package brings no types.
declare module 'autocannon' {
  namespace autocannon {
    interface HttpRequest {
      method?: string;
      path?: string;
      headers?: Record<string, string>;
      body?: string;
      setupRequest?: (request: HttpRequest) => HttpRequest;
    }

    interface Options {
      url: string;
      connections: number;
      /** Requests in all, spread evenly over the connections. */
      amount: number;
      /** How long a request may take, in seconds. */
      timeout: number;
      /** Interval of its own statistics, in milliseconds; it ends at the next one after the last answer. */
      sampleInt: number;
      requests: HttpRequest[];
    }

    interface Instance {
      on(
        event: 'response',
        listener: (client: unknown, statusCode: number, bytes: number, durationMs: number) => void,
      ): this;
      on(event: 'reqError', listener: (error: Error) => void): this;
      stop(): void;
    }
  }

  function autocannon(
    options: autocannon.Options,
    done: (error: Error | null, result: unknown) => void,
  ): autocannon.Instance;
  export default autocannon;
}
