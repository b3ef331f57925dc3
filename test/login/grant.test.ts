import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWorld } from '../../src/collect/world.ts';
import { authorizeUrl, readCode } from '../../src/login/authorize.ts';
import { exchangeCode, readGrant } from '../../src/login/grant.ts';
import { challengeOf, createProof, isSame } from '../../src/login/proof.ts';
import { findVendor, VENDORS, type Vendor } from '../../src/login/vendors.ts';
import { NOW } from '../helper/run-cli.ts';
import { allowInBrowser, APP, startVendorServer } from '../helper/vendor-server.ts';

test('the proof is new each time and long enough, and the challenge is that of RFC 7636', () => {
  const [one, two] = [createProof(), createProof()];
  expect(one.state).not.toBe(two.state);
  expect(one.verifier).not.toBe(two.verifier);
  expect(one.verifier).toMatch(/^[\w.~-]{43,128}$/);
  // Appendix B.
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  expect(challengeOf(verifier, 'base64url')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  expect(challengeOf(verifier, 'hex')).toBe(createHash('sha256').update(verifier).digest('hex'));
  expect([isSame('a', 'a'), isSame('a', 'b'), isSame('a', 'aa'), isSame('', '')]).toEqual([true, false, false, true]);
});

test('a scope list is written as the vendor reads it, spaces as %20', () => {
  const proof = createProof();
  const url = (name: string) => authorizeUrl(findVendor(name) as Vendor, 'id', 'http://127.0.0.1:1/callback', proof);
  expect(url('x')).toContain('&scope=tweet.read%20users.read%20offline.access&');
  expect(url('tiktok-display')).toContain('client_key=id&');
  expect(url('tiktok-display')).not.toContain('client_id=');
  expect(url('youtube')).toContain('&access_type=offline&');
  expect(url('linkedin')).not.toContain('code_challenge');
});

test('every address of the table is https, and nobody but vendors is in it', () => {
  for (const [name, vendor] of Object.entries(VENDORS)) {
    expect(vendor.provider).toBe(name);
    const { authorizeUrl: page, tokenUrl, longLived, device, revoke } = vendor;
    const urls = [page, tokenUrl, longLived?.exchangeUrl, longLived?.refreshUrl, device?.codeUrl, revoke?.url];
    for (const url of urls) expect(url ?? 'https:').toMatch(/^https:/);
  }
  expect(findVendor('toString')).toBeUndefined();
});

describe('an answer', () => {
  const read = (body: Record<string, unknown>) =>
    readGrant(
      { vendor: findVendor('x') as Vendor, app: APP, world: createWorld(() => NOW), addSecret() {} },
      { status: 200, body: { access_token: 'access-one', ...body }, error: undefined, description: '' },
    );

  test.each([
    [3600, '2026-11-22T11:00:00.000Z'],
    ['3600', '2026-11-22T11:00:00.000Z'],
    // Ten years, where a date ends otherwise.
    [1e300, '2036-11-19T10:00:00.000Z'],
    [Number.POSITIVE_INFINITY, '2036-11-19T10:00:00.000Z'],
    [-1, null],
    [0, null],
    ['soon', null],
    [undefined, null],
  ])('that lasts %s seconds ends %s', (seconds, end) => {
    const token = read({ expires_in: seconds, refresh_token_expires_in: seconds });
    expect([token.expires_at, token.refresh_expires_at]).toEqual([end, end]);
  });

  test('with a token that is no bearer is refused', () => {
    for (const type of ['bearer', 'Bearer', 'BEARER', null, undefined]) {
      expect(read({ token_type: type }).access_token).toBe('access-one');
    }
    for (const type of ['mac', 'DPoP', '', 5])
      expect(() => read({ token_type: type })).toThrow('another type than bearer');
  });
});

describe('a code', () => {
  test.each(Object.keys(VENDORS))('%s takes it once, and with the verifier that belongs to it', async (name) => {
    const server = await startVendorServer(name);
    onTestFinished(() => server.close());
    const { vendor } = server;
    const secrets: string[] = [];
    const redirectUri = 'http://127.0.0.1:1/callback';
    const options = {
      vendor,
      app: APP,
      world: createWorld(() => NOW),
      addSecret: (secret: string) => secrets.push(secret),
      redirectUri,
    };
    const obtain = async () => {
      const proof = createProof();
      const back = new URL(await allowInBrowser(authorizeUrl(vendor, APP.id, redirectUri, proof)));
      return { code: readCode(vendor, back.searchParams, proof), verifier: proof.verifier };
    };
    const grant = await obtain();
    const token = await exchangeCode({ ...options, ...grant });
    expect(server.given).toContain(token.access_token);
    expect(secrets).toEqual(expect.arrayContaining([grant.code, token.access_token]));

    const again = await exchangeCode({ ...options, ...grant }).catch((error: unknown) => error as Error);
    expect(again).toMatchObject({ problem: 'refused', exitCode: 4, hint: `smstats login ${name}` });
    expect((again as Error).message).not.toContain(grant.code);

    const { code } = await obtain();
    const stolen = exchangeCode({ ...options, code, verifier: createProof().verifier });
    if (vendor.challenge === null) await stolen;
    else await expect(stolen).rejects.toMatchObject({ problem: 'refused' });
  });
});
