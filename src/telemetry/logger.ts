import pino from 'pino';
import type { LogLevel } from '../config.js';

export type Logger = pino.Logger;

/** JSON lines on standard error. Nothing of a customer is ever logged: callers name the fields, none is spread. */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, pino.destination(2));
}
