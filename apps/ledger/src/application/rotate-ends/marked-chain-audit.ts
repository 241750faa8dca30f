import { feedEntries, SEQUENCE_MIN } from '../verification/entry-stream.js';
import type { ChainMarks, MarkedChain } from '../verification/chain-marks.port.js';
import type { ChainVerdict, Finding } from '../verification/finding.js';
import { CHAIN_CHECKS } from '../verification/finding-log.js';
import { PageAudit } from '../verification/page-audit.js';
import type { AccountEnd, ChainEnds, VerificationReads } from '../verification/verification-reads.port.js';
import type { IncidentLog } from '../incidents/incident-log.js';

/** What is wrong with the chain now, if anything; unfinished when the time was up before that was known. */
export type Retried = Finding | 'right' | 'unfinished';

/** Proves chains again that were found wrong: when they are right, their incident is over. */
export class MarkedChainAudit {
  constructor(
    private readonly reads: VerificationReads,
    private readonly marks: ChainMarks,
    private readonly incidents: IncidentLog,
  ) {}

  async retry(chain: MarkedChain, mayGoOn: () => boolean): Promise<Retried> {
    const [ends] = await this.reads.endsOf(chain.accountId, [chain.bucket]);
    // Neither account nor entries, nor were there ever any: what was wrong was an entry of nobody.
    if (ends === undefined) return this.cleared(chain, chain.restart);
    const { verdict, reached } = await this.prove(ends, chain.restart, mayGoOn);
    if (verdict === undefined) {
      await this.marks.postpone({ ...chain, restart: reached });
      return 'unfinished';
    }
    const { finding } = verdict;
    if (finding === undefined || finding.drift !== undefined) return this.cleared(chain, verdict.proven);
    await this.marks.postpone({ ...chain, restart: verdict.proven });
    return finding;
  }

  private async prove(
    ends: ChainEnds,
    restart: AccountEnd,
    mayGoOn: () => boolean,
  ): Promise<{ verdict: ChainVerdict | undefined; reached: AccountEnd }> {
    const { bucket, accountId } = ends;
    const audit = new PageAudit([ends], restart);
    const stoppedAt = await feedEntries(this.reads, audit, {
      bucket,
      after: { accountId, sequence: restart.sequence === 0n ? SEQUENCE_MIN : restart.sequence },
      throughAccountId: accountId,
      mayGoOn: () => audit.verdicts.length === 0 && mayGoOn(),
    });
    const reached = audit.provenOf(accountId) ?? restart;
    if (stoppedAt === undefined) audit.finish();
    return { verdict: audit.verdicts[0], reached };
  }

  private async cleared(chain: MarkedChain, end: AccountEnd): Promise<'right'> {
    await this.marks.clear(chain, end);
    const key = { type: 'integrity_failure', bucket: chain.bucket, accountId: chain.accountId } as const;
    await this.incidents.resolve(key, 'the chain was proven again and is right', CHAIN_CHECKS);
    return 'right';
  }
}
