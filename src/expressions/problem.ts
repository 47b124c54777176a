/** What is wrong with an expression. `offset` counts UTF-16 code units from its start. */
export interface Problem { readonly offset: number; readonly length?: number; readonly message: string }
