/** A button that is an icon, said in words when it is pointed at or has the focus. */
import type { ReactNode } from "react";
import classes from "@/shared/IconAction.module.css";

interface IconActionProps {
  label: string;
  onClick: (() => void) | undefined;
  size?: "small" | "medium";
  /** Where the words stand, so that they are not cut off. */
  side?: "middle" | "end";
  isOn?: boolean;
  children: ReactNode;
}

/** Light: screens with many of them are painted again with each click on a bar. */
export function IconAction(props: IconActionProps) {
  const { label, onClick, size = "medium", side = "middle", isOn, children } = props;
  return (
    <button
      type="button"
      className={classes.action}
      data-size={size}
      data-tip={label}
      data-side={side}
      data-on={isOn || undefined}
      aria-label={label}
      aria-pressed={isOn}
      disabled={!onClick}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
