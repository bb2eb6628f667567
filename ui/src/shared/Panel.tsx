/** A titled part of a screen. `says` is the one sentence that the part tells. */
import { Group, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

interface PanelProps {
  title: string;
  says?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, says, actions, className, children }: PanelProps) {
  const id = useId();
  return (
    <section className={`mp-panel ${className ?? ""}`} aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" mb="sm" gap="sm">
        <div>
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
