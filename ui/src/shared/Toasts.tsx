import { Button, CloseButton, Group, Text } from "@mantine/core";
import classes from "@/shared/Toasts.module.css";
import { dismiss, useToasts } from "@/shared/toast";

/** The messages of `toast()`, read out politely as they come. */
export function Toasts() {
  const toasts = useToasts();
  return (
    <div className={classes.stack} role="status" aria-live="polite">
      {toasts.map(({ id, text, isFault, action }) => (
        <Group key={id} className={classes.toast} data-fault={isFault} wrap="nowrap" gap="xs">
          <Text size="sm">{text}</Text>
          {action && (
            <Button
              size="compact-sm"
              variant="light"
              flex="none"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <CloseButton size="sm" flex="none" aria-label="Dismiss" onClick={() => dismiss(id)} />
        </Group>
      ))}
    </div>
  );
}
