/** The frame of every page: sign-in where needed, then the page. */
import { Box } from "@mantine/core";
import { Outlet } from "@tanstack/react-router";
import { ApiError } from "@/api/client";
import { useSession } from "@/api/queries";
import { Connection } from "@/app/Connection";
import { SignIn } from "@/app/SignIn";
import { Failure, Loading } from "@/app/states";

export function Frame() {
  const session = useSession();
  if (session.isPending) return <Centred>{<Loading label="Opening the workspace" />}</Centred>;
  const isRefused = session.error instanceof ApiError && session.error.status === 401;
  if (session.isError && !isRefused) {
    return (
      <Centred>
        <Failure error={session.error} retry={() => void session.refetch()} />
        <Connection />
      </Centred>
    );
  }
  if (isRefused || (session.data?.token_required && !session.data.signed_in)) return <SignIn />;
  return (
    <>
      <button type="button" className="mp-skip" onClick={skip}>
        Skip to the content
      </button>
      <Outlet />
      <Connection />
    </>
  );
}

/** A link would name another page: addresses stand on <base href>. */
function skip() {
  const main = document.getElementById("main");
  main?.setAttribute("tabindex", "-1");
  main?.focus();
}

function Centred({ children }: { children: React.ReactNode }) {
  return (
    <Box maw={520} mx="auto" px="md" pt="15vh">
      {children}
    </Box>
  );
}
