import { createHmac, timingSafeEqual } from 'node:crypto';
import { createHmacOf } from './hmac.js';

/** What an outcome needs to know of the offer that it is about. */
export interface OfferToken {
  /** Both absent: an unknown visitor. */
  readonly customerId?: string | undefined;
  readonly visitorId?: string | undefined;
  readonly decisionId: string;
  readonly offerId: string;
  readonly kind: string;
  readonly channel: string;
  readonly placement?: string | undefined;
  readonly propensity: number;
  /** When the decision was made, in epoch milliseconds. */
  readonly decidedAt: number;
}

/** How long an offer's token is good, and so how long an outcome may come late. */
export const tokenLifetimeMs = 90 * 86_400_000;

/** Signs with the first secret and accepts all: a secret is changed by putting the new one before the old. */
export interface Tokens {
  sign(token: OfferToken): string;
  /** At the earliest expired: `lifetimeMs` after the decision. */
  verify(text: string, now: number): VerifiedToken;
}

/** `expired`: what a genuine token says that is too old to record by. */
export type VerifiedToken = { readonly ok: true; readonly token: OfferToken } | { readonly ok: false; readonly reason: string; readonly expired?: OfferToken };

const version = 'v1';

/**
 * Tokens are `v1.<payload>.<signature>`: the payload is a JSON array in base64url, the signature HMAC-SHA-256
 * (RFC 2104) over the version and the payload. They are signed, not secret: whoever holds one can read it.
 */
export function createTokens(secrets: readonly [string, ...string[]], lifetimeMs: number): Tokens {
  const sign = createHmacOf(secrets[0]);
  // Seldom, and so by Node's own: what the other made is checked by another.
  const expectedOf = (secret: string, signed: string): string => createHmac('sha256', secret).update(signed).digest('base64url');
  return {
    sign: (token) => {
      const payload: unknown[] = [token.customerId ?? null, token.decisionId, token.offerId, token.kind, token.channel, token.placement ?? null, token.propensity, token.decidedAt];
      if (token.visitorId !== undefined) payload.push(token.visitorId);
      const signed = `${version}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
      return `${signed}.${sign(signed)}`;
    },
    verify: (text, now) => {
      const [itsVersion, payload, itsSignature, ...rest] = text.split('.');
      if (payload === undefined || itsSignature === undefined || rest.length > 0) return { ok: false, reason: 'is not a token of this service: it has not three parts' };
      if (itsVersion !== version) return { ok: false, reason: `is of a version that this service does not know` };
      const given = Buffer.from(itsSignature);      // as text: several texts decode to the same bytes
      const genuine = secrets.some((secret) => {
        const expected = Buffer.from(expectedOf(secret, `${version}.${payload}`));
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
      if (!genuine) return { ok: false, reason: 'was altered, or was signed with another secret: by another installation, or with one that is not accepted any more (its signature does not fit)' };
      const token = read(payload);
      if (token.decidedAt + lifetimeMs <= now) return { ok: false, reason: `has expired: it is good for ${Math.round(lifetimeMs / 86_400_000)} days after its decision`, expired: token };
      return { ok: true, token };
    },
  };
}

/** The payload was signed by us, so its shape is known. */
function read(payload: string): OfferToken {
  const [customerId, decisionId, offerId, kind, channel, placement, propensity, decidedAt, visitorId] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as
    [string | null, string, string, string, string, string | null, number, number, string?];
  return { customerId: customerId ?? undefined, decisionId, offerId, kind, channel, placement: placement ?? undefined, propensity, decidedAt, ...(visitorId !== undefined && { visitorId }) };
}
