import { createHash } from 'node:crypto';
import { escapeHtml, inline, lastStep, paragraphs, schemaAnchor, schemaTable, typeText } from './docs-schema.js';
import { docsStyle } from './docs-style.js';
import { problemKinds } from './problem.js';
import { methods, type MediaType, type Operation, type Parameter, type ResponseObject, type Specification } from './specification.js';

/**
 * openapi.yaml as a page for reading, rendered once at the start. Our own, since the usual packages bring a megabyte
 * of script and more, some of them with telemetry; this page needs no script at all, so its policy allows none.
 */
export function renderDocsPage({ document }: Specification): { readonly html: string; readonly contentSecurityPolicy: string } {
  const calls = listCalls(document);
  const sections = document.tags.map(({ name, description }) => {
    const body = calls.filter(({ operation }) => operation.tags.includes(name)).map((call) => renderCall(call, document)).join('\n');
    return `<h2 id="${anchor(name)}">${escapeHtml(name)}</h2><p class="soft">${inline(description)}</p>${body}`;
  });
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(document.info.title)}: the API</title><style>${docsStyle}</style></head>
<body><div class="layout">
<nav aria-label="Contents">${renderContents(document, calls)}</nav>
<main>
<h1>${escapeHtml(document.info.title)}</h1>
<p class="soft">${inline(document.info.summary)} API version ${escapeHtml(document.info.version)}; the same as <a href="openapi.yaml">OpenAPI</a>.</p>
${paragraphs(document.info.description)}
${sections.join('\n')}
<h2 id="schemas">Schemas</h2>
${renderSchemas(document)}
<h2 id="problems">Problems</h2>
<p>Every error is <code>application/problem+json</code> with <code>type</code>, <code>title</code>, <code>status</code>, <code>detail</code> and, where something in the request is wrong, <code>errors</code>. The <code>type</code> is a link to here.</p>
${renderProblems()}
</main></div></body></html>
`;
  const styleHash = createHash('sha256').update(docsStyle).digest('base64');
  return { html, contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'` };
}

type Document = Specification['document'];
interface Call { readonly method: string; readonly path: string; readonly operation: Operation; readonly parameters: readonly Parameter[] }

function listCalls({ paths, components }: Document): readonly Call[] {
  const resolve = (parameter: Parameter): Parameter => (parameter.$ref === undefined ? parameter : components.parameters[lastStep(parameter.$ref)]!);
  return Object.entries(paths).flatMap(([path, item]) => methods.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [{ method, path, operation, parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve) }];
  }));
}

function renderContents(document: Document, calls: readonly Call[]): string {
  const groups = document.tags.map(({ name }) => `<h2><a href="#${anchor(name)}">${escapeHtml(name)}</a></h2><ul>${calls
    .filter(({ operation }) => operation.tags.includes(name))
    .map(({ method, path, operation }) => `<li><a href="#${operation.operationId}"><span class="method ${method}">${method}</span>${escapeHtml(path)}</a></li>`).join('')}</ul>`);
  const schemas = Object.keys(document.components.schemas).map((name) => `<li><a href="#${schemaAnchor(name)}">${escapeHtml(name)}</a></li>`).join('');
  return `${groups.join('')}<h2><a href="#schemas">Schemas</a></h2><ul class="schemas">${schemas}</ul><h2><a href="#problems">Problems</a></h2>`;
}

function renderCall({ method, path, operation, parameters }: Call, document: Document): string {
  const { requestBody, responses } = operation;
  return `<h3 id="${operation.operationId}">${inline(operation.summary)}</h3>
<p class="path"><span class="method ${method}">${method}</span>${escapeHtml(path)}</p>
${operation.description === undefined ? '' : paragraphs(operation.description)}
${parameters.length === 0 ? '' : `<h4>Parameters</h4>${renderParameters(parameters)}`}
${requestBody === undefined ? '' : `<h4>Request body</h4>${Object.entries(requestBody.content).map(([type, media]) => renderMedia(type, media)).join('')}`}
<h4>Answers</h4>${renderResponses(responses, document)}`;
}

function renderParameters(parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ name, in: place, required, description, schema }) => `<tr><td><code>${escapeHtml(name)}</code> <span class="soft">${place}</span>${required === true ? ' <span class="required">required</span>' : ''}</td><td>${typeText(schema)}</td><td>${inline(description ?? '')}${schema.minimum === undefined ? '' : ` <span class="bounds">From ${schema.minimum} to ${schema.maximum ?? ''}, default ${String(schema.default)}.</span>`}</td></tr>`);
  return `<div class="scroll"><table><thead><tr><th>Name</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function renderMedia(contentType: string, { schema, examples }: MediaType): string {
  const shown = Object.values(examples ?? {}).map(({ summary, value }, index) => renderExample(summary ?? 'Example', value, index === 0)).join('');
  return `<p><code>${escapeHtml(contentType)}</code>${schema === undefined ? '' : `: ${typeText(schema)}`}</p>${shown}`;
}

function renderExample(summary: string, value: unknown, isOpen = false): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return `<details${isOpen ? ' open' : ''}><summary>${inline(summary)}</summary><pre tabindex="0"><code>${escapeHtml(text)}</code></pre></details>`;
}

function renderResponses(responses: Operation['responses'], { components }: Document): string {
  const rows = Object.entries(responses).map(([status, given]) => {
    const response: ResponseObject = given.$ref === undefined ? given : components.responses[lastStep(given.$ref)]!;
    const media = Object.entries(response.content ?? {});
    const type = media.map(([, { schema }]) => (schema === undefined ? '' : typeText(schema))).join(', ');
    const examples = Number(status) < 300 ? media.flatMap(([, { examples: all }]) => Object.values(all ?? {})).map(({ summary, value }) => renderExample(summary ?? 'Example', value)).join('') : '';
    return `<tr><td>${status === 'default' ? 'other' : status}</td><td>${type}</td><td>${inline(response.description)}${examples}</td></tr>`;
  });
  return `<div class="scroll"><table class="answers"><thead><tr><th>Status</th><th>Body</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function renderSchemas({ components }: Document): string {
  return Object.entries(components.schemas).map(([name, schema]) => {
    const about = schema.description === undefined ? '' : `<p>${inline(schema.description)}</p>`;
    const own = schema.properties === undefined ? `<p>${typeText(schema)}</p>` : '';
    return `<h3 id="${schemaAnchor(name)}">${escapeHtml(name)}</h3>${about}${own}${schemaTable(schema, components.schemas)}${(schema.examples ?? []).filter((example) => typeof example === 'object').map((example) => renderExample('Example', example)).join('')}`;
  }).join('\n');
}

function renderProblems(): string {
  return Object.values(problemKinds).map(({ status, title, type, meaning }) => `<h4 id="${type.slice(type.indexOf('#') + 1)}">${status} ${escapeHtml(title)}</h4><p>${inline(meaning)}</p>`).join('\n');
}

const anchor = (name: string): string => `tag-${name.toLowerCase()}`;
