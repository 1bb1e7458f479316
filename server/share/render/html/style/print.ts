/** On paper: no contents list, nothing folded (code that was hidden is left out), nothing scrolls or shrinks the page, figures in one piece. */
export const print = `
@media print {
  @page { margin: 18mm 16mm; }
  body { font-size: 10.5pt; --column: 100vw; }
  .with-contents { display: block; }
  .contents, footer .fold > summary { display: none; }
  main, footer { max-width: none; padding: 0 0 0 3.2rem; }
  pre, .text.long { white-space: pre-wrap; overflow: visible; max-height: none; font-size: 8.5pt; word-break: break-word; }
  .scroll, .scroll.tall { overflow: visible; max-height: none; border: 0; }
  table { font-size: 8.5pt; }
  .scroll th, .scroll td { white-space: normal; padding: .2rem .35rem; overflow-wrap: anywhere; }
  [style], [class*='ansi-on'], .ansi-inverse, .stderr, .alert { print-color-adjust: exact; }
  figure, img, tr, .error { break-inside: avoid; }
  h1, h2, h3, h4, h5, h6 { break-after: avoid; }
  .fold.input:not([open]) { display: none; }
  details:not(.input)::details-content { content-visibility: visible; block-size: auto; }
  a { color: inherit; }
}
`;
