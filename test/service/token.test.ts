import { createTokens, type OfferToken } from '../../src/service/token.js';

const decidedAt = Date.parse('2026-11-23T10:00:00Z');
const token: OfferToken = { customerId: 'C-1', decisionId: 'd-1', offerId: 'card', kind: 'cross-sell', channel: 'web', placement: 'hero', propensity: 0.123456789, decidedAt };
const lifetimeMs = 1000;
const [older, newer, foreign] = ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)];
const tokens = createTokens([older], lifetimeMs);

describe('tokens', () => {
  test('carry what an outcome needs, exactly', () => {
    expect(tokens.verify(tokens.sign(token), decidedAt)).toEqual({ ok: true, token });
    const nobody: OfferToken = { ...token, customerId: undefined, placement: undefined };
    for (const other of [nobody, { ...nobody, visitorId: 'v-1' }]) expect(tokens.verify(tokens.sign(other), decidedAt)).toEqual({ ok: true, token: other });
  });

  const good = tokens.sign(token);
  const [version, payload, signature] = good.split('.') as [string, string, string];
  const other = Buffer.from(JSON.stringify(['C-2', 'd-1', 'card', 'cross-sell', 'web', 'hero', 0.9, decidedAt])).toString('base64url');
  test.each([
    ['altered payload', `${version}.${other}.${signature}`, decidedAt, 'was altered'],
    ['altered signature', `${version}.${payload}.${'A'.repeat(signature.length)}`, decidedAt, 'was altered'],
    ['cut signature', `${version}.${payload}.${signature.slice(0, -4)}`, decidedAt, 'was altered'],
    ['padded signature', `${good}==`, decidedAt, 'was altered'],
    ['another last character', `${good.slice(0, -1)}${String.fromCharCode(good.charCodeAt(good.length - 1) ^ 1)}`, decidedAt, 'was altered'],
    ['empty signature', `${version}.${payload}.`, decidedAt, 'was altered'],
    ['another installation', createTokens([foreign], lifetimeMs).sign(token), decidedAt, 'was signed with another secret'],
    ['another version', `v9.${payload}.${signature}`, decidedAt, 'is of a version that this service does not know'],
    ['one part', 'abc', decidedAt, 'is not a token of this service'],
    ['no signature', `${version}.${payload}`, decidedAt, 'is not a token of this service'],
    ['too many parts', `${good}.x`, decidedAt, 'is not a token of this service'],
    ['empty', '', decidedAt, 'is not a token of this service'],
    ['expired, to the millisecond', good, decidedAt + lifetimeMs, 'has expired'],
  ])('%s is refused, and the reason says which', (_, text, now, reason) => {
    const verified = tokens.verify(text, now);
    expect(verified).toMatchObject({ ok: false });
    expect((verified as { reason: string }).reason).toContain(reason);
  });

  test('one that has expired still says whom it is about, one that is not genuine never', () => {
    expect(tokens.verify(good, decidedAt + lifetimeMs)).toMatchObject({ ok: false, expired: token });
    expect(createTokens([foreign], lifetimeMs).verify(good, decidedAt + lifetimeMs)).not.toHaveProperty('expired');
  });

  test('good to the last millisecond', () => expect(tokens.verify(good, decidedAt + lifetimeMs - 1).ok).toBe(true));

  test('a secret is changed without losing the tokens that are out', () => {
    const rotated = createTokens([newer, older], lifetimeMs);
    expect(rotated.verify(good, decidedAt).ok).toBe(true);
    expect(createTokens([newer], lifetimeMs).verify(rotated.sign(token), decidedAt).ok).toBe(true);
    expect(createTokens([newer], lifetimeMs).verify(good, decidedAt).ok).toBe(false);
  });
});
