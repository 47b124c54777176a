import { customerScripts } from './customer-scripts.js';
import { dueScripts } from './due-scripts.js';
import { holdingScripts } from './holding-scripts.js';
import { limitScripts } from './limit-scripts.js';
import { linkScripts } from './link-scripts.js';
import type { Script } from './script.js';
import { sharedScripts } from './shared-scripts.js';
import { changeCatalogsScript } from './speaking-script.js';

/**
 * What must be atomic, as Lua; each within one slot. They decide on bytes and numbers only: what a ledger is, they do
 * not know. Sent once for each connection, then named by their hash.
 *
 * GETEX reads as GET does, but counts as a write: a replica, whose answer may be old, refuses it.
 */
export const scripts: readonly Script[] = [...customerScripts, ...limitScripts, ...dueScripts, ...linkScripts, ...sharedScripts, ...holdingScripts, changeCatalogsScript];
