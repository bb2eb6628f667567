/** Which row it is, where it stands in the cohort, and the ways to its neighbours there. */
import { Anchor, Button, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { evaluationPath, get } from "@/api/client";
import { evaluationKey } from "@/api/queries";
import type { Example } from "@/api/types";
import type { Search } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { isTyping } from "@/app/Shortcuts";
import classes from "@/screens/row/Heading.module.css";
import { cell, count, counted } from "@/shared/format";
import { OpenProblem } from "@/shared/OpenProblem";

interface HeadingProps {
  example: Example;
  order_by: string | undefined;
}

export function Heading({ example, order_by }: HeadingProps) {
  const { place, facts } = useHere();
  const name = facts.columns.find(({ role }) => role === "id")?.name ?? "id";
  const where = example.source.where || undefined;
  const search = { where, order_by };
  const at = example.position === null ? undefined : String(example.position);
  const { previous, next } = useSteps(example, search);
  return (
    <header className={classes.heading}>
      <div className={classes.line}>
        <Anchor
          component={Link}
          to="/e/$model/$dataset/explore"
          params={place as never}
          search={{ ...search, at } as never}
          size="sm"
          className={classes.back}
        >
          <IconArrowLeft size={15} aria-hidden /> Explore
        </Anchor>
        <div className={classes.steps}>
          <OpenProblem
            finding={{ kind: "row", rows: [example.number] }}
            title={`Row ${example.number} is misjudged`}
            size="compact-sm"
          />
          <Step to={previous} label="Previous row (←)" isBack />
          <Step to={next} label="Next row (→)" />
        </div>
      </div>
      <Title order={1}>
        Row {example.number}
        {example.id !== null && example.id !== undefined && (
          <span className={classes.id}>
            {" "}
            {name} {cell(example.id)}
          </span>
        )}
      </Title>
      <Text size="sm" className="mp-soft" role="status">
        <Standing example={example} order_by={order_by} />
      </Text>
    </header>
  );
}

function Standing({ example, order_by }: HeadingProps) {
  const { position, total, source } = example;
  const rows = source.where ? ` of the cohort ${source.where}` : "";
  if (position === null) return `Not among the ${counted(total, "row")}${rows}.`;
  const order = order_by ? `, sorted by ${order_by}` : "";
  return `Position ${count(position + 1)} of ${counted(total, "row")}${rows}${order}.`;
}

interface StepProps {
  to: (() => void) | undefined;
  label: string;
  isBack?: boolean;
}

function Step({ to, label, isBack = false }: StepProps) {
  const Icon = isBack ? IconChevronLeft : IconChevronRight;
  return (
    <Button
      size="compact-sm"
      variant="default"
      disabled={!to}
      onClick={to}
      title={label}
      leftSection={isBack && <Icon size={15} aria-hidden />}
      rightSection={!isBack && <Icon size={15} aria-hidden />}
    >
      {isBack ? "Previous" : "Next"}
    </Button>
  );
}

/** What one looks at stays from row to row; what was changed of a row does not. */
function kept({ why, feature, other, effect }: Search): Search {
  return { why, feature, other, effect };
}

type SearchOf = Record<"where" | "order_by", string | undefined>;

/** The steps before and after, also by the arrow keys; both are fetched ahead. */
function useSteps({ previous, next }: Example, search: SearchOf) {
  const { place } = useHere();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { where, order_by } = search;
  const step = (row: number | null) =>
    row === null
      ? undefined
      : () =>
          void navigate({
            to: "/e/$model/$dataset/row/$row",
            params: { ...place, row: String(row) },
            search: ((before: Search) => ({ ...search, ...kept(before) })) as never,
            replace: true,
          });
  const steps = { previous: step(previous), next: step(next) };

  useEffect(() => {
    for (const row of [next, previous]) {
      if (row === null) continue;
      const params = { where, order_by };
      void client.prefetchQuery({
        queryKey: evaluationKey(place, `rows/${row}`, params),
        queryFn: ({ signal }) =>
          get(evaluationPath(place.model, place.dataset, `rows/${row}`), params, signal),
      });
    }
  }, [client, place, previous, next, where, order_by]);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (
        event.defaultPrevented ||
        isTyping(event) ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey
      )
        return;
      const go = { ArrowLeft: steps.previous, ArrowRight: steps.next }[event.key];
      if (go) {
        event.preventDefault();
        go();
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });

  return steps;
}
