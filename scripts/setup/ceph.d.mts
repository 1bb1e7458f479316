export function cephPrograms(): Promise<void>;
