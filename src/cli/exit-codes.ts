/** What the process says to the shell. `problems`: the work was tried, and something is wrong with it;
 *  `wrongUse`: the command, its options or the configuration are wrong, and nothing was tried. */
export const exitCodes = { ok: 0, problems: 1, wrongUse: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
