/** The list of what may be typed next. */
import { useEffect, useRef } from "react";
import type { Suggestion } from "@/api/types";
import classes from "@/screens/explore/cohort/Suggestions.module.css";

interface SuggestionsProps {
  id: string;
  items: readonly Suggestion[];
  active: number;
  onTake: (item: Suggestion) => void;
}

export function Suggestions({ id, items, active, onTake }: SuggestionsProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div ref={list} id={id} role="listbox" aria-label="Suggestions" className={classes.list}>
      {items.map((item, place) => (
        <div
          key={`${item.kind} ${item.text}`}
          id={`${id}-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={place === active}
          className={classes.item}
          onPointerDown={(event) => {
            event.preventDefault(); // the field keeps the focus
            onTake(item);
          }}
        >
          <span className={classes.text}>{item.text}</span>
          <span className={classes.detail}>{item.detail}</span>
          <span className={classes.kind}>{item.kind}</span>
        </div>
      ))}
    </div>
  );
}
