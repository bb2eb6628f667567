/** The comparison in a sentence, and as a text for a pull request. */
import { Button, Text } from "@mantine/core";
import { IconMarkdown } from "@tabler/icons-react";
import { useState } from "react";
import type { Comparison } from "@/api/types";
import classes from "@/screens/compare/Compare.module.css";
import { MarkdownText } from "@/screens/compare/MarkdownText";
import { Word } from "@/screens/compare/Word";
import { counted, seconds } from "@/shared/format";

export function Verdict({ found }: { found: Comparison }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section className={`mp-panel ${classes.verdict}`} data-word={found.word} aria-label="Verdict">
      <div className={classes.top}>
        <Word word={found.word} />
        <span className="mp-soft">
          {counted(found.source.n, "row")}, in {seconds(found.seconds)}
        </span>
        <Button
          size="compact-xs"
          variant="default"
          ml="auto"
          leftSection={<IconMarkdown size={14} />}
          onClick={() => setOpen(true)}
        >
          As Markdown
        </Button>
      </div>
      <p className={classes.says}>{found.verdict}</p>
      {found.notes.map((note) => (
        <Text key={note} size="sm" className="mp-sentence mp-soft">
          {note}
        </Text>
      ))}
      {isOpen && <MarkdownText found={found} close={() => setOpen(false)} />}
    </section>
  );
}
