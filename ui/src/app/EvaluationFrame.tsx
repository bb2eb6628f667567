/** The frame of an evaluation: which one, its screens, the cohort that all of them look at. */
import { AppShell, Badge, Group, NavLink, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { Link, Outlet, useParams, useRouterState } from "@tanstack/react-router";
import { createContext, useContext, useEffect } from "react";
import { type Place, useFacts } from "@/api/queries";
import type { Facts } from "@/api/types";
import { one } from "@/app/address";
import classes from "@/app/EvaluationFrame.module.css";
import { EvaluationPicker } from "@/app/EvaluationPicker";
import { iconUrl } from "@/app/icon";
import { NoEvaluation } from "@/app/NoEvaluation";
import { Shortcuts } from "@/app/Shortcuts";
import { SCREENS, screensHere, searchOf } from "@/app/screens";
import { loadAhead } from "@/app/screensLoading";
import { Loading } from "@/app/states";
import { Tools } from "@/app/Tools";
import { useSearch } from "@/app/useSearch";
import { counted } from "@/shared/format";
import { Toasts } from "@/shared/Toasts";

export interface Here {
  place: Place;
  facts: Facts;
}

const HereContext = createContext<Here | null>(null);

/** For pages elsewhere that are about an evaluation too. */
export const HereProvider = HereContext.Provider;

/** The evaluation that the screen is about. */
export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error("useHere needs an EvaluationFrame around it");
  return here;
}

/** The evaluation, if the screen is about one. */
export function useMaybeHere(): Here | undefined {
  return useContext(HereContext) ?? undefined;
}

export function EvaluationFrame() {
  const place = useParams({ from: "/e/$model/$dataset" });
  const facts = useFacts(place);
  useEffect(loadAhead, []);
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 176, breakpoint: "sm" }} padding={0}>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Link to="/" className={classes.brand} aria-label="mispredict: all evaluations">
            <img src={iconUrl()} alt="" width={24} height={24} />
            <Text component="span" fw={700} visibleFrom="sm">
              mispredict
            </Text>
          </Link>
          <EvaluationPicker place={place} />
          {facts.data && <RowsBadge facts={facts.data} />}
          <Tools />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} p={8} visibleFrom="sm" aria-label="Screens">
        <Screens place={place} />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main} id="main">
        {facts.isPending && <Padded>{<Loading label="Opening the evaluation" />}</Padded>}
        {facts.isError && !facts.data && (
          <Padded>
            <NoEvaluation error={facts.error} retry={() => void facts.refetch()} />
          </Padded>
        )}
        {facts.data && (
          <HereContext.Provider value={{ place, facts: facts.data }}>
            <TitleOfPage facts={facts.data} />
            <Shortcuts place={place} />
            <Outlet />
            <Toasts />
          </HereContext.Provider>
        )}
      </AppShell.Main>
      <nav className={classes.tabs} aria-label="Screens">
        <Screens place={place} isNarrow />
      </nav>
    </AppShell>
  );
}

/** The links keep the cohort, so that every screen looks at the same rows. */
function Screens({ place, isNarrow = false }: { place: Place; isNarrow?: boolean }) {
  const { search } = useSearch();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const where = one(search, "where");
  useEffect(() => {
    if (!isNarrow || !path) return;
    const here = document.querySelector(`.${classes.tabs} [aria-current="page"]`);
    here?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [isNarrow, path]);
  return screensHere().map(({ name, title, icon: Icon, says, key }) => {
    const isHere = path.endsWith(`/${name}`) || (name === "explore" && /\/row\/[^/]*$/.test(path));
    const link = (
      <NavLink
        key={name}
        component={Link}
        to={`/e/$model/$dataset/${name}`}
        params={place as never}
        search={searchOf(name, where) as never}
        label={title}
        leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
        active={isHere}
        aria-current={isHere ? "page" : undefined}
        className={isNarrow ? classes.tab : classes.link}
      />
    );
    return isNarrow ? (
      link
    ) : (
      <Tooltip key={name} label={`${says} (g ${key})`} position="right" openDelay={500}>
        {link}
      </Tooltip>
    );
  });
}

function RowsBadge({ facts }: { facts: Facts }) {
  return (
    <Badge variant="light" color="gray" tt="none" fw={500} visibleFrom="md" c="var(--mp-soft)">
      {counted(facts.n, "row")} · {facts.task.kind}
    </Badge>
  );
}

function TitleOfPage({ facts }: { facts: Facts }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const screen = SCREENS.find(({ name }) => path.endsWith(`/${name}`))?.title ?? "Row";
  useEffect(() => {
    document.title = `${screen} · ${facts.ref} · mispredict`;
  }, [screen, facts.ref]);
  const isOwn =
    /\/(overview|slices|priorities|tests|compare|generate|data|problems|row\/[^/]*)\/?$/.test(path); // they have a heading that is seen
  return isOwn ? null : (
    <VisuallyHidden component="h1">{`${screen} of ${facts.ref}`}</VisuallyHidden>
  );
}

function Padded({ children }: { children: React.ReactNode }) {
  return <div className={classes.padded}>{children}</div>;
}
