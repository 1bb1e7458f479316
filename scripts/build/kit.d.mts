export function buildKit(options: { file: string }): Promise<void>;
