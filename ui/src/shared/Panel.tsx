/** A titled part of a screen. `says` is the one sentence that the part tells. */
import { Group, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

interface PanelProps {
  title: string;
  says?: ReactNode;
  actions?: ReactNode;
  className?: string;
  name?: string; // to be shown by
  children: ReactNode;
}

export function Panel({ title, says, actions, className, name, children }: PanelProps) {
  const id = useId();
  return (
    <section
      id={name}
      tabIndex={name ? -1 : undefined}
      className={`mp-panel ${className ?? ""}`}
      aria-labelledby={id}
    >
      <Group justify="space-between" align="flex-start" mb="sm" gap="xs">
        <div className="mp-panel-head">
          <Title order={2} id={id}>
            {title}
          </Title>
          {says && (
            <Text size="sm" className="mp-soft">
              {says}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </section>
  );
}
