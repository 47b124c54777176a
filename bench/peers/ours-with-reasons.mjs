import { open as openOurs } from './ours.mjs';

/** Ours with a full explanation. */
export const open = (task) => openOurs(task, 'full');
