/**
 * Filters style declarations: a property is let through when it is known and its value has the shape that property
 * may have. No value may load anything, leave its place or cover the page.
 */
const COLOUR = /^(?:#[0-9a-f]{3,8}|[a-z]{3,24}|(?:rgb|hsl)a?\(\s*[\d.]+(?:deg|%)?(?:\s*[,/ ]\s*[\d.]+%?){2,3}\s*\))$/i;
const LENGTH = /^-?0*(?:\d{1,4}(?:\.\d{1,4})?|\.\d{1,4})(?:px|pt|em|rem|ex|ch|%|cm|mm|in)?$|^auto$/i;
const POSITIVE = /^0*(?:\d{1,4}(?:\.\d{1,4})?|\.\d{1,4})(?:px|pt|em|rem|ex|ch|%|cm|mm|in)?$|^auto$/i;
const BORDER =
  /^(?:(?:\d{1,2}(?:\.\d+)?(?:px|pt|em)?|thin|medium|thick|none|solid|dashed|dotted|double|groove|ridge|hidden|#[0-9a-f]{3,8}|[a-z]{3,24}|rgba?\([\d.,% /]{5,40}\))(?:\s+|$)){1,3}$/i;

const words = (...allowed: string[]): RegExp => new RegExp(`^(?:${allowed.join('|')})$`, 'i');
const lengths = (one: RegExp) => ({
  test: (value: string) => {
    const parts = value.split(/\s+/);
    return parts.length <= 4 && parts.every(part => one.test(part));
  }
});

const CELL: Record<string, { test(value: string): boolean }> = {
  color: COLOUR,
  'background-color': COLOUR,
  background: COLOUR,
  'text-align': words('left', 'right', 'center', 'justify', 'start', 'end'),
  'vertical-align': words('top', 'middle', 'bottom', 'baseline', 'sub', 'super', 'text-top', 'text-bottom'),
  'font-weight': words('normal', 'bold', 'bolder', 'lighter', '[1-9]00'),
  'font-style': words('normal', 'italic', 'oblique'),
  'text-decoration': words('none', 'underline', 'line-through', 'overline'),
  'text-transform': words('none', 'uppercase', 'lowercase', 'capitalize'),
  'white-space': words('normal', 'nowrap', 'pre', 'pre-wrap', 'pre-line'),
  'font-size':
    /^(?:[1-9]\d?(?:\.\d{1,3})?(?:px|pt)|0?\.[5-9]\d*r?em|[1-4](?:\.\d{1,3})?r?em|[5-9]\d%|[1-4]\d\d%|small|smaller|x-small|medium|large|larger|x-large|xx-large)$/i,
  'font-family': /^[\w\s,"'-]{1,120}$/,
  border: BORDER,
  'border-top': BORDER,
  'border-right': BORDER,
  'border-bottom': BORDER,
  'border-left': BORDER,
  'border-color': COLOUR,
  'border-style': words('none', 'solid', 'dashed', 'dotted', 'double', 'hidden'),
  'border-width': lengths(POSITIVE),
  padding: lengths(POSITIVE),
  'padding-left': POSITIVE,
  'padding-right': POSITIVE,
  'padding-top': POSITIVE,
  'padding-bottom': POSITIVE,
  width: POSITIVE,
  'min-width': /^0*\d{1,3}(?:\.\d{1,4})?(?:px|pt|em|rem|ch|%)?$/i,
  'max-width': POSITIVE
};

const BLOCK: Record<string, { test(value: string): boolean }> = {
  ...CELL,
  height: POSITIVE,
  'max-height': POSITIVE,
  margin: lengths(POSITIVE),
  'margin-left': POSITIVE,
  'margin-right': POSITIVE,
  'margin-top': POSITIVE,
  'margin-bottom': POSITIVE,
  'border-radius': lengths(POSITIVE),
  'border-collapse': words('collapse', 'separate'),
  'border-spacing': lengths(POSITIVE),
  'line-height': /^(?:[1-3](?:\.\d{1,3})?|normal|[1-5]\d(?:\.\d+)?px|[1-3](?:\.\d+)?em|1\d\d%)$/i,
  'text-indent': LENGTH,
  'letter-spacing': /^-?0?\.?\d{1,2}(?:px|em)$/,
  'list-style-type': words(
    'none',
    'disc',
    'circle',
    'square',
    'decimal',
    'lower-alpha',
    'upper-alpha',
    'lower-roman',
    'upper-roman'
  ),
  'list-style': words('none', 'disc', 'circle', 'square', 'decimal'),
  display: words('block', 'inline', 'inline-block', 'table', 'table-row', 'table-cell', 'flex', 'grid', 'list-item'),
  'flex-direction': words('row', 'column'),
  'flex-wrap': words('wrap', 'nowrap'),
  gap: lengths(POSITIVE),
  'align-items': words('start', 'end', 'center', 'stretch', 'baseline', 'flex-start', 'flex-end'),
  'justify-content': words('start', 'end', 'center', 'space-between', 'space-around', 'flex-start', 'flex-end'),
  float: words('left', 'right', 'none'),
  clear: words('left', 'right', 'both', 'none'),
  overflow: words('auto', 'hidden', 'visible', 'scroll'),
  'overflow-x': words('auto', 'hidden', 'visible', 'scroll'),
  'box-sizing': words('border-box', 'content-box'),
  'table-layout': words('fixed', 'auto'),
  opacity: /^(?:1|0?\.[3-9]\d*)$/
};

/**
 * The declarations of a style attribute that are let through, as `name:value;…`.
 *
 * @param place - table cells may do less than blocks
 */
export function safeStyle(style: string, place: 'cell' | 'block'): string {
  // A backslash can spell any forbidden word, a comment can hide one: neither has a use here.
  if (style === '' || style.length > 4000 || style.includes('\\') || style.includes('/*')) return '';
  const allowed = place === 'cell' ? CELL : BLOCK;
  const kept = new Map<string, string>();
  for (const declaration of style.split(';')) {
    const colon = declaration.indexOf(':');
    if (colon < 0) continue;
    const name = declaration.slice(0, colon).trim().toLowerCase();
    const value = declaration
      .slice(colon + 1)
      .replace(/!\s*important/i, '')
      .trim();
    if (!Object.hasOwn(allowed, name) || value.length > 120 || !allowed[name]?.test(value)) continue;
    kept.delete(name);
    kept.set(name, value.replaceAll('"', "'"));
  }
  return [...kept].map(([name, value]) => `${name}:${value}`).join(';');
}
