/** Row: everything that is known of one example. */
import { Title } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useEvaluation } from "@/api/queries";
import type { Example } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Belongs } from "@/screens/row/Belongs";
import { Heading } from "@/screens/row/Heading";
import { Neighbours } from "@/screens/row/Neighbours";
import { Outcome } from "@/screens/row/Outcome";
import { Probabilities } from "@/screens/row/Probabilities";
import classes from "@/screens/row/Row.module.css";
import { Texts } from "@/screens/row/Texts";
import { Values } from "@/screens/row/Values";
import { Why } from "@/screens/row/Why";

export function Row() {
  const { place } = useHere();
  const { row } = useParams({ from: "/e/$model/$dataset/row/$row" });
  const { search } = useSearch();
  const where = one(search, "where");
  const order_by = one(search, "order_by");
  const query = useEvaluation<Example>(place, `rows/${encodeURIComponent(row)}`, {
    where,
    order_by,
  });
  const example = query.data;
  if (query.isError || !example) {
    return (
      <div className={classes.page}>
        <Title order={1} mb="md">
          Row {row}
        </Title>
        {query.isError ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading label="Reading the row" lines={8} />
        )}
      </div>
    );
  }
  return (
    <div className={classes.page} data-stale={query.isPlaceholderData || undefined}>
      <Heading example={example} order_by={order_by} />
      <div className={classes.columns}>
        <div className={classes.main}>
          <Outcome example={example} />
          <Texts example={example} where={where ?? ""} />
          <Why example={example} />
          <Values example={example} />
        </div>
        <div className={classes.side}>
          <Probabilities example={example} />
          <Belongs example={example} />
          <Neighbours example={example} />
        </div>
      </div>
    </div>
  );
}
