import { collectDefaultMetrics, Registry } from 'prom-client';

/** An app's own registry, with the metrics of its Node process and `app` on every line. Call it once an app. */
export function createMetrics(appName: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app: appName });
  collectDefaultMetrics({ register: registry });
  return registry;
}
