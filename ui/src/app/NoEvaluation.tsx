/** The evaluation of the address is not there, or cannot be opened: what else there is. */
import { Anchor, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useWorkspace } from "@/api/queries";
import { Failure } from "@/app/states";

const SHOWN = 8;

export function NoEvaluation({ error, retry }: { error: unknown; retry: () => void }) {
  const workspace = useWorkspace();
  const others = workspace.data?.evaluations.slice(0, SHOWN) ?? [];
  return (
    <section className="mp-panel">
      <Title order={1}>This evaluation cannot be shown</Title>
      <Failure error={error} retry={retry} />
      {others.length > 0 && (
        <>
          <Text size="sm" className="mp-soft" mt="md" mb={4}>
            There are:
          </Text>
          <ul className="mp-plain">
            {others.map(({ ref, model, dataset }) => (
              <li key={ref}>
                <Anchor
                  component={Link}
                  size="sm"
                  to="/e/$model/$dataset/overview"
                  params={{ model, dataset } as never}
                >
                  {model} on {dataset}
                </Anchor>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
