import { createHash } from 'node:crypto';
import { renderDocsPage } from '../../src/http/docs-page.js';
import { escapeHtml, inline } from '../../src/http/docs-schema.js';
import { problemKinds } from '../../src/http/problem.js';
import { methods, readSpecification } from '../../src/http/specification.js';

const { document } = readSpecification();
const { html, contentSecurityPolicy } = renderDocsPage(readSpecification());
const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);

test('every call, schema and problem has its place', () => {
  const operations = Object.values(document.paths).flatMap((item) => methods.flatMap((method) => item[method]?.operationId ?? []));
  expect(operations.length).toBeGreaterThan(12);
  expect(ids).toEqual(expect.arrayContaining([...operations, ...Object.keys(document.components.schemas).map((name) => `schema-${name}`)]));
  for (const { type } of Object.values(problemKinds)) expect(ids).toContain(type.replace('/docs#', ''));
});

test('every link leads somewhere, and no place is there twice', () => {
  const targets = [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!);
  expect(targets.filter((target) => target !== 'openapi.yaml' && !ids.includes(target.slice(1)))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('it needs no script and nothing from elsewhere, and its policy allows neither', () => {
  expect(html).not.toMatch(/<script|<img|<iframe|<link|javascript:|\son\w+=|https?:\/\//i);
  const style = /<style>([\s\S]*)<\/style>/.exec(html)![1]!;
  expect(contentSecurityPolicy).toBe(`default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`);
  expect(html).not.toMatch(/ style="/);
});

test('tags are balanced', () => {
  const open: string[] = [];
  for (const [, slash, name] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (name === 'meta') continue;
    if (slash === '') open.push(name!);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
});

test('texts are escaped, and marked up', () => {
  expect(escapeHtml('<b a="1">&')).toBe('&lt;b a=&quot;1&quot;&gt;&amp;');
  expect(inline('**Keys.** say `a < b`')).toBe('<strong>Keys.</strong> say <code>a &lt; b</code>');
  expect(html).not.toMatch(/undefined|\[object|NaN/);
});
