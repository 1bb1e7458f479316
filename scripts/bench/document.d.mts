import type { Report } from '../../test/bench/report.mjs';

/** Renews one part of a document; everything outside its markers stays. */
export function renew(text: string, name: string, content: string): string;

/** A report as it stands in the document. */
export function section(report: Report): string;

/** Writes reports, by name, and the machine they were made on. */
export function writeFigures(file: string, reports: Record<string, Report>, machine: string): void;
