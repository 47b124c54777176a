/** One customer of a file, not yet checked; or why there is none on that line. Lines count from 1. */
export type CustomerRow = { readonly line: number } & ({ readonly value: unknown; readonly bytes: number } | { readonly reason: string });
