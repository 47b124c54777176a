import type { Schema } from './specification.js';

/** Text for HTML; `code` and **strong** in descriptions become elements. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function inline(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>').replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
}

export function paragraphs(text: string): string {
  return text.trim().split(/\n\s*\n/).map((paragraph) => `<p>${inline(paragraph)}</p>`).join('\n');
}

export const schemaAnchor = (name: string): string => `schema-${name}`;

type Schemas = Readonly<Record<string, Schema>>;

/** One row for each member of an object, those of objects inside it included, as `customer.attributes`.
 *  `schemas` are those that a member may refer to: it means what they mean, where it says nothing of its own. */
export function schemaTable(schema: Schema, schemas: Schemas): string {
  const rows = memberRows(schema, '', schemas);
  return rows.length === 0 ? '' : `<div class="scroll"><table><thead><tr><th>Member</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function memberRows(schema: Schema, prefix: string, schemas: Schemas): string[] {
  if (schema.type === 'array' && schema.items !== undefined) return memberRows(schema.items, `${prefix}[]`, schemas);
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const required = schema.required?.includes(name) === true ? ' <span class="required">required</span>' : '';
    const description = member.description ?? schemas[lastStep(member.$ref ?? '')]?.description ?? '';
    const meaning = [inline(description), bounds(member)].filter((part) => part !== '').join(' ');
    return [`<tr><td><code>${escapeHtml(path)}</code>${required}</td><td>${typeText(member)}</td><td>${meaning}</td></tr>`, ...memberRows(member, path, schemas)];
  });
}

/** A type in words, with links to the schemas that it names. */
export function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return link(schema.$ref);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return choices.map(typeText).join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => `<code>${escapeHtml(String(value))}</code>`).join(', ');
  if (schema.items !== undefined && schema.type === 'array') return `list of ${typeText(schema.items)}`;
  const types = Array.isArray(schema.type) ? (schema.type as readonly string[]) : [String(schema.type ?? 'anything')];
  return types.map((type) => words(type, schema.format)).join(' or ');
}

function words(type: string, format: string | undefined): string {
  if (format === 'date-time') return 'date and time';
  if (format === 'date') return 'date';
  if (type === 'string') return 'text';
  return type === 'integer' ? 'whole number' : type;
}

function link(reference: string): string {
  const name = lastStep(reference);
  return `<a href="#${schemaAnchor(name)}">${escapeHtml(name)}</a>`;
}

/** The name at the end of a reference: `#/components/schemas/Id` is `Id`. */
export function lastStep(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function bounds(schema: Schema): string {
  const parts: string[] = [];
  const { minimum, maximum } = schema;
  if (minimum !== undefined && maximum !== undefined) parts.push(`From ${minimum} to ${maximum}.`);
  else if (minimum !== undefined) parts.push(`At least ${minimum}.`);
  if (schema.maxLength !== undefined) parts.push(`At most ${schema.maxLength} characters.`);
  if (schema.maxItems !== undefined) parts.push(`At most ${schema.maxItems} entries.`);
  if (schema.default !== undefined) parts.push(`Default: <code>${escapeHtml(JSON.stringify(schema.default))}</code>.`);
  return parts.length === 0 ? '' : `<span class="bounds">${parts.join(' ')}</span>`;
}
