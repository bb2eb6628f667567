/** The tags of the selection's rows; a click looks at those of one. */
import { UnstyledButton } from "@mantine/core";
import type { Exploration } from "@/api/types";
import { rateText, rateWords } from "@/screens/explore/panels/says";
import classes from "@/screens/explore/side/Tags.module.css";
import { allOf, hasTag } from "@/shared/cohortText";
import { count } from "@/shared/format";

interface TagsProps {
  exploration: Exploration;
  onGo: (where: string) => void;
}

export function Tags({ exploration, onGo }: TagsProps) {
  const { where, measure } = exploration;
  const tags = exploration.tags.filter(({ all }) => all > 0);
  if (tags.length === 0) return null;
  return (
    <section aria-labelledby="tags-title" className={classes.tags}>
      <h2 id="tags-title" className={classes.title}>
        Tags
      </h2>
      <ul className={classes.list}>
        {tags.map(({ tag, n, all, rate }) => (
          <li key={tag}>
            <UnstyledButton
              className={classes.tag}
              disabled={n === 0}
              onClick={() => onGo(allOf(where, hasTag(tag)))}
              title={`Only rows with the tag “${tag}”`}
            >
              <span className={classes.name}>{tag}</span>
              <span className="mp-soft">
                {count(n)} of {count(all)}
              </span>
              {measure !== "" && n > 0 && (
                <span className="mp-wrong">
                  {rateText(rate, measure)} {rateWords(measure)}
                </span>
              )}
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
