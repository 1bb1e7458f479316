const named = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** Colours of code and of terminal output. */
export const code = `
.hljs-keyword, .hljs-literal, .hljs-selector-tag, .hljs-name, .hljs-tag { color: var(--jp-mirror-editor-keyword-color); }
.hljs-keyword { font-weight: 600; }
.hljs-string, .hljs-regexp, .hljs-addition, .hljs-char { color: var(--jp-mirror-editor-string-color); }
.hljs-comment, .hljs-quote { color: var(--jp-mirror-editor-comment-color); font-style: italic; }
.hljs-number, .hljs-symbol, .hljs-bullet { color: var(--jp-mirror-editor-number-color); }
.hljs-title, .hljs-section, .hljs-selector-id, .hljs-selector-class { color: var(--jp-mirror-editor-def-color); }
.hljs-built_in, .hljs-type { color: var(--jp-mirror-editor-builtin-color); }
.hljs-meta, .hljs-doctag, .hljs-operator, .hljs-deletion { color: var(--jp-mirror-editor-meta-color); }
.hljs-attr, .hljs-attribute, .hljs-variable, .hljs-template-variable, .hljs-property, .hljs-link { color: var(--jp-mirror-editor-attribute-color); }
.hljs-subst { color: inherit; }
.hljs-emphasis { font-style: italic; }
.hljs-strong { font-weight: 700; }
.ansi-bold { font-weight: 700; }
.ansi-faint { opacity: .8; }
.ansi-italic { font-style: italic; }
.ansi-underline { text-decoration: underline; }
.ansi-strike { text-decoration: line-through; }
.ansi-free { color: color-mix(in srgb, var(--c) 50%, var(--jp-content-font-color0)); }
.ansi-inverse:not([class*='ansi-on-']) { background: var(--jp-content-font-color1); color: var(--jp-layout-color0); }
${named.map(name => `.ansi-${name}, .ansi-bright-${name} { color: var(--ansi-${name}); }`).join('\n')}
${named
  .map(
    name =>
      `.ansi-on-${name}, .ansi-on-bright-${name} { background: var(--ansi-${name}); color: var(--jp-layout-color0); }`
  )
  .join('\n')}
.ansi-on-dark { background: var(--b); color: #fff; }
.ansi-on-light { background: var(--b); color: #000; }
`;
