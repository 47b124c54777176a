import { InvalidArgumentError } from 'commander';
import { readStoreLocation, type StoreLocation } from '../config.js';
import { isDateTime, isPrintable } from '../http/validation.js';
import { scopes, type Scope } from '../service/service.js';

// Each reads one option's text; commander puts the option's name before the message and exits with "wrong use".

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^[+-]?\d+$/.test(text) || number < least || number > most) throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };
}

export function dateTime(text: string): string {
  if (!isDateTime(text)) throw new InvalidArgumentError('It must be a date and time with its offset, such as 2026-11-23T10:00:00Z.');
  return text;
}

export function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // said below, for everything that is no object
  }
  throw new InvalidArgumentError('It must be a JSON object in single quotes, such as \'{"reason":"moving house"}\'.');
}

export function folderPath(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must be a folder\'s path.');
  return text;
}

export function storeLocation(text: string): StoreLocation {
  if (text.trim() === '') throw new InvalidArgumentError('It must be a folder\'s path, or the URL of a Redis.');
  const read = readStoreLocation(text);
  if (!read.ok) throw new InvalidArgumentError(`It ${read.problem}.`);
  return read.location;
}

export function scopeList(text: string): readonly Scope[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()).filter((name) => name !== ''))];
  const unknown = names.filter((name) => !(scopes as readonly string[]).includes(name));
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no scope ${unknown.join(', ')}: there are ${scopes.join(', ')}.`);
  if (names.length === 0) throw new InvalidArgumentError(`Name at least one of ${scopes.join(', ')}.`);
  return names as readonly Scope[];
}

export function nameList(text: string): readonly string[] {
  return text.split(',').map((name) => name.trim());
}

export function keyName(text: string): string {
  if (text.trim() === '' || text.length > 100 || /\p{C}/u.test(text)) throw new InvalidArgumentError('It must be 1 to 100 printable characters.');
  return text;
}

/** A customer's id, or a visitor's. */
export function personId(text: string): string {
  if (!isPrintable(text) || Array.from(text).length > 128) throw new InvalidArgumentError('It must be 1 to 128 printable characters.');
  return text;
}

const placementForm = 'Write it as "hero", or with its own limit, kinds and fallback: "hero,limit=2,kinds=cross-sell|loyalty,fallback=contact-us".';

/** "hero,limit=2" as a member of `placements`, added to those before. */
export function placement(text: string, before: readonly object[] = []): readonly object[] {
  const [id, ...settings] = text.split(',');
  const read = new Map<string, unknown>([['id', id]]);
  for (const setting of settings) {
    const [name, value, ...more] = setting.split('=');
    if (name === undefined || value === undefined || value === '' || more.length > 0 || read.has(name)) throw new InvalidArgumentError(placementForm);
    if (name === 'limit') read.set(name, wholeNumber(1, 100)(value));
    else if (name === 'kinds') read.set(name, value.split('|'));
    else if (name === 'fallback') read.set(name, value);
    else throw new InvalidArgumentError(placementForm);
  }
  return [...before, Object.fromEntries(read)];
}
