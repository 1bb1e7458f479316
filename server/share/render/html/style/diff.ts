/** Two notebooks side by side. */
export const diff = `
:root { --del: #ffd7d5; --ins: #c9f0d1; --del-mark: #b71c1c; --ins-mark: #1b5e20; }
@media screen and (prefers-color-scheme: dark) {
  :root { --del: #5c2323; --ins: #1c4a2a; --del-mark: #ff8a80; --ins-mark: #81c784; }
}
main.diff { max-width: 100rem; padding-left: 1.5rem; }
.summary { color: var(--jp-content-font-color2); }
.step { margin: 1.25rem 0; }
.change { font-size: .875rem; color: var(--jp-content-font-color2); margin-bottom: .25rem; }
.mark { display: inline-block; min-width: 1.2em; font-weight: 700; }
.mark.added { color: var(--ins-mark); }
.mark.removed { color: var(--del-mark); }
.mark.changed, .mark.moved { color: var(--jp-info-color0); }
.sides { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: .75rem; margin-top: .4rem; }
.heads { position: sticky; top: 0; z-index: 1; background: var(--jp-layout-color0); border-bottom: 1px solid var(--jp-border-color2); padding: .5rem 0; font-weight: 600; }
.sides .code { white-space: pre-wrap; overflow-wrap: anywhere; }
.step .code { max-width: none; }
ins, del { text-decoration: none; border-radius: 2px; color: var(--jp-content-font-color0); }
del { background: var(--del); }
ins { background: var(--ins); }
.same { border: 1px solid var(--jp-border-color2); border-radius: 3px; padding: .3rem .75rem; margin: 1rem 0; }
.same .code { margin: .5rem 0; }
@media (max-width: 44rem) {
  .sides { grid-template-columns: minmax(0, 1fr); }
  .heads { display: none; }
  .before:not(:empty)::before { content: 'Before'; font-size: .75rem; color: var(--jp-content-font-color2); }
  .after:not(:empty)::before { content: 'After'; font-size: .75rem; color: var(--jp-content-font-color2); }
}
`;
