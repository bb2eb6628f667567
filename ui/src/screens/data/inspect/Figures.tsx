/** A few figures in a row, each with what it is of. */
import classes from "@/screens/data/inspect/Inspect.module.css";

interface Figure {
  name: string;
  value: string;
  says?: string | undefined;
}

export function Figures({ items }: { items: readonly Figure[] }) {
  return (
    <dl className={classes.big}>
      {items.map(({ name, value, says }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {says && <dd className={classes.of}>{says}</dd>}
        </div>
      ))}
    </dl>
  );
}
