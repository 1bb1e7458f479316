import type { Trap } from '../hostile.js';

/** Markdown without HTML of its own. */
export const markdownPayloads: Record<string, (trap: Trap) => string> = {
  'md-link': ({ script }) =>
    `[a](javascript:${script}) [b](<java\nscript:${script}>) [c](&#x6a;avascript:${script}) [d](JaVaScRiPt:${script})`,
  'md-link-data': ({ script }) =>
    `[a](data:text/html;base64,${Buffer.from(`<script>${script}</script>`).toString('base64')}) <javascript:${script}> [b]: javascript:${script}\n\n[b]`,
  'md-image': ({ beacon }) => `![a](${beacon}) ![b](${beacon.replace(/^http:/, '')}) ![c][r]\n\n[r]: ${beacon} "x"`,
  'md-image-data': ({ script }) =>
    `![a](data:image/svg+xml;base64,${Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="${script}"/>`).toString('base64')}) ![b](data:image/png;base64,iVBORw0KGgo=" onerror=${script})`,
  'md-title': ({ script }) =>
    `[a](https://example.org "\\" onclick=${script} x=\\"") ![b](attachment:x.png "\\"><img src=x onerror=${script}>")`,
  'md-alt': ({ script }) => `![" onerror="${script}](attachment:x.png) ![<script>${script}</script>](attachment:y.png)`,
  'md-code': ({ script }) =>
    `\`\`\`html"><script>${script}</script>\n<script>${script}</script>\n\`\`\`\n\n\`<img src=x onerror=${script}>\``,
  'md-mermaid': ({ script, beacon }) =>
    `\`\`\`mermaid\ngraph TD\nA["<img src=x onerror=${script}>"]\nclick A "javascript:${script}"\nB["<img src=${beacon}>"]\n\`\`\``,
  'md-table': ({ script }) =>
    `| <script>${script}</script> | b |\n|:--|--:|\n| <img src=x onerror=${script}> | [x](javascript:${script}) |`,
  'md-autolink': ({ beacon }) => `${beacon}/auto <${beacon}/angle> www.example.org/x"onclick=y`,
  'md-heading': ({ script }) =>
    `# x" onclick="${script}\n## <img src=x onerror=${script}>\n# [x](javascript:${script})`,
  'md-piece': ({ script }) =>
    `<b>\u{f0000}0\u{f0001}</b> <img alt="&#xF0000;0&#xF0001;" title="<piece 0>"> <piece 0> $x$ <i title='&lt;piece 0&gt;'>${script.slice(0, 5)}</i>`,
  'md-picture-name': ({ beacon }) =>
    `![x](lakeside-picture:0) <img src="lakeside-picture:0"> ![y](data:image/png;base64,AAAA) ![z](attachment:../../x.png) <img src="attachment:${beacon}">`,
  'md-bidi': ({ script }) =>
    `\u202e<script>${script}</script>\u202c \`\u2066// \u2069 if admin\` [\u202egnp.exe](https://example.org/\u202e)`,
  'md-tasks': ({ script }) => `- [ ] <img src=x onerror=${script}>\n- [x] [y](javascript:${script})`
};

/** Formulas. */
export const mathPayloads: Record<string, (trap: Trap) => string> = {
  'tex-href': ({ script }) => `$\\href{javascript:${script}}{x}$ $$\\url{javascript:${script}}$$`,
  'tex-html': ({ script }) =>
    `$\\htmlData{x=1"onclick=${script}}{y} \\htmlClass{a}{b} \\htmlId{cell-1}{c} \\htmlStyle{position:fixed;inset:0}{d}$`,
  'tex-include': ({ beacon }) =>
    `$\\includegraphics[height=1em]{${beacon}}$ $\\require{${beacon}}$ $\\unicode[${beacon}]{65}$`,
  'tex-macro': ({ script }) =>
    `$\\def\\x{\\x\\x}\\x$ $\\gdef\\frac{\\href{javascript:${script}}}$ $\\frac{a}{b}$ $\\newcommand{\\y}{\\y}\\y$`,
  'tex-text': ({ script }) => `$\\text{<img src=x onerror=${script}>}$ $\\verb|<script>${script}</script>|$`,
  'tex-color': ({ script, beacon }) =>
    `$\\color{red;background:url(${beacon})}x \\colorbox{"onclick=${script}}{y} \\textcolor{url(${beacon})}{z}$`,
  'tex-error': ({ script }) =>
    `$\\undefined{<img src=x onerror=${script}>}$ $$\\begin{align}<script>${script}</script>\\end{x}$$`,
  'tex-size': () =>
    `$\\rule{99999em}{99999em} \\kern{-9999em} \\raisebox{9999em}{x}$ $\\def\\a#1{#1#1#1#1}\\a{\\a{\\a{\\a{\\a{\\a{x}}}}}}$`,
  'tex-style': ({ script }) =>
    `$\\style{position:fixed}{x} \\class{" onclick="${script}}{y} \\cssId{z}{w} \\mmlToken{mi}[href="javascript:${script}"]{x}$`
};
