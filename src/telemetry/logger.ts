import pino from 'pino';
import type { LogLevel } from '../config.js';

export type Logger = pino.Logger;

/** JSON lines on standard error. Nothing of a customer is ever logged: callers name the fields, none is spread.
 *  `base` stands in every line. */
export function createLogger(level: LogLevel, base: { readonly worker: number } | null = null): Logger {
  return pino({ level, base, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, pino.destination(2));
}
