import type { ReactNode } from 'react';

/** Outlines on a grid of 16, drawn with one line of 1.5 in the colour of the text around them. */
const paths = {
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14',
  close: 'm4 4 8 8m0-8-8 8',
  down: 'm4 6 4 4 4-4',
  back: 'm10 3-5 5 5 5',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  fork: 'M4.5 5.5v2c0 1.4.9 2 2 2h3c1.1 0 2-.6 2-2v-2M8 9.5v1.5M4.5 2.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Zm7 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3ZM8 11a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z',
  download: 'M8 2.5v7.5m0 0 3-3m-3 3-3-3M2.5 13.5h11',
  history: 'M2.6 6.5A5.7 5.7 0 1 1 2.3 8M2.3 3v3.5h3.5M8 5v3.2l2 1.3',
  clock: 'M8 13.7A5.7 5.7 0 1 0 8 2.3a5.7 5.7 0 0 0 0 11.4ZM8 5v3.2l2 1.3',
  link: 'M6.5 9.5a2.6 2.6 0 0 0 3.7 0l2.4-2.4a2.6 2.6 0 0 0-3.7-3.7l-.8.8m1.4 2.3a2.6 2.6 0 0 0-3.7 0L3.4 8.9a2.6 2.6 0 0 0 3.7 3.7l.8-.8',
  trash: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.6 7v4m2.8-4v4',
  restore: 'M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H6',
  edit: 'm10.5 3 2.5 2.5L5.5 13H3v-2.5L10.5 3Z',
  print: 'M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7v-4Z',
  figure: 'M2.5 2.5v11h11M5 10.5l2.5-3 2 1.5 3-4',
  tag: 'M2.5 2.5h5.2l5.8 5.8-5.2 5.2-5.8-5.8V2.5ZM5.4 5.4h.01',
  group: 'M2 4.5v8h12V5.5H8L6.5 3.5H2v1Z',
  person: 'M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8Zm-5 5.5c.5-2.3 2.5-3.5 5-3.5s4.5 1.2 5 3.5',
  table: 'M2.5 3.5h11v9h-11v-9Zm0 3h11m-11 3h11M6.5 6.5v6',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  alert: 'M8 2.5 14.5 13.5h-13L8 2.5ZM8 6.5v3.2m0 1.8v.01',
  compare: 'M5 3v10m0 0-2.5-2.5M5 13l2.5-2.5M11 13V3m0 0L8.5 5.5M11 3l2.5 2.5',
  newTab: 'M6.5 3.5h-3v9h9v-3M9 2.5h4.5V7m0-4.5L8 8',
  code: 'M5.5 4.5 2 8l3.5 3.5m5-7L14 8l-3.5 3.5',
  notebook: 'M4 2.5h9v11H4v-11Zm0 0H2.8m1.2 0v11M2.8 5.5H4m-1.2 5H4M6.5 6h4m-4 2.5h4',
  sort: 'M4.5 3v10m0 0L2.5 11m2 2 2-2M9 4.5h5M9 8h4M9 11.5h2.5',
  plus: 'M8 3v10M3 8h10'
} as const;

export type IconName = keyof typeof paths;

/** A picture beside words; it says nothing by itself. */
export function Icon(props: { name: IconName }): ReactNode {
  return (
    <svg
      className="lk-Icon"
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={props.name === 'more' ? 2.5 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[props.name]} />
    </svg>
  );
}
