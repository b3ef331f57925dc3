/** How the page of the API looks: the system's fonts and colours, light or dark as the reader has it. */
export const DOCS_STYLE = `:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a404a); --soft: light-dark(#f3f5f8, #1e2228); --link: light-dark(#0b57b8, #7db4ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; padding: 0.75rem; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-top: 1px solid var(--line); padding: 0.3rem 0.75rem 0.3rem 0; text-align: left; vertical-align: top; }
nav ul { columns: 16rem; list-style: none; padding: 0; }
nav b, h3 b { font-size: 0.8em; margin-right: 0.3em; }
section { border-top: 2px solid var(--line); padding-top: 0.5rem; }
h3 code { overflow-wrap: anywhere; }
`;
