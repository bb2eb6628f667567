/** From a finding to its rows, before and now, and to a problem. */
import { Text } from "@mantine/core";
import { IconTable } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useWorkspace } from "@/api/queries";
import type { Drift } from "@/api/types";
import { useMaybeHere } from "@/app/EvaluationFrame";
import actions from "@/shared/CohortActions.module.css";
import { allOf } from "@/shared/cohortText";
import { OpenProblem } from "@/shared/OpenProblem";

interface RowsOfProps {
  found: Drift;
  where: string;
  sentence: string;
}

export function RowsOf({ found, where, sentence }: RowsOfProps) {
  const workspace = useWorkspace();
  const here = useMaybeHere();
  const refs = workspace.data?.evaluations.map(({ ref }) => ref) ?? [];
  const sides = [
    { title: "Rows of now", source: found.source },
    { title: "Rows of before", source: found.reference },
  ];
  const links = sides.flatMap(({ title, source }) => {
    const ref =
      refs.find((item) => item === source.of) ??
      refs.find((item) => item.endsWith(`/${source.of}`));
    const [model, dataset] = ref?.split("/") ?? [];
    return model && dataset ? [{ title, model, dataset, where: allOf(source.where, where) }] : [];
  });
  const isHere = here?.facts.ref.endsWith(found.source.of);
  if (links.length === 0) {
    return (
      <Text size="xs" className="mp-soft">
        Rows are looked at in Explore, beside the predictions of a model: none has predicted these.
      </Text>
    );
  }
  return (
    <>
      {links.map((link) => (
        <Link
          key={link.title}
          to="/e/$model/$dataset/explore"
          params={{ model: link.model, dataset: link.dataset }}
          search={{ where: link.where || undefined } as never}
          className={actions.button}
        >
          <IconTable size={14} aria-hidden /> {link.title}
        </Link>
      ))}
      {isHere && where && (
        <OpenProblem
          finding={{ kind: "drift", where: allOf(found.source.where, where), sentence }}
          title={sentence.split(/[.:(]/)[0] ?? "Drift"}
        />
      )}
    </>
  );
}
