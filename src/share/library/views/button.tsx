import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon } from './icons.js';
import type { IconName } from './icons.js';

export interface IButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon?: IconName;
  /** `plain` has no frame, `main` is the one button that matters. */
  look?: 'plain' | 'framed' | 'main';
  buttonRef?: Ref<HTMLButtonElement>;
}

/** A button with a verb, an icon, or both. Without words it needs an `aria-label`. */
export function Button({ icon, look = 'framed', buttonRef, children, className, ...rest }: IButtonProps): ReactNode {
  const classes = ['lk-Button', `lk-mod-${look}`, children === undefined ? 'lk-mod-icon' : '', className ?? ''];
  return (
    <button
      type="button"
      title={rest['aria-label']}
      {...rest}
      ref={buttonRef}
      className={classes.filter(Boolean).join(' ')}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span className="lk-Button-label">{children}</span>}
    </button>
  );
}
