import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` talks to a workspace started by `mispredict serve --port 8470`.
const SERVER = process.env.MISPREDICT_SERVER ?? "http://127.0.0.1:8470";

// Everything but Observable Plot, D3, and what draws with them.
const NOT_CHARTS = /^(?!.*(observablehq|[\\/](d3|internmap|isoformat|interval-tree)))/;

// The pages in files that a server gives as they are asked for.
const SERVED = {
  emptyOutDir: true,
  rolldownOptions: {
    output: {
      // What several screens share is one file; charts come later, when one is drawn.
      codeSplitting: { groups: [{ name: "common", minShareCount: 2, test: NOT_CHARTS }] },
    },
  },
};

// `vite build --mode export`: one script and one style sheet, which Python puts into a file.
const EXPORTED = {
  emptyOutDir: false, // it is built after the other
  copyPublicDir: false,
  cssCodeSplit: false,
  modulePreload: false as const,
  rolldownOptions: {
    input: "src/main.tsx",
    output: {
      format: "iife" as const,
      codeSplitting: false,
      entryFileNames: "export/app.js",
      assetFileNames: "export/app[extname]",
    },
  },
};

export default defineConfig(({ mode }) => ({
  base: "./", // the server may stand under a sub-path; <base href> says which
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: process.env.MISPREDICT_BUNDLE ?? "../src/mispredict/server/bundle",
    target: "es2022",
    chunkSizeWarningLimit: 2_000,
    ...(mode === "export" ? EXPORTED : SERVED),
  },
  server: { proxy: { "/api": SERVER, "/health": SERVER, "/version": SERVER } },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
}));
