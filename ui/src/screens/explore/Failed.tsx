/** What stands in place of rows when the cohort of the address cannot be answered. */
import { Button, Stack, Text } from "@mantine/core";
import { ApiError } from "@/api/client";
import { Failure } from "@/app/states";

interface FailedProps {
  error: unknown;
  retry: () => void;
  onGo: (where: string) => void;
}

export function Failed({ error, retry, onGo }: FailedProps) {
  const isCohort = error instanceof ApiError && error.status === 400;
  return (
    <Stack align="center" pt="12vh" px="lg" gap="xs">
      {isCohort ? (
        <>
          <Text fw={600}>This cohort cannot be read</Text>
          <Text size="sm" className="mp-soft">
            The line above says where. Mend it there, or look at all rows.
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => onGo("")}>
            All rows
          </Button>
        </>
      ) : (
        <Failure error={error} retry={retry} />
      )}
    </Stack>
  );
}
