/** On paper: no contents list, nothing folded, nothing scrolls, figures in one piece. */
export const print = `
@media print {
  @page { margin: 18mm 16mm; }
  body { font-size: 10.5pt; }
  .with-contents { display: block; }
  .contents, footer .fold > summary { display: none; }
  main, footer { max-width: none; padding: 0 0 0 3.2rem; }
  .prose > *, .input, .output > * { max-width: none; }
  pre, .text.long { white-space: pre-wrap; overflow: visible; max-height: none; font-size: 8.5pt; word-break: break-word; }
  .scroll, .scroll.tall { overflow: visible; max-height: none; border: 0; }
  table { font-size: 8.5pt; }
  .dataframe th, .dataframe td { white-space: normal; padding: .2rem .35rem; }
  figure, img, tr, .error { break-inside: avoid; }
  h1, h2, h3, h4, h5, h6 { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  a { color: inherit; }
}
`;
