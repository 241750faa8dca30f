// For pgbench; the same choice of accounts as of all other sides.
const SECOND_ACCOUNT_AND_CALL = String.raw`
\set other 1 + mod(:chosen - 1 + random(1, :accounts - 1), :accounts)
\set turned random(0, 1)
\set payer case when :turned = 0 then :chosen else :other end
\set payee case when :turned = 0 then :other else :chosen end
\set amount random(1, 100)
select within.transfer(:payer, :payee, :amount);
`;

/** pgbench scripts that transfer between two different accounts, by load. */
export const TRANSFER_SCRIPTS = {
  uniform: String.raw`\set chosen random(1, :accounts)${SECOND_ACCOUNT_AND_CALL}`,
  hot: String.raw`\set draw random(1, 10)
\set chosen case when :draw <= 9 then 1 else random(1, :accounts) end${SECOND_ACCOUNT_AND_CALL}`,
} as const;
