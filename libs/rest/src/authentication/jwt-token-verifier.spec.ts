import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OutageError } from '@steelyard/platform/outage';
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { JwtTokenVerifier, type TokenRules } from './jwt-token-verifier.js';
import { RemoteKeys } from './remote-keys.js';

const SECRET = 'a secret of at least thirty-two bytes';
const STRICT: TokenRules = { requiresExpiry: true };
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Signing {
  alg: string;
  key: KeyObject | Uint8Array;
  kid?: string;
}

function sign(
  claims: JWTPayload,
  { alg, key, kid }: Signing = { alg: 'HS256', key: bytes(SECRET) },
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) }).sign(key);
}

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;
const good = { sub: 'alice', roles: ['operator'], exp: inSeconds(3_600) };
const invalid = expect.objectContaining({ kind: 'refused', code: 'INVALID_TOKEN' });

describe('a secret', () => {
  const verifier = new JwtTokenVerifier({ secret: SECRET }, STRICT);

  it('accepts a signed token and reads its claims', async () => {
    expect(await verifier.verify(await sign(good))).toEqual({
      subject: 'alice',
      roles: ['operator'],
      expiresAtMs: good.exp * 1_000,
    });
  });

  it.each([
    ['without sub', { exp: good.exp }],
    ['with an empty sub', { ...good, sub: '' }],
    ['with a long sub', { ...good, sub: 'x'.repeat(256) }],
    ['without exp', { sub: 'alice' }],
    ['expired', { ...good, exp: inSeconds(-60) }],
    ['not yet valid', { ...good, nbf: inSeconds(60) }],
    ['with roles that are no list', { ...good, roles: 'operator' }],
    ['with roles that are no texts', { ...good, roles: [1] }],
  ])('refuses a token %s', async (_name, claims) => {
    expect(await verifier.verify(await sign(claims))).toEqual(invalid);
  });

  it('refuses another secret, another algorithm, and no signature', async () => {
    expect(
      await verifier.verify(
        await sign(good, { alg: 'HS256', key: bytes('another secret of the same length..') }),
      ),
    ).toEqual(invalid);
    expect(await verifier.verify(await sign(good, { alg: 'HS512', key: bytes(SECRET.repeat(2)) }))).toEqual(
      invalid,
    );
    expect(await verifier.verify(await sign(good, { alg: 'RS256', key: rsa.privateKey }))).toEqual(invalid);
    expect(await verifier.verify(new UnsecuredJWT(good).encode())).toEqual(invalid);
  });

  it.each(['', 'abc', 'a.b.c', '..', `${'x'.repeat(100)}.y.z`])(
    'refuses %p, which is no token',
    async (token) => {
      expect(await verifier.verify(token)).toEqual(invalid);
    },
  );

  it('accepts a token without exp in development only', async () => {
    const lenient = new JwtTokenVerifier({ secret: SECRET }, { requiresExpiry: false });
    expect(await lenient.verify(await sign({ sub: 'alice' }))).toEqual({ subject: 'alice', roles: [] });
  });

  it('asks for issuer and audience when they are configured', async () => {
    const picky = new JwtTokenVerifier(
      { secret: SECRET },
      { requiresExpiry: true, issuer: 'me', audience: 'us' },
    );
    expect(await picky.verify(await sign(good))).toEqual(invalid);
    expect(await picky.verify(await sign({ ...good, iss: 'me', aud: 'us' }))).toMatchObject({
      subject: 'alice',
    });
  });
});

describe('a public key', () => {
  it.each([
    ['RS256', rsa],
    ['ES256', ec],
  ] as const)('accepts %s', async (alg, { publicKey, privateKey }) => {
    const verifier = new JwtTokenVerifier({ publicKeyPem: pemOf(publicKey) }, STRICT);
    expect(await verifier.verify(await sign(good, { alg, key: privateKey }))).toMatchObject({
      subject: 'alice',
    });
  });

  it('is not a secret: a token signed with its text under HS256 is refused', async () => {
    const pem = pemOf(rsa.publicKey);
    const forged = await sign(good, { alg: 'HS256', key: bytes(pem) });
    expect(await new JwtTokenVerifier({ publicKeyPem: pem }, STRICT).verify(forged)).toEqual(invalid);
    expect(await new JwtTokenVerifier({ publicKeyPem: pem, secret: SECRET }, STRICT).verify(forged)).toEqual(
      invalid,
    );
  });
});

describe('remote keys', () => {
  const keys = [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }];
  let server: Server;
  let url: URL;
  let fetches = 0;
  let isBroken = false;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      fetches++;
      response
        .writeHead(isBroken ? 500 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`);
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('prove a token by its key id, and are fetched once', async () => {
    const verifier = new JwtTokenVerifier({ remote: new RemoteKeys(url) }, STRICT);
    const before = fetches;
    for (let time = 0; time < 3; time++) {
      const token = await sign(
        { ...good, jti: String(time) },
        { alg: 'RS256', key: rsa.privateKey, kid: 'one' },
      );
      expect(await verifier.verify(token)).toMatchObject({ subject: 'alice' });
    }
    expect(fetches - before).toBe(1);
  });

  it('refuse made-up key ids without fetching for each', async () => {
    const verifier = new JwtTokenVerifier({ remote: new RemoteKeys(url) }, STRICT);
    const before = fetches;
    for (const kid of ['x', 'y', 'z']) {
      expect(await verifier.verify(await sign(good, { alg: 'RS256', key: rsa.privateKey, kid }))).toEqual(
        invalid,
      );
    }
    expect(fetches - before).toBe(1);
  });

  it('that cannot be fetched are an outage, not an invalid token', async () => {
    const verifier = new JwtTokenVerifier({ remote: new RemoteKeys(url) }, STRICT);
    const token = await sign(good, { alg: 'RS256', key: rsa.privateKey, kid: 'one' });
    isBroken = true;
    const before = fetches;
    await expect(verifier.verify(token)).rejects.toBeInstanceOf(OutageError);
    await expect(verifier.verify(token)).rejects.toBeInstanceOf(OutageError);
    expect(fetches - before).toBe(1);
    isBroken = false;
  });
});
