/** What cells hold: code, text, tables, errors, notices. */
export const content = `
pre { margin: 0; font: 13px/1.45 var(--jp-code-font-family); white-space: pre; overflow-x: auto; tab-size: 4; }
pre code { font: inherit; }
.code {
  padding: .5rem .75rem; background: var(--jp-cell-editor-background); border: 1px solid var(--jp-cell-editor-border-color);
  border-radius: 3px; color: var(--jp-content-font-color1);
}
.prose .code, .foreign pre { margin: .7rem 0; }
.magic { color: var(--jp-mirror-editor-meta-color); }
.output > * + * { margin-top: .5rem; }
.text { padding: .25rem 0; color: var(--jp-content-font-color1); }
.text.stderr { background: var(--jp-rendermime-stderr-background); padding: .4rem .75rem; }
.text.long { max-height: 35.6rem; overflow: auto; border: 1px solid var(--jp-border-color2); border-radius: 3px; padding: .5rem .75rem; }
.raw .code { background: none; border-style: dashed; }
.direction { border: 1px solid var(--jp-error-color0); color: var(--jp-error-color0); border-radius: 3px; font-size: .8em; padding: 0 .2em; }
.omitted { color: var(--jp-warn-color0); }
.error { background: var(--jp-rendermime-error-background); border-left: 4px solid var(--jp-error-color0); border-radius: 0 3px 3px 0; padding: .4rem .75rem; }
.error p { margin: 0; }
.error .text { padding-top: .5rem; }
.error-name { color: var(--jp-error-color0); font: 13px/1.45 var(--jp-code-font-family); }
summary { cursor: pointer; }
.fold > summary { color: var(--jp-content-font-color2); font-size: .875rem; padding: .1rem 0; }
.fold[open] > summary { margin-bottom: .3rem; }
.for { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.notice { color: var(--jp-content-font-color2); font-size: .875rem; border: 1px dashed var(--jp-border-color1); border-radius: 3px; padding: .4rem .75rem; }
.notice.cut { color: var(--jp-warn-color0); }
.placeholder {
  border: 1px dashed var(--jp-border-color1); border-radius: 3px; padding: 2.5rem 1rem; text-align: center;
  color: var(--jp-content-font-color2); background: var(--jp-layout-color2);
}
.scroll { overflow-x: auto; }
.scroll.tall { max-height: 36rem; overflow-y: auto; border: 1px solid var(--jp-border-color2); border-radius: 3px; }
.tall table { margin: 0; }
.tall thead { position: sticky; top: 0; background: var(--jp-layout-color0); }
.formula { display: block; overflow-x: auto; overflow-y: hidden; padding: .15rem 0; }
.tex { white-space: pre-wrap; }
table { border-collapse: collapse; font-size: .8125rem; line-height: 1.4; margin: .5rem 0; }
th, td { padding: .35rem .6rem; text-align: left; vertical-align: top; }
th { color: var(--jp-content-font-color0); font-weight: 600; }
thead { border-bottom: 1px solid var(--jp-border-color1); }
tbody tr:nth-child(odd) { background: var(--jp-rendermime-table-row-background); }
tbody tr:hover { background: var(--jp-rendermime-table-row-hover-background); }
.dataframe th, .dataframe td { text-align: right; vertical-align: middle; white-space: nowrap; max-width: 30rem; overflow: hidden; text-overflow: ellipsis; font-variant-numeric: tabular-nums; }
.dataframe th[colspan] { text-align: center; }
.dataframe caption { text-align: left; padding-bottom: .3rem; width: max-content; max-width: min(40rem, 85vw); }
.dataframe .omitted td { text-align: center; white-space: normal; color: var(--jp-warn-color0); background: var(--jp-layout-color0); }
.below { margin: .3rem 0 0; }
`;
