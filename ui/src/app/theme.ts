/** The one place of colours, type and spacing; `theme.css` has what CSS alone can say. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const ink: MantineColorsTuple = [
  "#eef2fd",
  "#dbe3f9",
  "#b4c4f2",
  "#8aa3eb",
  "#6786e5",
  "#5174e1",
  "#3f66dd",
  "#2f55c7",
  "#274bb3",
  "#1b3f9e",
];

/** Wrong rows, everywhere and only there. */
const wrong: MantineColorsTuple = [
  "#fff0ea",
  "#fddfd4",
  "#f7bda8",
  "#f29878",
  "#ed7950",
  "#eb6537",
  "#d9531f",
  "#b9431a",
  "#a33a16",
  "#8a2f10",
];

/** Surfaces of the dark scheme: the same slate as the page's. */
const dark: MantineColorsTuple = [
  "#e6eaf1",
  "#c9d0dc",
  "#a1acbd",
  "#8793a6",
  "#394454",
  "#2c3542",
  "#222a35",
  "#1a202a",
  "#12161d",
  "#0d1015",
];

export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: { ink, wrong, dark },
  defaultRadius: "sm",
  cursorType: "pointer",
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Code", "SF Mono", Menlo, Consolas, monospace',
  headings: {
    fontWeight: "650",
    sizes: { h1: { fontSize: "1.35rem" }, h2: { fontSize: "1.05rem" } },
  },
  respectReducedMotion: true,
  components: {
    Drawer: {
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        attributes: { header: { role: "presentation" } },
      },
    },
    Modal: {
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        attributes: { header: { role: "presentation" } }, // the page has one banner
      },
    },
  },
});

/** Colours of charts, by meaning; both schemes keep 4.5:1 for text and 3:1 for marks. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mp-page": "#f6f7f9",
    "--mp-panel": "#ffffff",
    "--mp-line": "#e1e5eb",
    "--mp-text": "#1b2330",
    "--mp-soft": "#566173",
    "--mp-rows": "#7d93c9",
    "--mp-rows-all": "#dfe5f1",
    "--mp-selected": "#2f55c7",
    "--mp-wrong": "#c9481a",
    "--mp-wrong-soft": "#fbe3d9",
    "--mp-right": "#1a6558",
    "--mp-right-soft": "#dcefeb",
    "--mp-up": "#2f55c7",
    "--mp-down": "#a4366f",
    "--mp-mark": "#fff2c4",
    "--mp-hover": "#eef1f6",
  },
  dark: {
    "--mp-page": "#12161d",
    "--mp-panel": "#1a202a",
    "--mp-line": "#2c3542",
    "--mp-text": "#e6eaf1",
    "--mp-soft": "#a1acbd",
    "--mp-rows": "#6780c0",
    "--mp-rows-all": "#2a3446",
    "--mp-selected": "#8aa8ff",
    "--mp-wrong": "#ff8a5c",
    "--mp-wrong-soft": "#4a2a1e",
    "--mp-right": "#5cc4b2",
    "--mp-right-soft": "#1b3a36",
    "--mp-up": "#8aa8ff",
    "--mp-down": "#f08fc0",
    "--mp-mark": "#56481a",
    "--mp-hover": "#232b37",
  },
});

/** The nonce that the server's content-security policy allows styles by. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}
