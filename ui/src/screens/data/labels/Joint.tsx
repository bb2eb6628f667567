/** Labels as given against as they likely are: estimated rows of each pair, and the pairs in words. */
import { Badge, SegmentedControl, Text } from "@mantine/core";
import { type CSSProperties, useState } from "react";
import type { LabelErrors, LabelPair } from "@/api/types";
import classes from "@/screens/data/labels/Labels.module.css";
import confusion from "@/screens/overview/Confusion.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { cell, count, counted, percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

const MOST_CLASSES = 12;
const UPRIGHT = 4;
const PAIRS = 6;

export function Joint({ found }: { found: LabelErrors }) {
  const [unit, setUnit] = useState("rows");
  const shown = shownClasses(found);
  const isCut = shown.length < found.classes.length;
  return (
    <Panel
      title="Which labels are mixed up"
      says="Estimated rows by the label they have (down) and the class they likely are (across)."
      actions={
        <SegmentedControl
          size="xs"
          value={unit}
          onChange={setUnit}
          data={[
            { value: "rows", label: "Rows" },
            { value: "share", label: "Of the label" },
          ]}
          aria-label="Numbers as"
        />
      }
    >
      <div className={classes.mixed}>
        <div>
          <Grid found={found} shown={shown} isShare={unit === "share"} />
          {isCut && (
            <Text size="xs" className="mp-soft" mt={6}>
              The {shown.length} of {found.classes.length} labels with most rows in doubt.
            </Text>
          )}
        </div>
        <Pairs pairs={found.pairs} />
      </div>
    </Panel>
  );
}

/** Places of the classes that fit, those with most rows in doubt first where not all do. */
function shownClasses({ classes: all }: LabelErrors): number[] {
  const places = all.map((_, place) => place);
  if (all.length <= MOST_CLASSES) return places;
  const flagged = (place: number) => all[place]?.flagged ?? 0;
  return places.sort((a, b) => flagged(b) - flagged(a)).slice(0, MOST_CLASSES);
}

interface GridProps {
  found: LabelErrors;
  shown: readonly number[];
  isShare: boolean;
}

function Grid({ found, shown, isShare }: GridProps) {
  const name = (place: number) => cell(found.classes[place]?.label);
  const pairs = new Map(
    found.pairs.map((pair) => [`${cell(pair.given)}\n${cell(pair.suggested)}`, pair]),
  );
  return (
    <Scroll label="Table of labels that are mixed up">
      <table className={confusion.grid} data-tall={shown.length > UPRIGHT || undefined}>
        <thead>
          <tr>
            <th scope="col" className={confusion.corner}>
              label ↓ likely →
            </th>
            {shown.map((j) => (
              <th key={j} scope="col" title={name(j)}>
                <span>{name(j)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((i) => (
            <tr key={i}>
              <th scope="row" title={name(i)}>
                {name(i)}
              </th>
              {shown.map((j) => {
                const n = found.joint[i]?.[j] ?? 0;
                const share = found.inverse[i]?.[j] ?? null;
                const where = i === j ? undefined : pairs.get(`${name(i)}\n${name(j)}`)?.where;
                const text = isShare ? percent(share) : count(n);
                const says = `labelled ${name(i)}, likely ${name(j)}: about ${counted(n, "row")}, ${percent(share)} of the label`;
                return (
                  <td
                    key={j}
                    data-right={i === j}
                    style={{ "--share": share ?? 0 } as CSSProperties}
                    title={says}
                  >
                    {where ? (
                      <CohortLink
                        where={where}
                        className={confusion.cell}
                        title={`${says}; open the rows in doubt`}
                      >
                        {text}
                      </CohortLink>
                    ) : (
                      <span className={confusion.cell} data-none={n === 0 || undefined}>
                        {text}
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Pairs({ pairs }: { pairs: readonly LabelPair[] }) {
  const [isWhole, setWhole] = useState(false);
  if (pairs.length === 0) return null;
  return (
    <div>
      <ul className={classes.pairs}>
        {(isWhole ? pairs : pairs.slice(0, PAIRS)).map((pair) => (
          <li key={`${cell(pair.given)}\n${cell(pair.suggested)}`}>
            <CohortLink where={pair.where} className={classes.pairSays}>
              {pair.sentence}
            </CohortLink>{" "}
            {pair.is_ambiguous && (
              <Badge size="xs" variant="light" color="gray" tt="none">
                ambiguous
              </Badge>
            )}
            <Text size="xs" className="mp-soft">
              about {counted(pair.wrong, "label")}: {percent(pair.share)} of the label (
              {percent(pair.low)} – {percent(pair.high)})
            </Text>
          </li>
        ))}
      </ul>
      <MoreButton
        n={pairs.length}
        shown={PAIRS}
        things="pairs"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </div>
  );
}
