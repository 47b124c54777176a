import type { Server } from 'node:http';
import supertest, { type Response } from 'supertest';
import { expectConforms } from './conforms.js';

export interface Answer { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string; readonly json: Readonly<Record<string, unknown>> }
export interface Sent { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> | undefined }

/** One call. `body`: a text or bytes are sent as they are, all else as JSON; `application/json` unless a header says
 *  otherwise. Every answer is checked against openapi.yaml. */
export async function call(server: Server, method: string, path: string, { body, headers = {} }: Sent = {}): Promise<Answer> {
  const agent = supertest(server) as unknown as Record<string, (path: string) => supertest.Test>;
  let test = agent[method.toLowerCase()]!(path).buffer(true).parse(readText);
  const asIs = typeof body === 'string' || Buffer.isBuffer(body);
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  if (body !== undefined && !hasType) test = test.set('Content-Type', 'application/json');
  for (const [name, value] of Object.entries(headers)) test = test.set(name, value);
  if (body !== undefined) test = test.serialize((value: unknown) => value as string).send((asIs ? body : JSON.stringify(body)) as string);
  const response: Response = await test;
  const text = typeof response.body === 'string' ? response.body : '';
  expectConforms(method, path, response.status, text, response.headers['content-type']);
  const isJson = /json/.test(String(response.headers['content-type'])) && text !== '';
  return { status: response.status, headers: response.headers, text, json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
}

function readText(response: Response, done: (error: Error | null, body: string) => void): void {
  const stream = response as unknown as NodeJS.ReadableStream;
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks).toString('utf8')));
}
