/** Says that the server is gone, knocks until it is back, and then asks for everything again. */
import { Loader, Text } from "@mantine/core";
import { useEffect, useSyncExternalStore } from "react";
import { knock, reached, watchReach } from "@/api/client";
import { queryClient } from "@/api/queries";
import classes from "@/app/Connection.module.css";

const KNOCK_MS = 2_000;

export function Connection() {
  const isReached = useSyncExternalStore(watchReach, reached);

  useEffect(() => {
    if (isReached) return;
    const again = async () => {
      if (await knock()) void queryClient.invalidateQueries();
    };
    const timer = setInterval(() => void again(), KNOCK_MS);
    return () => clearInterval(timer);
  }, [isReached]);

  return (
    <div role="status" aria-live="polite">
      {!isReached && (
        <div className={classes.banner}>
          <Loader size={14} color="currentcolor" aria-hidden />
          <Text size="sm">
            <b>The workspace does not answer.</b> What you see may be old; this page goes on by
            itself as soon as <code>mispredict serve</code> runs again.
          </Text>
        </div>
      )}
    </div>
  );
}
