/** JupyterLab's light and dark theme, as far as a page uses them; a few tones are deepened until they read well. */
export const theme = `
:root {
  color-scheme: light;
  --jp-layout-color0: #fff;
  --jp-layout-color1: #fff;
  --jp-layout-color2: #f5f5f5;
  --jp-border-color1: #bdbdbd;
  --jp-border-color2: #e0e0e0;
  --jp-content-font-color0: #000;
  --jp-content-font-color1: #212121;
  --jp-content-font-color2: #5a5a5a;
  --jp-content-link-color: #1565c0;
  --jp-content-font-family: system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif;
  --jp-code-font-family: Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  --jp-cell-editor-background: #f5f5f5;
  --jp-cell-editor-border-color: #e0e0e0;
  --jp-cell-prompt-color: #2b6ca3;
  --jp-rendermime-error-background: #fdecea;
  --jp-rendermime-stderr-background: #fdf3e7;
  --jp-rendermime-table-row-background: #f5f5f5;
  --jp-rendermime-table-row-hover-background: #e3f2fd;
  --jp-error-color0: #b71c1c;
  --jp-warn-color0: #8a4b00;
  --jp-info-color0: #00606e;
  --jp-success-color0: #1b5e20;
  --jp-mirror-editor-keyword-color: #00700f;
  --jp-mirror-editor-string-color: #a81e1e;
  --jp-mirror-editor-comment-color: #3a6b6b;
  --jp-mirror-editor-number-color: #00700f;
  --jp-mirror-editor-def-color: #0022dd;
  --jp-mirror-editor-meta-color: #8a1fd1;
  --jp-mirror-editor-builtin-color: #00700f;
  --jp-mirror-editor-attribute-color: #00589b;
  --ansi-black: #2f333d;
  --ansi-red: #b3261e;
  --ansi-green: #00692f;
  --ansi-yellow: #7a5a00;
  --ansi-blue: #0b57a4;
  --ansi-magenta: #93278b;
  --ansi-cyan: #00646b;
  --ansi-white: #5a5a5a;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --jp-layout-color0: #111;
    --jp-layout-color1: #111;
    --jp-layout-color2: #1e1e1e;
    --jp-border-color1: #616161;
    --jp-border-color2: #3a3a3a;
    --jp-content-font-color0: #fff;
    --jp-content-font-color1: #e0e0e0;
    --jp-content-font-color2: #a8a8a8;
    --jp-content-link-color: #64b5f6;
    --jp-cell-editor-background: #1e1e1e;
    --jp-cell-editor-border-color: #3a3a3a;
    --jp-cell-prompt-color: #7fb7e6;
    --jp-rendermime-error-background: #3a1d1c;
    --jp-rendermime-stderr-background: #33271a;
    --jp-rendermime-table-row-background: #1e1e1e;
    --jp-rendermime-table-row-hover-background: #14324a;
    --jp-error-color0: #ff8a80;
    --jp-warn-color0: #ffb74d;
    --jp-info-color0: #4dd0e1;
    --jp-success-color0: #81c784;
    --jp-mirror-editor-keyword-color: #66bb6a;
    --jp-mirror-editor-string-color: #ff8f8f;
    --jp-mirror-editor-comment-color: #8fb0b0;
    --jp-mirror-editor-number-color: #81c784;
    --jp-mirror-editor-def-color: #82b1ff;
    --jp-mirror-editor-meta-color: #d69cff;
    --jp-mirror-editor-builtin-color: #80cbc4;
    --jp-mirror-editor-attribute-color: #82b1ff;
    --ansi-black: #9aa0ad;
    --ansi-red: #ff8a80;
    --ansi-green: #69d08f;
    --ansi-yellow: #e0c15a;
    --ansi-blue: #7db4ff;
    --ansi-magenta: #e79ae0;
    --ansi-cyan: #6fd6de;
    --ansi-white: #d8d4c8;
  }
}
`;
