/** What foreign HTML may consist of. Everything that is not named here is dropped. */

const TEXT =
  'a abbr acronym address b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section article header footer main aside small span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var wbr'.split(
    ' '
  );
/** Drawings inside HTML (dask, xarray, spaCy): shapes and words only, nothing that refers, loads, moves or embeds. */
const DRAWING = 'svg g path rect circle ellipse line polyline polygon text tspan desc'.split(' ');

/** The drawing's tags come last, from `svg` on. */
export const TAGS = [...TEXT, ...DRAWING];

/** Tags that go with all they contain. */
export const DROPPED_WITH_TEXT =
  'script style title textarea option noscript noembed noframes iframe audio video object embed applet template xmp plaintext math foreignobject'.split(
    ' '
  );

const SHAPE =
  'cx cy d fill fill-opacity fill-rule height points r rx ry stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-dasharray text-anchor transform width x x1 x2 y y1 y2 dx dy font-size font-weight font-family viewBox viewbox'.split(
    ' '
  );

/** Plain values for drawing attributes: no functions but those of `transform`, so nothing can be loaded. */
const drawing = Object.fromEntries(DRAWING.map(tag => [tag, SHAPE]));

export const ATTRIBUTES: Record<string, string[]> = {
  '*': ['class', 'style', 'title', 'dir', 'lang', 'align', 'valign', 'id'],
  a: ['href', 'target', 'rel'],
  img: ['src', 'alt', 'width', 'height'],
  td: ['colspan', 'rowspan', 'headers', 'bgcolor'],
  th: ['colspan', 'rowspan', 'scope', 'abbr', 'bgcolor'],
  tr: ['bgcolor'],
  col: ['span'],
  colgroup: ['span'],
  ol: ['start', 'type', 'reversed'],
  li: ['value'],
  font: ['color', 'size', 'face'],
  details: ['open'],
  table: ['border'],
  ...drawing
};

/** Classes the page has styles for. */
export const CLASSES = [
  'dataframe',
  'task',
  'alert',
  'alert-block',
  'alert-info',
  'alert-success',
  'alert-warning',
  'alert-danger'
];
