import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';

/** A small button with an icon of JupyterLab, its name in the tooltip and for screen readers. */
export function IconButton(props: {
  icon: LabIcon;
  /** What is in the tooltip. */
  title: string;
  /** For screen readers: what it does to what. */
  label: string;
  tabIndex: number;
  disabled?: boolean;
  hasMenu?: boolean;
  onClick: (button: HTMLElement) => void;
}): ReactNode {
  const { icon: Icon, title, label, tabIndex, disabled, hasMenu, onClick } = props;
  return (
    <button
      type="button"
      className="jp-Lakeside-iconButton"
      title={title}
      aria-label={label}
      aria-haspopup={hasMenu ? 'menu' : undefined}
      aria-disabled={disabled || undefined}
      tabIndex={tabIndex}
      onClick={event => !disabled && onClick(event.currentTarget)}
    >
      <Icon.react tag="span" />
    </button>
  );
}
