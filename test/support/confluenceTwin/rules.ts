import { elementsOf, NotStorage, valueOf, wordsOf, type TwinElement } from './xml.js';

export type Edition = 'cloud' | 'datacenter';

const words = (text: string): string[] => text.split(' ');
const INLINE = words(
  'strong em b i u s del sub sup span small big code br a time ac:link ac:image ac:emoticon ac:inline-comment-marker ac:structured-macro'
);
const BLOCKS = words(
  'p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre hr div ac:structured-macro ac:layout ac:task-list'
);
const FLOW = [...BLOCKS, ...INLINE];

/** What may stand in what; '' is the page. Elements that are not here are unknown. */
const CONTENT: Record<string, readonly string[]> = {
  '': FLOW,
  ...Object.fromEntries(words('p h1 h2 h3 h4 h5 h6 pre').map(name => [name, INLINE])),
  ...Object.fromEntries(INLINE.map(name => [name, INLINE])),
  ul: ['li'],
  ol: ['li'],
  li: FLOW,
  table: words('tbody thead tfoot colgroup'),
  colgroup: ['col'],
  tbody: ['tr'],
  thead: ['tr'],
  tfoot: ['tr'],
  tr: ['td', 'th'],
  td: FLOW,
  th: FLOW,
  col: [],
  blockquote: FLOW,
  div: FLOW,
  hr: [],
  br: [],
  'ac:structured-macro': words('ac:parameter ac:rich-text-body ac:plain-text-body'),
  'ac:parameter': words('ri:attachment ri:page ri:user ri:url'),
  'ac:rich-text-body': FLOW,
  'ac:plain-text-body': [],
  'ac:link': words('ri:attachment ri:page ri:user ac:link-body ac:plain-text-link-body'),
  'ac:link-body': INLINE.filter(name => name !== 'a' && name !== 'ac:link'),
  'ac:plain-text-link-body': [],
  'ac:image': words('ri:attachment ri:url'),
  'ri:attachment': words('ri:page'),
  'ri:page': [],
  'ri:url': [],
  'ri:user': [],
  'ac:layout': ['ac:layout-section'],
  'ac:layout-section': ['ac:layout-cell'],
  'ac:layout-cell': FLOW,
  'ac:task-list': ['ac:task'],
  'ac:task': words('ac:task-id ac:task-status ac:task-body'),
  'ac:task-id': [],
  'ac:task-status': [],
  'ac:task-body': INLINE
};
/** In these, words stand between the elements by themselves. */
const WORDLESS = new Set(
  words(
    'ul ol table tbody thead tfoot tr colgroup ac:structured-macro ac:link ac:image ac:layout ac:layout-section ac:task-list ac:task'
  )
);

const ATTRIBUTES: Record<string, readonly string[]> = {
  '*': words('class style local-id ac:local-id'),
  a: words('href title data-card-appearance'),
  ol: ['start'],
  table: words('data-layout data-table-width'),
  td: words('colspan rowspan data-highlight-colour'),
  th: words('colspan rowspan data-highlight-colour'),
  time: ['datetime'],
  'ac:structured-macro': words('ac:name ac:schema-version ac:macro-id'),
  'ac:parameter': ['ac:name'],
  'ac:link': ['ac:anchor'],
  'ac:image': words(
    'ac:alt ac:title ac:width ac:height ac:align ac:layout ac:border ac:thumbnail ac:original-width ac:original-height ac:custom-width'
  ),
  'ac:inline-comment-marker': ['ac:ref'],
  'ac:layout-section': ['ac:type'],
  'ri:attachment': words('ri:filename ri:version-at-save'),
  'ri:page': words('ri:content-title ri:space-key'),
  'ri:url': ['ri:value'],
  'ri:user': words('ri:userkey ri:account-id')
};

interface Macro {
  parameters: readonly string[];
  body: 'rich' | 'plain' | 'none';
}
const MACROS: Record<string, Macro> = {
  anchor: { parameters: ['', 'legacyAnchorId'], body: 'none' },
  code: { parameters: words('language title collapse linenumbers firstline theme'), body: 'plain' },
  noformat: { parameters: ['nopanel'], body: 'plain' },
  expand: { parameters: ['title'], body: 'rich' },
  panel: { parameters: words('title borderStyle bgColor'), body: 'rich' },
  ...Object.fromEntries(
    words('info note tip warning').map(name => [name, { parameters: words('icon title'), body: 'rich' as const }])
  ),
  toc: { parameters: words('minLevel maxLevel'), body: 'none' },
  status: { parameters: words('title colour'), body: 'none' }
};

