/** More rules than this are not looked at: such a table keeps its texts and loses its colours. */
const MAX_RULES = 20_000;

/**
 * The rules of a style sheet that name single cells by id (`#T_ab_row0_col1 { color: red }`), as pandas' Styler writes
 * them. All other rules are dropped. The declarations are not filtered here.
 */
export class StylerRules {
  private readonly byId = new Map<string, string>();
  private left = MAX_RULES;

  add(sheet: string): void {
    for (let at = 0; this.left > 0;) {
      const open = sheet.indexOf('{', at);
      const close = open < 0 ? -1 : sheet.indexOf('}', open);
      if (close < 0) return;
      const declarations = sheet
        .slice(open + 1, close)
        .trim()
        .replace(/\s+/g, ' ');
      for (const selector of sheet.slice(at, open).split(',')) {
        const id = /^\s*#([\w-]{1,100})\s*$/.exec(selector)?.[1];
        if (id === undefined || this.left-- <= 0) continue;
        this.byId.set(id, `${this.byId.get(id) ?? ''}${declarations};`);
      }
      at = close + 1;
    }
  }

  styleOf(attributes: Map<string, string>): string | undefined {
    return this.byId.get(attributes.get('id') ?? '');
  }
}
