/** Where things stand: a column of 72 characters, room beside it for tables and figures, contents at the side. */
export const layout = `
* { box-sizing: border-box; }
@property --column { syntax: '<length>'; inherits: true; initial-value: 640px; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0;
  background: var(--jp-layout-color0);
  color: var(--jp-content-font-color1);
  font: 16px/1.6 var(--jp-content-font-family);
  --column: 72ch;
  overflow-wrap: break-word;
}
main, footer { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.5rem 1.5rem 5.5rem; }
footer { padding-top: 0; padding-bottom: 3rem; font-size: .875rem; }
.cell { margin: 1.1rem 0; position: relative; }
.prose > *, .raw > *, .input, .fold > summary, .output > .notice, .output > .error, .placeholder { max-width: var(--column); }
.prose > .scroll, .prose > figure { max-width: 100%; }
.output > .text, .output > .code, .output > .tall { width: fit-content; min-width: min(100%, var(--column)); max-width: 100%; }
.foreign > .alert { max-width: var(--column); }
.input { position: relative; }
.input + .output, .fold + .output { margin-top: .5rem; }
.prompt {
  position: absolute; right: 100%; top: 0; padding: .55rem .7rem 0 0; white-space: nowrap;
  color: var(--jp-cell-prompt-color); font: 13px/1.4 var(--jp-code-font-family);
}
.contents { padding: 1rem 1.5rem 0; font-size: .875rem; line-height: 1.4; }
.contents summary { cursor: pointer; font-weight: 600; padding: .25rem 0; }
.contents ul { list-style: none; margin: .25rem 0; padding: 0; }
.contents a { display: block; padding: .2rem 0; color: var(--jp-content-font-color2); text-decoration: none; }
.contents a:hover, .contents a:focus-visible { color: var(--jp-content-link-color); text-decoration: underline; }
.contents .t2 { padding-left: .9rem; }
.contents .t3 { padding-left: 1.8rem; }
@media (min-width: 72rem) {
  .with-contents { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
  .with-contents > main, .with-contents > footer { grid-column: 2; width: 100%; }
  .contents {
    grid-column: 1; grid-row: 1 / span 2; position: sticky; top: 0; align-self: start; max-height: 100vh;
    overflow-y: auto; padding: 2.75rem 0 2rem 1.5rem;
  }
  .contents summary { pointer-events: none; list-style: none; }
  .contents summary::-webkit-details-marker { display: none; }
  .contents details::details-content { content-visibility: visible; block-size: auto; }
}
@media (max-width: 44rem) {
  body { font-size: 1rem; }
  main, footer { padding: 1.25rem 1rem; }
  .contents { padding: 1rem 1rem 0; }
  .prompt { position: static; padding: 0 0 .15rem; font-size: 11px; }
}
a { color: var(--jp-content-link-color); }
a:not([href]) { color: inherit; }
:focus-visible { outline: 2px solid var(--jp-content-link-color); outline-offset: 2px; border-radius: 2px; }
h1, h2, h3, h4, h5, h6 {
  color: var(--jp-content-font-color0); font-weight: 600; line-height: 1.25; margin: 2rem 0 .6rem; font-size: 1rem;
  text-wrap: balance;
}
.h1, header h1 { font-size: 2rem; letter-spacing: -.01em; }
.h2 { font-size: 1.5rem; }
.h3 { font-size: 1.25rem; }
.h4 { font-size: 1.1rem; }
main > :first-child, main > :first-child > :first-child { margin-top: 0; }
.subtitle { margin: 0 0 1.5rem; color: var(--jp-content-font-color2); }
p, ul, ol, dl, blockquote { margin: .7rem 0; }
li > p { margin: .3rem 0; }
ul, ol { padding-left: 1.6rem; }
.task { list-style: none; margin-left: -1.3rem; }
blockquote { margin-left: 0; padding: .1rem 1rem; border-left: 4px solid var(--jp-border-color2); color: var(--jp-content-font-color2); }
hr { border: 0; border-top: 1px solid var(--jp-border-color2); margin: 2rem 0; }
code, kbd, samp, tt { font: .875em var(--jp-code-font-family); }
:not(pre) > code { background: var(--jp-layout-color2); padding: .1em .3em; border-radius: 3px; }
kbd { border: 1px solid var(--jp-border-color1); border-radius: 3px; padding: .05em .35em; }
img, svg { max-width: 100%; height: auto; vertical-align: middle; }
figure { margin: .5rem 0; }
figcaption, .below, caption { color: var(--jp-content-font-color2); font-size: .875rem; }
.absent { color: var(--jp-content-font-color2); font-style: italic; border: 1px dashed var(--jp-border-color1); border-radius: 3px; padding: .1em .5em; }
@media screen and (prefers-color-scheme: dark) {
  img.paper { background: #fff; border-radius: 3px; padding: 4px; }
}
.alert { padding: .6rem 1rem; border-left: 4px solid var(--jp-info-color0); background: var(--jp-layout-color2); margin: 1rem 0; }
.alert-success { border-color: var(--jp-success-color0); }
.alert-warning { border-color: var(--jp-warn-color0); }
.alert-danger { border-color: var(--jp-error-color0); }
`;