/** Languages of the code macro; it shows an error in the place of code in any other. */
const LANGUAGES: Record<Edition, Set<string>> = {
  datacenter: new Set(
    words(
      'actionscript3 applescript bash c# cpp css coldfusion delphi diff erl groovy xml java jfx js php perl text none powershell py ruby sql sass scala vb yml'
    )
  ),
  cloud: new Set(
    words(
      'abap actionscript ada applescript arduino autoit clojure coffeescript c cpp coldfusion csharp css cuda d dart diff dockerfile elixir erlang fortran gherkin go graphql groovy handlebars haskell haxe hcl html java javafx javascript json jsx julia kotlin lisp livescript lua markdown mathematica matlab nginx objectivec ocaml octave pascal perl php powershell prolog protobuf puppet purebasic python qml r racket rest ruby rust sass scala scheme shell smalltalk sml splunk-spl sql swift tcl tex text toml tsx typescript vala vbnet verilog vhdl visualbasic xml xquery yaml'
    )
  )
};

/** Refuses what Confluence would refuse, or show as an error in its place. @throws NotStorage that says why */
export function judge(root: TwinElement, edition: Edition): void {
  check(root, edition);
}

function check(element: TwinElement, edition: Edition): void {
  const { name } = element;
  const allowed = CONTENT[name];
  if (!allowed) refuse(`<${name}> is no element of the storage format`);
  if (name !== '') checkAttributes(element);
  for (const child of element.children) {
    if (child.kind === 'text') {
      if (WORDLESS.has(name) && child.text.trim() !== '')
        refuse(`words stand in <${name}>, which holds elements only: ${child.text.trim().slice(0, 40)}`);
      continue;
    }
    if (!allowed.includes(child.name)) refuse(`<${child.name}> may not stand in <${name || 'the page'}>`);
    if (child.name === 'ac:structured-macro' && INLINE_ONLY.has(name) && macroOf(child)?.body !== 'none')
      refuse(`the macro ${String(valueOf(child, 'ac:name'))} has a body and may not stand in <${name}>`);
    check(child, edition);
  }
  if (name === 'ac:structured-macro') checkMacro(element, edition);
  if (name === 'ac:image' && elementsOf(element).length !== 1) refuse('<ac:image> needs one resource');
  if (name === 'ri:attachment') checkName(valueOf(element, 'ri:filename') ?? '');
  if (name === 'a') checkAddress(valueOf(element, 'href'));
}

const INLINE_ONLY = new Set(Object.keys(CONTENT).filter(name => CONTENT[name] === INLINE));

function checkAttributes(element: TwinElement): void {
  const known = [...(ATTRIBUTES['*'] ?? []), ...(ATTRIBUTES[element.name] ?? [])];
  for (const [name, value] of element.attributes) {
    if (!known.includes(name)) refuse(`<${element.name}> has no attribute ${name}`);
    if (/^(col|row)span$/.test(name) && !/^[1-9]\d{0,3}$/.test(value)) refuse(`${name}="${value}" is no number`);
    if (name === 'style' && /expression|url\s*\(|javascript/i.test(value)) refuse(`style="${value}" is not taken`);
  }
}

function macroOf(element: TwinElement): Macro | undefined {
  return MACROS[valueOf(element, 'ac:name') ?? ''];
}

function checkMacro(element: TwinElement, edition: Edition): void {
  const name = valueOf(element, 'ac:name') ?? '';
  const macro = MACROS[name];
  if (!macro) return refuse(`there is no macro "${name}" on this site`);
  const parameters = elementsOf(element).filter(child => child.name === 'ac:parameter');
  const names = parameters.map(child => valueOf(child, 'ac:name') ?? refuse('<ac:parameter> needs ac:name'));
  if (new Set(names).size < names.length) refuse(`the macro ${name} has a parameter twice`);
  for (const each of names)
    if (!macro.parameters.includes(each)) refuse(`the macro ${name} has no parameter "${each}"`);
  const bodies = elementsOf(element).filter(child => child.name !== 'ac:parameter');
  const wanted = macro.body === 'none' ? '' : `ac:${macro.body}-text-body`;
  if (bodies.map(child => child.name).join() !== wanted) refuse(`the macro ${name} needs ${wanted || 'no body'}`);
  const language = parameters.find(child => valueOf(child, 'ac:name') === 'language');
  if (language && !LANGUAGES[edition].has(wordsOf(language)))
    refuse(`Invalid value specified for parameter language of the macro code: ${wordsOf(language)}`);
  if (name === 'anchor' && wordsOf(element).trim() === '') refuse('the macro anchor needs a name');
  const long = parameters.find(child => wordsOf(child).length > 255);
  if (long) refuse(`a parameter of the macro ${name} is longer than 255 characters`);
}

/** What the name of an attachment may be. @throws NotStorage */
export function checkName(name: string): void {
  if (name === '' || name.length > 255 || /[\\/:*?"<>|&+=#%]/.test(name) || name.trim() !== name)
    refuse(`"${name}" is no name of an attachment`);
}

function checkAddress(href: string | undefined): void {
  if (href === undefined || !/^(https?:\/\/|mailto:|#|\/)/i.test(href)) refuse(`href="${String(href)}" is no address`);
}

function refuse(why: string): never {
  throw new NotStorage(`Error parsing xhtml: ${why}`);
}
