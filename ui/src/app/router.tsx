/** Which address shows which screen; screens are loaded when they are first asked for. */
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { exported } from "@/api/exported";
import { parseSearch, type Search, stringifySearch } from "@/app/address";
import { EvaluationFrame } from "@/app/EvaluationFrame";
import { Frame } from "@/app/Frame";
import { NotFound } from "@/app/NotFound";
import { patient } from "@/app/screensLoading";
import { Failure, Loading } from "@/app/states";

const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  errorComponent: ({ error }) => <Failure error={error} />,
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    const { model, dataset } = exported()?.about ?? {};
    if (!model || !dataset) return;
    throw redirect({ to: "/e/$model/$dataset/overview", params: { model, dataset } });
  },
  component: lazyRouteComponent(
    patient(() => import("@/screens/home/Home")),
    "Home",
  ),
});

const evaluation = createRoute({
  getParentRoute: () => root,
  path: "/e/$model/$dataset",
  component: EvaluationFrame,
});

const index = createRoute({
  getParentRoute: () => evaluation,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/e/$model/$dataset/overview", params });
  },
});

const overview = createRoute({
  getParentRoute: () => evaluation,
  path: "overview",
  component: lazyRouteComponent(
    patient(() => import("@/screens/overview/Overview")),
    "Overview",
  ),
});

const explore = createRoute({
  getParentRoute: () => evaluation,
  path: "explore",
  component: lazyRouteComponent(
    patient(() => import("@/screens/explore/Explore")),
    "Explore",
  ),
});

const row = createRoute({
  getParentRoute: () => evaluation,
  path: "row/$row",
  component: lazyRouteComponent(
    patient(() => import("@/screens/row/Row")),
    "Row",
  ),
});

const slices = createRoute({
  getParentRoute: () => evaluation,
  path: "slices",
  component: lazyRouteComponent(
    patient(() => import("@/screens/slices/Slices")),
    "Slices",
  ),
});

const priorities = createRoute({
  getParentRoute: () => evaluation,
  path: "priorities",
  component: lazyRouteComponent(
    patient(() => import("@/screens/priorities/Priorities")),
    "Priorities",
  ),
});

const tests = createRoute({
  getParentRoute: () => evaluation,
  path: "tests",
  component: lazyRouteComponent(
    patient(() => import("@/screens/tests/Tests")),
    "Tests",
  ),
});

const generate = createRoute({
  getParentRoute: () => evaluation,
  path: "generate",
  component: lazyRouteComponent(
    patient(() => import("@/screens/generate/Generate")),
    "Generate",
  ),
});

const compare = createRoute({
  getParentRoute: () => evaluation,
  path: "compare",
  component: lazyRouteComponent(
    patient(() => import("@/screens/compare/Compare")),
    "Compare",
  ),
});

const data = createRoute({
  getParentRoute: () => evaluation,
  path: "data",
  component: lazyRouteComponent(
    patient(() => import("@/screens/data/Data")),
    "Data",
  ),
});

const problems = createRoute({
  getParentRoute: () => evaluation,
  path: "problems",
  component: lazyRouteComponent(
    patient(() => import("@/screens/problems/Problems")),
    "Problems",
  ),
});

const allProblems = createRoute({
  getParentRoute: () => root,
  path: "/problems",
  component: lazyRouteComponent(
    patient(() => import("@/screens/problems/ProblemsPage")),
    "ProblemsPage",
  ),
});

const board = createRoute({
  getParentRoute: () => root,
  path: "/board/$dataset",
  component: lazyRouteComponent(
    patient(() => import("@/screens/compare/BoardPage")),
    "BoardPage",
  ),
});

const dataset = createRoute({
  getParentRoute: () => root,
  path: "/data/$dataset",
  component: lazyRouteComponent(
    patient(() => import("@/screens/data/DatasetPage")),
    "DatasetPage",
  ),
});

const tree = root.addChildren([
  home,
  dataset,
  board,
  allProblems,
  evaluation.addChildren([
    index,
    overview,
    explore,
    row,
    slices,
    priorities,
    tests,
    compare,
    data,
    generate,
    problems,
  ]),
]);

/**
 * The router, under the path that the server stands at (`<base href>`). In an export addresses
 * stand behind the #, since a file has one address.
 */
export function makeRouter() {
  const place = exported()
    ? { history: createHashHistory() }
    : { basepath: new URL(document.baseURI).pathname };
  return createRouter({
    routeTree: tree,
    ...place,
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultPendingComponent: () => <Loading />,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
