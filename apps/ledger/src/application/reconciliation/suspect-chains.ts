import type { IncidentLog } from '../incidents/incident-log.js';
import { CHAIN_START } from '../verification/chain-audit.js';
import { proveChain } from '../verification/chain-proof.js';
import type { ChainMarks, MarkedChain } from '../verification/chain-marks.port.js';
import type { Finding } from '../verification/finding.js';
import { CHAIN_CHECKS, type FindingLog } from '../verification/finding-log.js';
import type { AccountEnd, VerificationReads } from '../verification/verification-reads.port.js';
import { proveEntries } from './account-proof.js';
import type { AccountState } from './account-state.port.js';

/** Chains that are proved again at a time; the others wait for their turn. */
const RETRIES_MAX = 20;

/** Proves chains that something speaks against: those found wrong become incidents, and those are over when they are right. */
export class SuspectChains {
  constructor(
    private readonly reads: VerificationReads,
    private readonly marks: ChainMarks,
    private readonly findings: FindingLog,
    private readonly incidents: IncidentLog,
  ) {}

  /** Proves chains again that were found wrong and not tried since. */
  async retryMarked(triedBeforeMs: number, mayGoOn: () => boolean): Promise<void> {
    if (!mayGoOn()) return;
    for (const chain of await this.marks.marked(triedBeforeMs, RETRIES_MAX)) {
      const proved = await this.prove(chain, mayGoOn);
      if (typeof proved !== 'string') await this.report(proved);
      if (!mayGoOn()) return;
    }
  }

  /** Whether a suspicion is true: then it is reported, with the first bad entry if there was time to find it. */
  async isWrong(suspicion: Finding, mayGoOn: () => boolean): Promise<boolean> {
    const { bucket, accountId } = suspicion;
    const chain = { bucket, accountId, restart: CHAIN_START };
    // One that is marked already is wrong, and is proved again from where that came.
    if ((await this.marks.mark([chain])) === 0) return true;
    const proved = await this.prove(chain, mayGoOn);
    if (proved === 'right') return false;
    await this.report(proved === 'unfinished' ? suspicion : proved);
    return true;
  }

  /** Whether the entries of a drifted row are right, whatever it says of them; those that are not are reported. */
  async isRight(state: AccountState): Promise<boolean> {
    const { chainFault } = await proveEntries(this.reads, state);
    if (chainFault !== undefined) await this.report(chainFault);
    return chainFault === undefined;
  }

  /** Opens the chain's incident, and has it proved again from time to time. */
  private async report(finding: Finding): Promise<void> {
    await this.findings.record([finding], 'ends');
  }

  private async prove(chain: MarkedChain, mayGoOn: () => boolean): Promise<Finding | 'right' | 'unfinished'> {
    const [ends] = await this.reads.endsOf(chain.accountId, [chain.bucket]);
    // Neither account nor entries, nor were there ever any: what was wrong was an entry of nobody.
    if (ends === undefined) return this.cleared(chain, chain.restart);
    const { verdict, reached } = await proveChain(this.reads, ends, { restart: chain.restart, mayGoOn });
    if (verdict === undefined) {
      await this.marks.postpone({ ...chain, restart: reached });
      return 'unfinished';
    }
    const { finding, proven } = verdict;
    // A row that drifted does not question the entries.
    if (finding === undefined || finding.drift !== undefined) return this.cleared(chain, proven);
    await this.marks.postpone({ ...chain, restart: proven });
    return finding;
  }

  private async cleared(chain: MarkedChain, end: AccountEnd): Promise<'right'> {
    await this.marks.clear(chain, end);
    const key = { type: 'integrity_failure', bucket: chain.bucket, accountId: chain.accountId } as const;
    await this.incidents.resolve(key, 'the chain was proven again and is right', CHAIN_CHECKS);
    return 'right';
  }
}
