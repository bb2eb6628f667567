/** Which dataset, and the predictions of which model beside it. */
import { Button, Menu, Text } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useWorkspace } from "@/api/queries";
import type { DatasetEvaluation, DatasetFacts } from "@/api/types";
import { one } from "@/app/address";
import classes from "@/app/EvaluationPicker.module.css";
import { useSearch } from "@/app/useSearch";
import { counted } from "@/shared/format";

export const NO_MODEL = "none";

export function DatasetPicker({ dataset }: { dataset: string }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const { search } = useSearch();
  const tab = one(search, "tab");
  return (
    <Menu position="bottom-start" width={340}>
      <Menu.Target>
        <Button {...BUTTON} aria-label={`Dataset ${dataset}; choose another`}>
          <span className={classes.name}>
            <b>{dataset}</b>
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="70vh" style={{ overflow: "auto" }}>
        <Menu.Label>Datasets</Menu.Label>
        {workspace.data?.datasets.map((item) => (
          <Menu.Item
            key={item.ref}
            onClick={() =>
              void navigate({
                to: "/data/$dataset",
                params: { dataset: item.ref },
                search: { tab } as never,
              })
            }
          >
            <Text size="sm" fw={600}>
              {item.ref}
            </Text>
            <Text size="xs" className="mp-soft">
              {counted(item.rows, "row")}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ModelPickerProps {
  facts: DatasetFacts;
  chosen: DatasetEvaluation | undefined;
}

export function ModelPicker({ facts, chosen }: ModelPickerProps) {
  const { set } = useSearch();
  if (facts.evaluations.length === 0) return null;
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <Button {...BUTTON} aria-label="Whose predictions stand beside the data">
          <span className={classes.name}>
            {chosen ? (
              <>
                with <b>{chosen.model}</b>
              </>
            ) : (
              "without a model"
            )}
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Predictions of</Menu.Label>
        {facts.evaluations.map(({ model }) => (
          <Menu.Item key={model} onClick={() => set({ evaluation: model })}>
            {model}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => set({ evaluation: NO_MODEL })}>no model</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const BUTTON = {
  variant: "subtle",
  color: "gray",
  size: "compact-md",
  c: "var(--mp-text)",
  className: classes.button,
  rightSection: <IconChevronDown size={14} aria-hidden />,
} as const;
