/** Long values in full, with the phrases that the cohort asks for marked. */
import type { Example } from "@/api/types";
import classes from "@/screens/row/Texts.module.css";
import { phrasesOf } from "@/shared/cohortText";
import { Highlighted } from "@/shared/Highlighted";
import { Panel } from "@/shared/Panel";

interface TextsProps {
  example: Example;
  where: string;
}

export function Texts({ example, where }: TextsProps) {
  const texts = example.values.filter(({ type, value }) => type === "text" && value !== null);
  const phrases = phrasesOf(where);
  return texts.map(({ column, value }) => (
    <Panel key={column} title={column}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long texts scroll */}
      <div className={classes.text} tabIndex={0}>
        <Highlighted
          text={String(value)}
          phrases={phrases.filter((of) => of.column === column).map(({ phrase }) => phrase)}
        />
      </div>
    </Panel>
  ));
}
