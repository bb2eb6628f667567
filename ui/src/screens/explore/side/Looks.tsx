/** What the model looks at in the selection: asked for by a click, since the model is asked. */
import { Button, Text } from "@mantine/core";
import { IconBulb } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, memo, Suspense, useState } from "react";
import { exported } from "@/api/exported";
import { useHere } from "@/app/EvaluationFrame";
import { patient } from "@/app/screensLoading";
import { Loading } from "@/app/states";
import classes from "@/screens/explore/side/Looks.module.css";
import { AddModel } from "@/shared/AddModel";

const LooksHere = lazy(
  patient(() =>
    import("@/screens/explore/side/LooksHere").then(({ LooksHere: part }) => ({ default: part })),
  ),
);

interface LooksProps {
  where: string;
  n: number;
}

export const Looks = memo(function Looks({ where, n }: LooksProps) {
  const { place, facts } = useHere();
  const [asked, setAsked] = useState<string>();
  if (n === 0) return null;
  return (
    <section aria-labelledby="looks-title" className={classes.looks}>
      <h2 id="looks-title" className={classes.title}>
        What the model looks at
      </h2>
      {exported() ? (
        <AddModel />
      ) : asked === where ? (
        <Suspense fallback={<Loading lines={5} />}>
          <LooksHere where={where} />
        </Suspense>
      ) : facts.can_call_model ? (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconBulb size={14} aria-hidden />}
          onClick={() => setAsked(where)}
        >
          Explain {where === "" ? "the model" : "the selection"}
        </Button>
      ) : (
        <Text size="xs" className="mp-soft">
          Only predictions are known.{" "}
          <Link
            to="/e/$model/$dataset/overview"
            params={place}
            hash="looks-at"
            className={classes.link}
          >
            How to add the model
          </Link>
        </Text>
      )}
    </section>
  );
});
