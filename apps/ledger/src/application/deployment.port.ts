/** What was chosen at the deployment's first start and never changes. */
export abstract class Deployment {
  /** Number of buckets. Throws an outage until the balance app has created the deployment. */
  abstract buckets(): number;
}
