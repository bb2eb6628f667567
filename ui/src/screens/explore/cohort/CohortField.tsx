/** The cohort as text: completed while it is typed, checked when the typing rests. */
import { Text } from "@mantine/core";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef } from "react";
import type { ApiError } from "@/api/client";
import type { CohortFacts, Suggestion } from "@/api/types";
import { isTyping } from "@/app/Shortcuts";
import classes from "@/screens/explore/cohort/CohortField.module.css";
import { wrongPart } from "@/screens/explore/cohort/place";
import { Suggestions } from "@/screens/explore/cohort/Suggestions";
import { useDraft } from "@/screens/explore/cohort/useDraft";
import { counted } from "@/shared/format";

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
  const typing = useDraft(where, fault, onGo);
  const { draft, items, active, error } = typing;
  useSlash(field);

  function take(item: Suggestion) {
    const cursor = typing.take(item);
    requestAnimationFrame(() => field.current?.setSelectionRange(cursor, cursor));
  }

  function press(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = items[active];
    const first = items[Math.max(active, 0)];
    if (step && items.length > 0) typing.setActive((active + step + items.length) % items.length);
    else if (event.key === "ArrowDown" || (event.key === " " && event.ctrlKey))
      typing.setOpen(true);
    else if (event.key === "Tab" && first && draft.text.trim() !== where) take(first);
    else if (event.key === "Enter" && chosen) take(chosen);
    else if (event.key === "Enter") void typing.submit();
    else if (event.key === "Escape" && typing.isOpen) typing.setOpen(false);
    else if (event.key === "Escape") {
      typing.reset();
      field.current?.blur();
    } else return;
    event.preventDefault();
  }

  return (
    <div className={classes.field}>
      <div className={classes.box} data-wrong={error !== undefined || undefined}>
        <Mirror text={draft.text} error={error} />
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
          onChange={({ currentTarget: { value, selectionStart } }) =>
            typing.change(value.replaceAll("\n", " "), selectionStart)
          }
          onSelect={({ currentTarget: { selectionStart: cursor } }) => {
            if (cursor !== draft.cursor) typing.setDraft({ ...draft, cursor });
          }}
          onKeyDown={press}
          onFocus={() => typing.setOpen(true)}
          onBlur={() => typing.setOpen(false)}
        />
        {items.length > 0 && (
          <Suggestions id={`${id}-list`} items={items} active={active} onTake={take} />
        )}
      </div>
      <div id={`${id}-said`} className={classes.said}>
        <Said error={error} facts={typing.facts} />
      </div>
    </div>
  );
}

/** The same text behind the field: it gives the field its height, and underlines what is wrong. */
function Mirror({ text, error }: { text: string; error: ApiError | undefined }) {
  const part = error ? wrongPart(text, error) : null;
  return (
    <div className={classes.mirror} aria-hidden>
      {text.slice(0, part?.start ?? text.length)}
      {part && <span className={classes.wrong}>{text.slice(part.start, part.end)}</span>}
      {part && text.slice(part.end)}{" "}
    </div>
  );
}

interface SaidProps {
  error: ApiError | undefined;
  facts: CohortFacts | undefined;
}

function Said({ error, facts }: SaidProps) {
  if (error) {
    return (
      <Text size="xs" role="alert">
        <span className="mp-wrong">{error.message}</span>
        {error.hint && <span className="mp-soft"> Try: {error.hint}</span>}
      </Text>
    );
  }
  if (!facts) return null;
  return (
    <Text size="xs" className="mp-soft">
      {counted(facts.n, "row")}: {facts.sentence}. Enter looks at them.
    </Text>
  );
}

/** The key `/` goes to the field. */
function useSlash(field: RefObject<HTMLTextAreaElement | null>) {
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
