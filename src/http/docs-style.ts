/** The documentation page's style: its own fonts and colours, light or dark as the reader's system has it. */
export const docsStyle = `
:root { color-scheme: light dark; --text: #1c2330; --soft: #5a6577; --line: #dde2ea; --back: #ffffff; --panel: #f5f7fa; --link: #0b5cad; --get: #0a6b50; --post: #0b5cad; --put: #8a5200; --patch: #6b3fa0; --delete: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ef; --soft: #a3adbd; --line: #333c4a; --back: #14181f; --panel: #1d232d; --link: #7db7f5; --get: #5fd0ae; --post: #7db7f5; --put: #f0b35c; --patch: #c7a3f5; --delete: #ff9b93; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
code, pre { font: 0.875em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code { background: var(--panel); border-radius: 3px; padding: 0.1em 0.3em; }
.layout { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 82rem; margin: 0 auto; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: 0.875rem; }
nav h2 { margin: 1.25rem 0 0.25rem; font-size: 0.75rem; letter-spacing: 0.06em; text-transform: uppercase; color: var(--soft); border: 0; padding: 0; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { padding: 0.15rem 0; overflow-wrap: anywhere; }
nav a { color: var(--text); }
main { padding: 1.5rem 2.5rem 6rem; min-width: 0; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; }
h2 { margin: 3rem 0 0.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); font-size: 1.5rem; }
h3 { margin: 2.5rem 0 0.25rem; font-size: 1.15rem; }
h4 { margin: 1.25rem 0 0.25rem; font-size: 0.95rem; }
p { margin: 0.5rem 0; max-width: 46rem; }
.soft, .bounds { color: var(--soft); }
.path { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
.method { font: 700 0.75rem/1 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; text-transform: uppercase; margin-right: 0.35em; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .patch { color: var(--patch); } .delete { color: var(--delete); }
.required { color: var(--delete); font-size: 0.75rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; font-size: 0.9rem; }
th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:first-child { min-width: 11rem; } td:nth-child(2) { min-width: 9rem; } .answers td:first-child { min-width: 4rem; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem 1rem; overflow-x: auto; max-height: 32rem; margin: 0.4rem 0 0.8rem; }
pre code { background: none; padding: 0; font-size: 0.8125rem; }
details { margin: 0.4rem 0; } summary { cursor: pointer; color: var(--link); }
:target { scroll-margin-top: 1rem; } h3:target, h4:target { background: var(--panel); }
@media (max-width: 50rem) { .layout { display: block; } nav { position: static; max-height: none; border-right: 0; border-bottom: 1px solid var(--line); } .schemas { display: none; } main { padding: 1rem; } }
`;
