/** A script of Redis in Lua, by its name. */
export interface Script { readonly name: string; readonly lua: string }
