import { createHmac } from 'node:crypto';
import { OutboxError, type Outbox } from './outbox.js';

export interface WebhookOptions {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** For the whole exchange. */
  readonly timeoutMs: number;
}

export const signatureHeader = 'nbo-signature';

/** Answers by which nothing was taken: redirects, the sender's mistakes, "not now". A receiver that breaks down (500), or whose
 *  proxy does not know what became of it (408, 502, 504), may have taken it. */
const isRefusal = (status: number): boolean => (status >= 300 && status < 500 && status !== 408) || status === 503;
/** Nobody was there to take it. */
const unreached: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * The outbox as a webhook: each event is POSTed as a structured CloudEvent, signed. A 2xx is its receipt; anything else, a
 * redirect too, is a failure, and whoever called tries again.
 */
export function createWebhookOutbox({ url, secret }: { readonly url: string; readonly secret: string }, { clock, timeoutMs }: WebhookOptions): Outbox {
  const underWay = new Set<Promise<void>>();
  const post = async (json: string): Promise<void> => {
    let response: Response;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents+json; charset=utf-8', [signatureHeader]: signatureOf(json, secret, clock()) },
        body: json,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      // Nothing that is answered is read: it may be without end.
      await response.body?.cancel();
    } catch (error) {
      throw new OutboxError(`The webhook at ${new URL(url).host} did not answer: ${reasonOf(error)}`, isUnreached(error));
    }
    if (response.status < 200 || response.status >= 300) throw new OutboxError(`The webhook at ${new URL(url).host} answered ${response.status}`, isRefusal(response.status));
  };
  return {
    publish: ({ json }) => {
      const posting = post(json);
      underWay.add(posting);
      return posting.finally(() => underWay.delete(posting));
    },
    close: async () => {
      await Promise.allSettled(underWay);
    },
  };
}

/** `t=<seconds since 1970>,v1=<HMAC-SHA-256 (RFC 2104) of "<t>.<body>", hexadecimal>`: who has the secret can tell that the
 *  body is ours, and how old it is. */
export function signatureOf(body: string, secret: string, at: number): string {
  const seconds = Math.floor(at / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  return name === 'TimeoutError' ? 'its time was over' : cause?.code ?? message;
}

function isUnreached(error: unknown): boolean {
  return unreached.has((error as { cause?: { code?: string } }).cause?.code ?? '');
}
