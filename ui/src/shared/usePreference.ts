/** What a person likes, kept in the browser: widths, folded parts; never what a screen is about. */
import { useCallback, useState } from "react";

const PREFIX = "mispredict:";

export function usePreference<T>(name: string, fallback: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => read(name, fallback));
  const set = useCallback(
    (next: T) => {
      setValue(next);
      try {
        localStorage.setItem(PREFIX + name, JSON.stringify(next));
      } catch {
        // a browser that keeps nothing: the choice holds for this page
      }
    },
    [name],
  );
  return [value, set];
}

function read<T>(name: string, fallback: T): T {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}
