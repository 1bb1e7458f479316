export function npm(words: readonly string[], cwd: string): string;
export function run(program: string, words: readonly string[], cwd?: string): string;
export function pack(folder: string, into: string): string;
