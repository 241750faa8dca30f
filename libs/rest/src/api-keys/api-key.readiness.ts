import { ReadinessCheck } from '@steelyard/platform/health';
import type { ApiKeyDatabase } from './api-key-database.js';

/** API keys can be read. */
export class ApiKeyReadiness extends ReadinessCheck {
  override readonly name = 'postgres';

  constructor(private readonly database: ApiKeyDatabase) {
    super();
  }

  override async check(): Promise<void> {
    await this.database.keys().query('select 1');
  }
}
