/** The cohort as text: completed while it is typed, checked when the typing rests. */
import { Text } from "@mantine/core";
import {
  type ChangeEvent,
  type KeyboardEvent,
  type SyntheticEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import type { ApiError } from "@/api/client";
import type { Suggestion } from "@/api/types";
import { isTyping } from "@/app/Shortcuts";
import classes from "@/screens/explore/cohort/CohortField.module.css";
import { taken, wrongPart } from "@/screens/explore/cohort/place";
import { Suggestions } from "@/screens/explore/cohort/Suggestions";
import { type Draft, useCheck, useCompletion } from "@/screens/explore/cohort/useCompletion";
import { count } from "@/shared/format";

interface CohortFieldProps {
  where: string;
  /** What is wrong with the cohort of the address. */
  fault: ApiError | undefined;
  placeholder: string;
  onGo: (where: string) => void;
}

export function CohortField({ where, fault, placeholder, onGo }: CohortFieldProps) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState<Draft>({ text: where, cursor: where.length });
  const [known, setKnown] = useState(where);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  if (known !== where) {
    setKnown(where);
    setDraft({ text: where, cursor: where.length });
  }
  const isDirty = draft.text.trim() !== where;
  const completion = useCompletion(draft, isOpen);
  const items = completion?.items ?? [];
  const checked = useCheck(draft.text, isDirty);
  // Half a word is no fault while there is something to complete it by.
  const error = isDirty ? (items.length > 0 ? undefined : checked.error) : fault;
  const part = error ? wrongPart(draft.text, error) : null;
  useSlash(field);

  function type(event: ChangeEvent<HTMLTextAreaElement>) {
    const text = event.currentTarget.value.replaceAll("\n", " ");
    setDraft({ text, cursor: event.currentTarget.selectionStart });
    setOpen(true);
    setActive(-1);
  }

  function select(event: SyntheticEvent<HTMLTextAreaElement>) {
    const cursor = event.currentTarget.selectionStart;
    if (cursor !== draft.cursor) setDraft({ ...draft, cursor });
  }

  function take(item: Suggestion) {
    if (!completion) return;
    const next = taken(draft.text, completion, item);
    setDraft(next);
    setActive(-1);
    requestAnimationFrame(() => field.current?.setSelectionRange(next.cursor, next.cursor));
  }

  function press(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length > 0) setActive((active + step + items.length) % items.length);
    else if (event.key === "ArrowDown" || (event.key === " " && event.ctrlKey)) setOpen(true);
    else if (event.key === "Tab" && items[Math.max(active, 0)] && isOpen && isDirty) {
      take(items[Math.max(active, 0)] as Suggestion);
    } else if (event.key === "Enter" && items[active]) take(items[active]);
    else if (event.key === "Enter") {
      setOpen(false);
      onGo(draft.text.trim());
    } else if (event.key === "Escape" && isOpen) setOpen(false);
    else if (event.key === "Escape") {
      setDraft({ text: where, cursor: where.length });
      field.current?.blur();
    } else return;
    event.preventDefault();
  }

  return (
    <div className={classes.field}>
      <div className={classes.box} data-wrong={error !== undefined || undefined}>
        <div className={classes.mirror} aria-hidden>
          {draft.text.slice(0, part?.start ?? draft.text.length)}
          {part && <span className={classes.wrong}>{draft.text.slice(part.start, part.end)}</span>}
          {part && draft.text.slice(part.end)}{" "}
        </div>
        <textarea
          ref={field}
          rows={1}
          className={classes.text}
          value={draft.text}
          placeholder={placeholder}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-label="Cohort: which rows to look at"
          aria-haspopup="listbox"
          aria-controls={items.length > 0 ? `${id}-list` : undefined}
          aria-activedescendant={active >= 0 ? `${id}-list-${active}` : undefined}
          aria-autocomplete="list"
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-said`}
          onChange={type}
          onSelect={select}
          onKeyDown={press}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
        />
        {items.length > 0 && (
          <Suggestions id={`${id}-list`} items={items} active={active} onTake={take} />
        )}
      </div>
      <div id={`${id}-said`} className={classes.said}>
        {error && <Said error={error} />}
        {isDirty && checked.facts && (
          <Text size="xs" className="mp-soft">
            {count(checked.facts.n)} rows: {checked.facts.sentence}. Enter looks at them.
          </Text>
        )}
      </div>
    </div>
  );
}

function Said({ error }: { error: ApiError }) {
  return (
    <Text size="xs" role="alert">
      <span className="mp-wrong">{error.message}</span>
      {error.hint && <span className="mp-soft"> Try: {error.hint}</span>}
    </Text>
  );
}

/** The key `/` goes to the field. */
function useSlash(field: React.RefObject<HTMLTextAreaElement | null>) {
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "/" || isTyping(event)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [field]);
}
