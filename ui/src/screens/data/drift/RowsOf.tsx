/** From a finding to its rows: Explore of the current side, where a model has predicted them. */
import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useWorkspace } from "@/api/queries";
import type { Drift } from "@/api/types";
import classes from "@/shared/CohortActions.module.css";
import { allOf } from "@/shared/cohortText";

interface RowsOfProps {
  found: Drift;
  where: string;
}

export function RowsOf({ found, where }: RowsOfProps) {
  const workspace = useWorkspace();
  const refs = workspace.data?.evaluations.map(({ ref }) => ref) ?? [];
  const sides = [
    { title: "Open rows of now", source: found.source },
    { title: "Open rows of before", source: found.reference },
  ];
  const links = sides.flatMap(({ title, source }) => {
    const ref = refs.find((item) => item === source.of || item.endsWith(`/${source.of}`));
    const [model, dataset] = ref?.split("/") ?? [];
    return model && dataset ? [{ title, model, dataset, where: allOf(source.where, where) }] : [];
  });
  if (links.length === 0) {
    return (
      <Text size="xs" className="mp-soft">
        Rows are looked at in Explore, with the predictions of a model: none has predicted these.
      </Text>
    );
  }
  return links.map((link) => (
    <Link
      key={link.title}
      to="/e/$model/$dataset/explore"
      params={{ model: link.model, dataset: link.dataset }}
      search={{ where: link.where || undefined } as never}
      className={classes.button}
    >
      {link.title}
    </Link>
  ));
}
