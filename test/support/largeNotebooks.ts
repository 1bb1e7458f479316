/**
 * Notebooks of a given size for benchmarks and memory tests: the same number gives the same bytes. No imports, so that
 * Node runs this file as it is.
 */

/** Pseudo-random numbers from a start value (mulberry32). */
export function randomNumbers(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS = 'delay flight arrival mean median airport weather wind gust carrier origin model error rate plan'.split(
  ' '
);

function words(random: () => number, count: number): string {
  return Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
}

/** Random bytes behind the head of a 640 × 480 PNG, as base64. */
function picture(random: () => number, bytes: number): string {
  const data = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 4) data.writeUInt32LE(Math.floor(random() * 4294967296), Math.min(at, bytes - 4));
  Buffer.from('89504e470d0a1a0a0000000d4948445200000280000001e00806000000', 'hex').copy(data);
  return data.toString('base64');
}

/** A pandas data frame as its HTML. */
export function frameHtml(random: () => number, rows: number, columns: number): string {
  const head = Array.from({ length: columns }, (_, at) => `      <th>column_${at}</th>\n`).join('');
  const body = Array.from({ length: rows }, (_, row) => {
    const cells = Array.from({ length: columns }, () => `      <td>${(random() * 1000).toFixed(4)}</td>\n`).join('');
    return `    <tr>\n      <th>${row}</th>\n${cells}    </tr>\n`;
  }).join('');
  const style =
    '<style scoped>\n    .dataframe tbody tr th:only-of-type {\n        vertical-align: middle;\n    }\n\n    .dataframe tbody tr th {\n        vertical-align: top;\n    }\n\n    .dataframe thead th {\n        text-align: right;\n    }\n</style>';
  return `<div>\n${style}\n<table border="1" class="dataframe">\n  <thead>\n    <tr style="text-align: right;">\n      <th></th>\n${head}    </tr>\n  </thead>\n  <tbody>\n${body}  </tbody>\n</table>\n<p>${rows} rows × ${columns} columns</p>\n</div>`;
}

function logLines(random: () => number, count: number): string[] {
  return Array.from(
    { length: count },
    (_, at) =>
      `\u001b[32m2013-09-${String(1 + (at % 28)).padStart(2, '0')} 07:30:00\u001b[0m \u001b[1mINFO\u001b[0m step ${at} loss=${random().toFixed(6)}\n`
  );
}

const lines = (text: string): string[] => text.split(/(?<=\n)/);

function mixedCells(random: () => number, number: number): object[] {
  const code = `df = load(${number})\nfor name, group in df.groupby("origin"):\n    print(f"{name}: {group.delay.mean():.2f}")  # ${words(random, 4)}\nplot(df)`;
  return [
    {
      cell_type: 'markdown',
      metadata: {},
      source: lines(
        `## Part ${number}\n\nThe *${words(random, 6)}* is **${words(random, 2)}**:\n\n- ${words(random, 8)}\n- \`${words(random, 1)}\` and [a link](https://example.org/${number})\n`
      )
    },
    {
      cell_type: 'code',
      execution_count: number + 1,
      metadata: {},
      source: lines(code),
      outputs: [
        { output_type: 'stream', name: 'stdout', text: logLines(random, 300) },
        {
          output_type: 'display_data',
          metadata: {},
          data: { 'image/png': picture(random, 45_000), 'text/plain': ['<Figure size 640x480 with 1 Axes>'] }
        },
        {
          output_type: 'execute_result',
          execution_count: number + 1,
          metadata: {},
          data: { 'text/html': lines(frameHtml(random, 60, 10)), 'text/plain': ['a frame'] }
        }
      ]
    }
  ];
}

function tableCells(random: () => number, number: number): object[] {
  return [
    {
      cell_type: 'code',
      execution_count: number + 1,
      metadata: {},
      source: [`frame(${number})`],
      outputs: [
        {
          output_type: 'execute_result',
          execution_count: number + 1,
          metadata: {},
          data: { 'text/html': lines(frameHtml(random, 20, 10)), 'text/plain': ['a frame'] }
        }
      ]
    }
  ];
}

/** The file of a notebook of about so many bytes: prose, code, pictures, tables and logs, or tables only. */
export function largeNotebook(kind: 'mix' | 'html', bytes: number): string {
  const random = randomNumbers(7);
  const make = kind === 'mix' ? mixedCells : tableCells;
  const cells: string[] = [];
  for (let size = 0, number = 0; size < bytes; number++)
    for (const cell of make(random, number)) {
      const text = JSON.stringify(cell, undefined, 1);
      size += text.length;
      cells.push(text);
    }
  const metadata = {
    kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
    language_info: { name: 'python', version: '3.11.7' }
  };
  return `{\n "cells": [\n${cells.join(',\n')}\n ],\n "metadata": ${JSON.stringify(metadata)},\n "nbformat": 4,\n "nbformat_minor": 4\n}\n`;
}
