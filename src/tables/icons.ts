import { LabIcon } from '@jupyterlab/ui-components';
import insert from '../icons/insert.svg';
import preview from '../icons/preview.svg';
import star from '../icons/star.svg';
import starred from '../icons/starred.svg';

/** Writes code at the cursor. */
export const insertIcon = new LabIcon({ name: 'lakeside:insert', svgstr: insert });

/** Looks at the first rows. */
export const previewIcon = new LabIcon({ name: 'lakeside:preview', svgstr: preview });

/** No favourite. */
export const starIcon = new LabIcon({ name: 'lakeside:star', svgstr: star });

/** A favourite. */
export const starredIcon = new LabIcon({ name: 'lakeside:starred', svgstr: starred });
