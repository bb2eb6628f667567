/** A column's name, which may break after its parts and not inside a word. */
import { Fragment } from "react";

export function ColumnName({ name }: { name: string }) {
  return name.split(/(?<=[_.-])(?=.)/).map((part, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
    <Fragment key={place}>
      {place > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
