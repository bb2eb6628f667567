/** Which model, data and versions every figure of the page stands on. */
import type { OverviewData } from "@/api/types";
import classes from "@/screens/overview/About.module.css";
import { counted, when } from "@/shared/format";

const HASH = 12; // letters of a content hash that people compare

export function About({ about }: { about: OverviewData["about"] }) {
  const facts: [string, string][] = [
    ["Model", joined(about.model, about.model_kind, about.model_hash.slice(0, HASH))],
    [
      "Dataset",
      joined(
        about.dataset,
        `${counted(about.dataset_rows, "row")} × ${counted(about.dataset_columns, "column")}`,
        about.dataset_hash.slice(0, HASH),
      ),
    ],
    ["From", about.dataset_origin],
    ["Label", about.label],
    ["Evaluated", joined(when(about.evaluated_at), about.evaluated_by, about.how)],
    ["Code", about.code],
    ["mispredict", about.mispredict],
    ["Beside it", about.environment.join(", ")],
  ];
  return (
    <details className={classes.about}>
      <summary>What these figures stand on</summary>
      <dl>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}

function joined(...parts: string[]): string {
  return parts.filter(Boolean).join(" · ");
}
