/** Which model on which dataset; another one keeps the screen. */
import { Button, Menu, Text } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { type Place, useWorkspace } from "@/api/queries";
import classes from "@/app/EvaluationPicker.module.css";
import { counted } from "@/shared/format";

export function EvaluationPicker({ place }: { place: Place }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const screen = useRouterState({
    select: (state) => state.location.pathname.match(/\/(explore|slices|priorities|compare)$/)?.[1],
  });
  return (
    <Menu position="bottom-start" width={340}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          c="var(--mp-text)"
          className={classes.button}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          aria-label={`Evaluation ${place.model} on ${place.dataset}; choose another`}
        >
          <span className={classes.name}>
            <b>{place.model}</b> on <b>{place.dataset}</b>
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="70vh" style={{ overflow: "auto" }}>
        <Menu.Label>Evaluations</Menu.Label>
        {workspace.data?.evaluations.map((item) => (
          <Menu.Item
            key={item.ref}
            onClick={() =>
              void navigate({
                to: `/e/$model/$dataset/${screen ?? "overview"}` as never,
                params: { model: item.model, dataset: item.dataset } as never,
              })
            }
          >
            <Text size="sm">
              <b>{item.model}</b> on <b>{item.dataset}</b>
            </Text>
            <Text size="xs" className="mp-soft">
              {counted(item.n, "row")} · {item.task}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
