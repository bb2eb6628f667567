/** The way in where a token is asked for. */
import { Button, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { send } from "@/api/client";
import { queryClient } from "@/api/queries";
import { Failure } from "@/app/states";

export function SignIn() {
  const [token, setToken] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await send("POST", "session", { body: { token } });
      await queryClient.resetQueries();
    } catch (fault) {
      setError(fault);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Stack component="main" id="main" maw={400} mx="auto" px="md" pt="16vh" gap="md">
      <img src="./icon.svg" alt="" width={40} height={40} />
      <section className="mp-panel">
        <Title order={1}>Sign in to mispredict</Title>
        <Text size="sm" className="mp-soft" mb="md">
          This workspace is open to those who know its token. Whoever started{" "}
          <code>mispredict serve</code> has it.
        </Text>
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="sm">
            <PasswordInput
              label="Token"
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              autoComplete="current-password"
              required
              data-autofocus
            />
            {error !== null && <Failure error={error} />}
            <Button type="submit" loading={isBusy} disabled={token === ""}>
              Sign in
            </Button>
          </Stack>
        </form>
      </section>
    </Stack>
  );
}
